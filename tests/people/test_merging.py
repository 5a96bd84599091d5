"""Two records of one person: everything that names one names the other, nothing is lost, and it can be taken back."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from app.access import unguarded, visible
from app.audit import AuditEntry, acting
from app.dates import today
from app.db import Base, ReasonMissing, db
from app.incidents.models import Incident
from app.merging import CannotMerge
from app.people.consent import effective_level
from app.people.keys import LEFT_ALONE, keys_to_a_person
from app.people.merging import choose_identity, merge_people, unmerge
from app.people.models import (
    CaseRole,
    Consent,
    Export,
    ExportedPerson,
    Person,
    PersonAlias,
    PersonIdentity,
    PersonLeadership,
    PersonMerge,
    PersonOrganisation,
    PersonRelation,
)
from app.proceedings.models import Accused
from app.protection.models import Beneficiary, Protection
from app.search import matching
from tests import factories

REASON = "Both told us of the same arrest"
COMES_AND_GOES = {"version", "updated_at", "updated_by_id"}
NOT_COMPARED = {"audit_entry", "audit_value", "person_merge", "form_token"}


def look(statement):
    return unguarded(statement, "the test looks")


def everything():
    """Every row of every table, but the trail and what counts changes."""
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name in NOT_COMPARED:
            continue
        columns = [column for column in table.columns if column.name not in COMES_AND_GOES]
        rows = db.session.execute(look(select(*columns))).mappings()
        found[table.name] = sorted((dict(row) for row in rows), key=str)
    return found


def merged(world, kept, gone, choices=None, reason=REASON):
    with acting(world.coordinator.id):
        merge = merge_people(world.coordinator, kept, gone, choices or {}, reason)
        db.session.commit()
    return merge


def taken_back(world, merge):
    with acting(world.coordinator.id):
        stayed = unmerge(world.coordinator, merge)
        db.session.commit()
    db.session.expire_all()
    return stayed


@pytest.fixture
def pair(world):
    """Heron, who stays, and Crane, who goes; each named by something in every table that names a person."""
    kept = factories.a_person(world.caseworker, pseudonym="Heron", legal_name="Quetzalina Zyx")
    gone = factories.a_person(world.colleague, pseudonym="Crane", legal_name="Quetzalina Zyxw", kind="FAMILY")
    third = factories.a_person(world.caseworker, pseudonym="Ibis")
    for person in (kept, gone):
        _name_in_every_table(world, person, third)
    kept.note, gone.note, gone.peoples = "Ours", "Theirs", ["QUE"]
    db.session.commit()
    return kept, gone


def _name_in_every_table(world, person, third):
    case = factories.a_case(world.south, world.caseworker, title=f"Case of {person.pseudonym}")
    factories.a_role(person, case)
    incident = factories.an_incident(world.caseworker, case=case, title=f"Incident of {person.pseudonym}")
    factories.a_victim(incident, person)
    proceeding = factories.a_proceeding(case, world.caseworker)
    proceeding.accused = [Accused(person=person)]
    factories.a_protection(case, world.caseworker, "RISK", person=person, group_label=None)
    measure = factories.a_protection(case, world.caseworker)
    measure.beneficiaries = [Beneficiary(person=person)]
    union = factories.an_organisation(f"Union of {person.pseudonym}", team=world.south)
    export = Export(kind="incidents", name="list.csv", rows=1)
    db.session.add_all(
        [
            export,
            Consent(person_id=person.id, purpose="ALL", level="C3", given_on=date(2024, 1, 1)),
            PersonAlias(person_id=person.id, name=f"Don {person.pseudonym}", name_folded=f"don {person.pseudonym}"),
            PersonLeadership(person_id=person.id, kind="COMMUNITY"),
            PersonOrganisation(person_id=person.id, organisation_id=union.id, kind="MEMBER"),
            PersonRelation(person_id=person.id, other_id=third.id, kind="PARENT"),
            PersonRelation(person_id=third.id, other_id=person.id, kind="COLLEAGUE"),
        ]
    )
    db.session.flush()
    db.session.add(ExportedPerson(export_id=export.id, person_id=person.id))
    db.session.commit()


def naming(person):
    """(table, column) of every row that names the person."""
    found = set()
    for model, key in keys_to_a_person():
        if db.session.scalars(look(select(model).where(getattr(model, key) == person.id))).first() is not None:
            found.add((model.__tablename__, key))
    return found


# --- what moves ----------------------------------------------------------------------------------


def test_every_key_to_a_person_is_known_and_stands_in_this_test(app, pair):
    """A table that names persons is found by itself; this test fails until it is tried here, too."""
    kept, gone = pair
    keys = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if table.name not in LEFT_ALONE and any(key.column is Person.__table__.c.id for key in column.foreign_keys)
    }

    assert {(model.__tablename__, key) for model, key in keys_to_a_person()} == keys
    assert naming(kept) == naming(gone) == keys


def test_what_named_one_names_the_other(world, pair):
    kept, gone = pair

    merged(world, kept, gone)

    assert naming(gone) == {("person_identity", "person_id")}  # both are kept until somebody chooses
    assert gone.is_withdrawn and gone.withdrawal_reason.endswith(f"{kept.reference}.")
    roles = db.session.scalars(look(select(CaseRole).where(CaseRole.person_id == kept.id))).all()
    assert len(roles) == 2


def test_incidents_are_found_by_the_pseudonym_that_stays(world, pair):
    kept, gone = pair
    merged(world, kept, gone)

    def found(text):
        rows = db.session.scalars(matching(visible(Incident, world.coordinator), Incident, text, world.coordinator))
        return {row.title_es for row in rows}

    assert found("heron incident") == {"Incident of Heron", "Incident of Crane"}
    people = db.session.scalars(matching(visible(Person, world.coordinator), Person, "crane", world.coordinator)).all()
    assert people == [kept]  # the other pseudonym is a further name now


def test_risks_and_measures_are_found_by_the_pseudonym_that_stays(world, pair):
    kept, gone = pair
    merged(world, kept, gone)

    def found(text):
        rows = db.session.scalars(matching(visible(Protection, world.coordinator), Protection, text, world.coordinator))
        return [row.kind for row in rows]

    assert sorted(found("heron")) == ["MEASURE", "MEASURE", "RISK", "RISK"]
    assert found("crane") == []


def test_taking_it_back_restores_every_row(world, pair):
    kept, gone = pair
    gone.consents[0].level = "C1"
    db.session.commit()
    before = everything()
    choices = {"pseudonym": "gone", "kind": "gone", "note": "both", "peoples": "both"}

    merge = merged(world, kept, gone, choices)
    assert (kept.pseudonym, kept.kind, kept.note, kept.peoples) == ("Crane", "FAMILY", "Ours\n\nTheirs", ["QUE"])
    assert everything() != before
    assert taken_back(world, merge) == 0

    after = everything()
    assert {table: rows for table, rows in after.items() if rows != before[table]} == {}


def test_what_was_added_later_stays_with_the_kept_one(world, pair):
    kept, gone = pair
    merge = merged(world, kept, gone, {"note": "both"})
    later = factories.a_case(world.south, world.caseworker, title="Later")
    factories.a_role(kept, later)
    kept.note = "Written later"
    moved = db.session.scalars(look(select(CaseRole).join(CaseRole.case).where(CaseRole.person_id == kept.id))).all()
    db.session.delete(next(role for role in moved if role.case.title_en == "Case of Crane"))
    db.session.commit()

    stayed = taken_back(world, merge)

    def cases_of(person):
        roles = db.session.scalars(look(select(CaseRole).where(CaseRole.person_id == person.id))).all()
        return {role.case.title_en for role in roles}

    assert stayed == 1  # the note that somebody has written anew
    assert cases_of(kept) == {"Case of Heron", "Later"} and cases_of(gone) == set()
    assert (kept.note, gone.note) == ("Written later", "Theirs")
    assert not gone.is_withdrawn


def test_merges_are_taken_back_last_first(world, pair):
    kept, gone = pair
    first = merged(world, kept, gone)
    third = factories.a_person(world.coordinator, pseudonym="Stork")
    second = merged(world, third, kept)

    with pytest.raises(CannotMerge):
        unmerge(world.coordinator, first)
    taken_back(world, second)
    taken_back(world, first)

    assert ("act", "person_id") in naming(gone) and ("act", "person_id") in naming(kept)
    assert naming(third) == set()


def test_a_tie_between_the_two_does_not_tie_one_to_itself(world, pair):
    kept, gone = pair
    db.session.add(PersonRelation(person_id=gone.id, other_id=kept.id, kind="SIBLING"))
    factories.a_role(gone, kept.case_roles[0].case)  # the same role in the same case
    before = everything()

    merge = merged(world, kept, gone)

    relations = db.session.scalars(look(select(PersonRelation))).all()
    assert not [one for one in relations if one.person_id == one.other_id]
    assert len(kept.case_roles) == 2
    taken_back(world, merge)
    assert everything() == before


# --- consent -------------------------------------------------------------------------------------

ANSWERS = [
    # (of the kept one), (of the one that goes), purpose, level that holds afterwards
    ([("UPR", "C4", 2024)], [("UPR", "C1", 2020)], "UPR", "C1"),
    ([("UPR", "C1", 2020)], [("UPR", "C4", 2024)], "UPR", "C1"),
    ([("ALL", "C1", 2024)], [("UPR", "C4", 2020)], "UPR", "C1"),
    ([("ALL", "C0", 2020)], [("UPR", "C3", 2024)], "UPR", "C0"),
    ([("ALL", "C3", 2020), ("UPR", "C1", 2021)], [("ALL", "C2", 2024)], "ALL", "C2"),
    ([("ALL", "C3", 2020), ("UPR", "C1", 2021)], [("ALL", "C2", 2024)], "UPR", "C1"),
    ([], [("UPR", "C4", 2024)], "UPR", "C4"),
    ([("ALL", "C2", 2024)], [], "UPR", "C2"),
    ([], [], "UPR", None),
]


@pytest.mark.parametrize(("ours", "theirs", "purpose", "level"), ANSWERS)
def test_the_stricter_answer_holds(app, world, ours, theirs, purpose, level):
    people = []
    for name, answers in (("Heron", ours), ("Crane", theirs)):
        person = factories.a_person(world.caseworker, pseudonym=name)
        person.consents = [Consent(purpose=one, level=what, given_on=date(year, 1, 1)) for one, what, year in answers]
        people.append(person)
    db.session.commit()
    before = everything()

    merge = merged(world, *people)

    assert effective_level(people[0], purpose, today()) == level
    assert len(people[0].consents) == len(ours) + len(theirs)
    taken_back(world, merge)
    assert everything() == before


# --- who it is -----------------------------------------------------------------------------------


def identities():
    statement = select(PersonIdentity.person_id, PersonIdentity.legal_name)
    return dict(db.session.execute(look(statement)).all())


def test_an_identity_goes_with_the_record_where_the_other_has_none(world):
    kept = factories.a_person(world.caseworker, pseudonym="Heron")
    gone = factories.a_person(world.caseworker, pseudonym="Crane", legal_name="Quetzalina Zyx")

    merged(world, kept, gone)

    assert identities() == {kept.id: "Quetzalina Zyx"}


def test_of_two_identities_one_is_chosen_and_none_is_lost(world, pair):
    kept, gone = pair
    before = everything()
    merge = merged(world, kept, gone)

    choose_identity(merge, "gone")
    db.session.commit()
    assert identities() == {kept.id: "Quetzalina Zyxw", gone.id: "Quetzalina Zyx"}

    taken_back(world, merge)
    after = everything()
    assert identities() == {kept.id: "Quetzalina Zyx", gone.id: "Quetzalina Zyxw"}
    assert {table for table in after if after[table] != before[table]} == set()


def test_a_look_up_by_either_legal_name_finds_the_record_that_stays(world, sign_in, pair):
    kept, gone = pair
    merged(world, kept, gone)

    values = {"name": "Quetzalina Zyxw", "reason": "A relative has called"}
    answer = sign_in(world.coordinator).post("/people/by-name", values)

    assert f"/people/{kept.reference}" in answer.text
    assert gone.reference not in answer.text


# --- by a person, with a reason ------------------------------------------------------------------


def test_it_is_refused_without_a_reason_and_across_teams(app, world, pair):
    kept, gone = pair
    theirs = factories.a_person(world.stranger, pseudonym="Stork")
    before = everything()

    for other, reason, problem in (
        (gone, "  same  ", ReasonMissing), (kept, REASON, CannotMerge), (theirs, REASON, CannotMerge),
    ):  # fmt: skip
        with pytest.raises(problem):
            merge_people(world.coordinator, kept, other, {}, reason)

    assert everything() == before


def test_a_coordinator_compares_chooses_and_takes_it_back(world, sign_in, pair):
    kept, gone = pair
    browser, address = sign_in(world.coordinator), f"/people/{kept.reference}/merge"

    compared = browser.get(f"{address}?with={gone.reference}").text
    assert "Theirs" in compared and "Quetzalina" not in compared
    assert "Both have an identity on record" in compared
    versions = dict(re.findall(r'name="(kept_version|gone_version)" value="(\d+)"', compared))
    values = {"with": gone.reference, **versions, "fact-note": "gone", "fact-kind": "kept"}
    refused = browser.post(address, {**values, "reason": "same"}, form_at=f"{address}?with={gone.reference}")
    assert refused.status_code == 400 and kept.note == "Ours"
    page = browser.post(address, {**values, "reason": REASON}, form_at=f"{address}?with={gone.reference}", follow=True)

    assert kept.note == "Theirs" and REASON in page.text
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "people_merged")).one()
    assert (entry.actor_id, entry.reference, entry.reason) == (world.coordinator.id, kept.reference, REASON)
    merge = db.session.scalars(look(select(PersonMerge))).one()
    browser.post(f"/people/{kept.reference}/unmerge/{merge.uid}", form_at=f"/people/{kept.reference}")
    db.session.expire_all()
    assert kept.note == "Ours" and not gone.is_withdrawn


def test_a_stale_comparison_is_looked_at_again(world, sign_in, pair):
    kept, gone = pair
    address = f"/people/{kept.reference}/merge"
    values = {"with": gone.reference, "kept_version": kept.version, "gone_version": gone.version - 1, "reason": REASON}

    answer = sign_in(world.coordinator).post(address, values, form_at=f"{address}?with={gone.reference}")

    assert answer.status_code == 400 and "Look again" in answer.text
    assert not gone.is_withdrawn


@pytest.mark.parametrize("who", ["caseworker", "colleague", "analyst", "stranger", "foreign_coordinator"])
def test_nobody_else_brings_records_together_or_apart(world, sign_in, pair, who):
    kept, gone = pair
    merge = merged(world, kept, gone)
    third = factories.a_person(world.caseworker, pseudonym="Stork")
    browser = sign_in(getattr(world, who))

    for address, values in (
        (f"/people/{kept.reference}/unmerge/{merge.uid}", {}),
        (f"/people/{kept.reference}/merge", {"with": third.reference, "reason": REASON}),
    ):
        assert browser.post(address, values, form_at="/profile").status_code in (403, 404)
    assert gone.is_withdrawn and not third.is_withdrawn


def test_the_old_address_leads_to_the_record_that_stays_for_who_sees_it(world, sign_in, pair):
    kept, gone = pair
    merged(world, kept, gone)

    answer = sign_in(world.caseworker).get(f"/people/{gone.reference}")
    assert answer.status_code == 302 and answer.location.endswith(kept.reference)
    for other in (world.stranger, world.foreign_coordinator):
        hidden = sign_in(other).get(f"/people/{gone.reference}")
        assert hidden.status_code == 404 and kept.reference not in hidden.text


def test_what_went_into_another_is_not_restored_by_itself(world, sign_in, pair):
    kept, gone = pair
    merged(world, kept, gone)

    answer = sign_in(world.colleague).post(f"/people/{gone.reference}/restore", form_at="/profile")

    assert answer.status_code == 409 and gone.is_withdrawn


def test_records_that_name_both_are_pointed_out(world, sign_in, pair):
    kept, gone = pair
    both = factories.an_incident(world.caseworker, case=kept.case_roles[0].case, title="Both in it")
    factories.a_victim(both, kept)
    factories.a_victim(both, gone)

    page = sign_in(world.coordinator).get(f"/people/{kept.reference}/merge?with={gone.reference}").text

    note = page[page.index("Both stand in the same record") :]
    assert both.reference in note
    assert len(re.findall(r"PER-I-\w{5}", note)) == 1


def test_who_may_reveal_chooses_between_two_identities_and_nobody_else_sees_them(world, sign_in, pair):
    kept, gone = pair
    merge = merged(world, kept, gone)
    page = f"/people/{kept.reference}"
    choose = f"{page}/identity/choose/{merge.uid}"
    browser = sign_in(world.coordinator)

    shown = browser.post(f"{page}/identity/show", {"reason": "The hearing is tomorrow"}, form_at=page)
    assert "Quetzalina Zyxw" in shown.text and "This one" in shown.text
    revealed = select(AuditEntry.reference).where(AuditEntry.deed == "identity_revealed")
    assert set(db.session.scalars(revealed)) == {kept.reference, gone.reference}
    for who in (world.analyst, world.stranger):
        assert sign_in(who).post(choose, {"choice": "gone"}, form_at="/profile").status_code in (403, 404)
    browser.post(choose, {"choice": "gone"}, form_at=page)

    assert identities() == {kept.id: "Quetzalina Zyxw", gone.id: "Quetzalina Zyx"}
    again = browser.post(f"{page}/identity/show", {"reason": "The hearing is tomorrow"}, form_at=page)
    assert "Quetzalina Zyxw" in again.text and "This one" not in again.text


def test_both_histories_can_be_told_after_a_merge(world, sign_in, pair):
    kept, gone = pair
    merge = merged(world, kept, gone, {"note": "both"})
    browser = sign_in(world.coordinator)

    assert (
        "brought another record of this person into this one" in browser.get(f"/people/{kept.reference}/history").text
    )
    taken_back(world, merge)

    for person in (kept, gone):
        assert browser.get(f"/people/{person.reference}/history").status_code == 200
