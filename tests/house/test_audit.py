"""The audit trail listens: every change leaves an entry in the same transaction, identity leaves no values."""

from sqlalchemy import select

from app.audit import AuditEntry, AuditValue, acting
from app.db import db
from tests import factories


def entries(**wanted):
    statement = select(AuditEntry).order_by(AuditEntry.id)
    for name, value in wanted.items():
        statement = statement.where(getattr(AuditEntry, name) == value)
    return db.session.scalars(statement).all()


def test_a_change_leaves_who_what_and_both_values(app, world):
    incident = factories.an_incident(world.caseworker, title="Before")

    with acting(world.colleague.id):
        incident.title_es = "After"
        db.session.commit()

    entry = entries(root_table="incident", deed="changed")[-1]
    assert (entry.actor_id, entry.reference, entry.columns) == (world.colleague.id, incident.reference, ["title_es"])
    assert [(value.column, value.old, value.new) for value in entry.values] == [("title_es", '"Before"', '"After"')]


def test_the_old_value_is_kept_even_when_the_row_was_expired(app, world):
    incident = factories.an_incident(world.caseworker, title="Before")
    db.session.expire(incident)

    incident.title_es = "After"
    db.session.commit()

    assert entries(root_table="incident", deed="changed")[-1].values[0].old == '"Before"'


def test_what_hangs_on_a_record_belongs_to_its_history(app, world):
    incident = factories.an_incident(world.caseworker)

    factories.a_victim(incident, group="Marchers")

    entry = entries(table_name="act")[-1]
    assert (entry.root_table, entry.root_id, entry.reference) == ("incident", incident.id, incident.reference)


def test_what_its_parent_lets_go_of_leaves_what_it_held(app, world):
    incident = factories.an_incident(world.caseworker)
    act = factories.a_victim(incident, group="Marchers", affected_least=28)
    db.session.expire_all()

    incident.acts.remove(act)
    db.session.commit()

    (entry,) = entries(table_name="act", deed="deleted")
    assert (entry.root_table, entry.root_id) == ("incident", incident.id)
    assert {(value.column, value.old) for value in entry.values} >= {
        ("group_label", '"Marchers"'),
        ("affected_least", "28"),
    }


def test_identity_leaves_the_name_of_the_column_and_no_value(app, world):
    factories.a_person(world.caseworker, legal_name="Quetzalina Zyx")

    (entry,) = entries(table_name="person_identity")
    assert "legal_name" in entry.columns
    assert not db.session.scalars(select(AuditValue.id).where(AuditValue.new.contains("Quetzalina"))).all()
    assert "Quetzalina" not in entry.digest


def test_one_transaction_one_number(app, world):
    incident = factories.an_incident(world.caseworker)
    incident.title_es = "One"
    db.session.flush()
    incident.title_en = "Two"
    db.session.commit()
    incident.title_es = "Three"
    db.session.commit()

    numbers = [entry.transaction_id for entry in entries(root_table="incident", deed="changed")]
    assert numbers[0] == numbers[1] != numbers[2]


def test_what_is_rolled_back_leaves_no_entry(app, world):
    incident = factories.an_incident(world.caseworker)
    before = len(entries())

    incident.title_es = "Never"
    db.session.flush()
    db.session.rollback()

    assert len(entries()) == before
