"""A query on protected rows that was not built by `visible()` raises, whichever way it is written."""

import pytest
from sqlalchemy import delete, exists, func, select, union, update
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from app import access
from app.access import UncheckedQuery, visible
from app.cases.models import Case, TimelineEntry
from app.db import db
from app.incidents.models import Act, Incident
from app.people.models import PersonIdentity
from tests import factories

WAYS_AROUND = {
    "a plain select": lambda: db.session.scalars(select(Incident)).all(),
    "a single column": lambda: db.session.scalars(select(Incident.title_es)).all(),
    "a count": lambda: db.session.scalar(select(func.count()).select_from(Incident)),
    "a count of a subquery": lambda: db.session.scalar(
        select(func.count()).select_from(select(Incident.id).subquery())
    ),
    "exists": lambda: db.session.scalar(select(exists(select(Incident.id)))),
    "a scalar subquery": lambda: db.session.scalars(select(select(Incident.id).limit(1).scalar_subquery())).all(),
    "has, from a table that is open": lambda: db.session.scalars(
        select(factories.Place).where(factories.Place.id.in_(select(Incident.place_id)))
    ).all(),
    "the table itself": lambda: db.session.execute(select(Incident.__table__)).all(),
    "a connection": lambda: db.session.connection().execute(select(Incident.__table__)).all(),
    "the engine": lambda: db.engine.connect().execute(select(Incident.__table__)),
    "a union": lambda: db.session.execute(union(select(Incident.id), select(Case.id))).all(),
    "a common table expression": lambda: db.session.execute(select(select(Incident.id).cte())).all(),
    "an alias": lambda: db.session.scalars(select(aliased(Incident))).all(),
    "get by number": lambda: db.session.get(Incident, 1),
    "the old query": lambda: db.session.query(Incident).count(),
    "an update": lambda: db.session.execute(update(Incident).values(title_es="x")),
    "a delete": lambda: db.session.execute(delete(Incident)),
    "what hangs on it": lambda: db.session.scalars(select(Act)).all(),
    "an identity": lambda: db.session.scalars(select(PersonIdentity.legal_name)).all(),
    "a timeline": lambda: db.session.scalars(select(TimelineEntry)).all(),
    "an eager load": lambda: db.session.scalars(select(Incident).options(selectinload(Incident.acts))).all(),
    "a joined load": lambda: db.session.scalars(select(Act).options(joinedload(Act.incident))).all(),
    "another session": lambda: Session(db.engine).scalars(select(Incident)).all(),
}


@pytest.mark.parametrize("way", WAYS_AROUND)
def test_a_query_without_visible_raises(app, world, way):
    factories.an_incident(world.caseworker)
    db.session.expunge_all()

    with pytest.raises(UncheckedQuery):
        WAYS_AROUND[way]()


def test_visible_lets_through_what_the_user_sees_and_counts_the_same(app, world):
    mine = factories.an_incident(world.caseworker, title="Mine")
    factories.an_incident(world.stranger, title="Another team's")

    statement = visible(Incident, world.caseworker)

    assert db.session.scalars(statement).all() == [mine]
    assert access.count(statement) == 1


def test_what_hangs_on_a_visible_row_can_be_followed(app, world):
    incident = factories.an_incident(world.caseworker)
    factories.a_victim(incident, group="Marchers", affected_least=28)
    db.session.expunge(incident)

    found = db.session.scalars(visible(Incident, world.caseworker)).one()

    assert [act.group_label for act in found.acts] == ["Marchers"]


def test_after_a_failed_flush_the_guard_still_stands(app, world):
    incident = factories.an_incident(world.caseworker)
    incident.state = "NO SUCH"
    with pytest.raises(Exception, match="(?i)check|constraint"):
        db.session.flush()
    db.session.rollback()

    with pytest.raises(UncheckedQuery):
        db.session.scalars(select(Incident)).all()
