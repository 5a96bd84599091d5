"""Organisations and projects recorded twice: whatever names one names the other, and it can be taken apart again."""

import re

import pytest
from sqlalchemy import select

from app.access import unguarded, visible
from app.audit import AuditEntry, acting
from app.contracts.links import TransparencyRequest
from app.db import Base, ReasonMissing, db
from app.incidents.models import Incident, IncidentCompany, IncidentProject
from app.merging import CannotMerge
from app.organisations.merging import LEFT_ALONE, NAMES, keys_of, keys_that_move, merge_records, unmerge_records
from app.organisations.models import (
    Organisation,
    OrganisationAlias,
    OrganisationMerge,
    Project,
    ProjectCompany,
    ProjectMerge,
    ProjectPlace,
)
from app.organisations.queries import organisation_named, project_named
from app.people.models import PersonLeadership, PersonOrganisation
from app.places.models import DISTRICT, Place
from app.protection.models import Recipient
from app.search import matching
from tests import factories

REASON = "Both letters bear the same tax number"
COMES_AND_GOES = {"version", "updated_at", "updated_by_id"}
NOT_COMPARED = {"audit_entry", "audit_value", "organisation_merge", "project_merge", "form_token", "sign_in"}


def look(statement):
    return unguarded(statement, "the test looks")


def everything():
    """Every row of every table, but the trail and what counts changes."""
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in NOT_COMPARED:
            columns = [column for column in table.columns if column.name not in COMES_AND_GOES]
            rows = db.session.execute(look(select(*columns))).mappings()
            found[table.name] = sorted((dict(row) for row in rows), key=str)
    return found


def of_the_pack(key, model=Organisation):
    return db.session.scalars(look(select(model).where(model.external_id == key))).one()


def merged(world, kept, gone, choices=None, reason=REASON, by="coordinator"):
    user = getattr(world, by)
    with acting(user.id):
        merge = merge_records(user, kept, gone, choices or {}, reason)
        db.session.commit()
    return merge


def taken_back(world, merge, by="coordinator"):
    user = getattr(world, by)
    with acting(user.id):
        stayed = unmerge_records(user, merge)
        db.session.commit()
    db.session.expire_all()
    return stayed


def a_company(world, name, *aliases, team=None, **values):
    company = factories.an_organisation(name, team=team or world.south, **values)
    company.set_aliases(list(aliases))
    db.session.commit()
    return company


def a_project(world, name, *aliases, team=None, **values):
    project = Project(team_id=(team or world.south).id, **values)
    project.rename(name)
    project.set_aliases(list(aliases))
    db.session.add(project)
    db.session.commit()
    return project


def _name_the_company(world, company):
    """By something in every table that names organisations."""
    case = factories.a_case(world.south, world.caseworker, title=f"Case of {company.name}")
    person = factories.a_person(world.caseworker, pseudonym=f"Friend of {company.name}")
    incident = factories.an_incident(world.caseworker, case=case, title=f"Incident of {company.name}")
    incident.companies.append(company)
    factories.a_perpetrator(incident, organisation=company)
    proceeding = factories.a_proceeding(case, world.caseworker)
    proceeding.court = proceeding.prosecutor = proceeding.complainant = company
    measure = factories.a_protection(case, world.caseworker)
    measure.body = company
    measure.recipients.append(Recipient(organisation=company))
    factories.a_contract(world.caseworker, company=company)
    project = a_project(world, f"Mine of {company.name}", companies=[company])
    child = a_company(world, f"Child of {company.name}", parent=company)
    db.session.add_all(
        [
            TransparencyRequest(team_id=world.south.id, subject="The contract", body=company),
            PersonLeadership(person_id=person.id, kind="COMMUNITY", organisation_id=company.id),
            PersonOrganisation(person_id=person.id, organisation_id=company.id, kind="MEMBER"),
        ]
    )
    db.session.commit()
    return incident, project, child


@pytest.fixture
def pair(world):
    """Las Bambas twice, each named by something in every table that names an organisation."""
    kept = a_company(world, "Consorcio Quebrada", "Quebrada", note="Ours", country="PE")
    gone = a_company(world, "Quebrada Copper", "QUEBRADA", "Cobre Quebrada", note="Theirs", parent_name="Quebrada plc")
    for company in (kept, gone):
        _name_the_company(world, company)
    return kept, gone


@pytest.fixture
def projects(world):
    kept, gone = (
        a_project(world, "Quebrada", "Mina Quebrada"),
        a_project(world, "La Quebrada", "Lado norte", sector="MINING"),
    )
    districts = db.session.scalars(select(Place).where(Place.level == DISTRICT).limit(3)).all()
    kept.places, gone.places = list(districts[:2]), list(districts[1:])
    company = a_company(world, "Consorcio Quebrada")
    kept.companies, gone.companies = [company], [company, a_company(world, "Another Owner")]
    for project in (kept, gone):
        case = factories.a_case(world.south, world.caseworker, title=f"Case of {project.name}")
        factories.an_incident(world.caseworker, case=case, title=f"Incident of {project.name}").projects.append(project)
        factories.a_contract(world.caseworker).projects.append(project)
    db.session.commit()
    return kept, gone


def naming(record):
    """(table, column) of every row that names the record."""
    return {
        (model.__tablename__, key)
        for model, key in keys_of(type(record))
        if db.session.execute(look(select(model.__table__).where(model.__table__.c[key] == record.id))).first()
    }


# --- what moves ----------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["pair", "projects"])
def test_every_key_is_known_and_stands_in_this_test(request, app, world, which):
    """A table that names organisations or projects is found by itself; this fails until it is tried here, too."""
    kept, gone = request.getfixturevalue(which)
    root = type(kept).__table__
    keys = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if table.name not in LEFT_ALONE and any(key.column is root.c.id for key in column.foreign_keys)
    }

    assert {(model.__tablename__, key) for model, key in keys_of(type(kept))} == keys
    assert naming(kept) == naming(gone) == keys


def test_what_named_one_company_names_the_other_and_it_is_as_it_was_when_taken_back(world, pair):
    kept, gone = pair
    before, named = everything(), naming(gone)

    merge = merged(world, kept, gone, {"note": "both", "parent": "gone", "kind": "kept"})

    assert naming(gone) == {one for one in named if one[0] in NAMES}
    assert (kept.note, kept.parent_name, kept.country) == ("Ours\n\nTheirs", "Quebrada plc", "PE")
    assert kept.names == ["Consorcio Quebrada", "Quebrada", "Quebrada Copper", "Cobre Quebrada"]
    assert gone.is_withdrawn and kept.reference in gone.withdrawal_reason
    assert taken_back(world, merge) == 0
    assert everything() == before


def test_projects_move_with_their_companies_and_districts_each_once(world, projects):
    kept, gone = projects
    before = everything()

    merge = merged(world, kept, gone, {"sector": "gone", "name": "gone"})

    assert kept.name == "La Quebrada" and kept.sector == "MINING"
    assert sorted(kept.names) == ["La Quebrada", "Lado norte", "Mina Quebrada", "Quebrada"]
    assert len(kept.places) == 3 and sorted(each.name for each in kept.companies) == [
        "Another Owner",
        "Consorcio Quebrada",
    ]
    assert naming(gone) == {("project_alias", "project_id")}
    assert project_named(world.caseworker, "Quebrada") is kept
    assert taken_back(world, merge) == 0
    assert everything() == before


def test_an_incident_and_a_project_that_named_both_name_the_one_once(world, pair):
    kept, gone = pair
    both = factories.an_incident(world.caseworker, title="Both in it")
    both.company_links = [IncidentCompany(organisation=each, position=n) for n, each in enumerate([kept, gone])]
    mine = a_project(world, "Mine of both", companies=[kept, gone])
    db.session.commit()
    before = everything()

    merge = merged(world, kept, gone)

    assert both.companies == [kept] and mine.companies == [kept]
    links = select(IncidentCompany).where(IncidentCompany.incident_id == both.id)
    assert len(db.session.scalars(look(links)).all()) == 1
    taken_back(world, merge)
    assert everything() == before


def test_what_was_changed_since_stays(world, pair):
    kept, gone = pair
    merge = merged(world, kept, gone, {"note": "gone"})
    kept.note = "Newer"
    moved = db.session.scalars(look(select(Incident).where(Incident.companies.contains(kept)))).unique().all()[-1]
    moved.companies.clear()
    db.session.commit()

    stayed = taken_back(world, merge)

    assert stayed == 1 and kept.note == "Newer"
    assert moved.companies == [] and not gone.is_withdrawn


def test_search_follows_in_every_room(world, pair):
    kept, gone = pair

    def found(words):
        incidents = matching(visible(Incident, world.coordinator), Incident, words, world.coordinator)
        return len(db.session.scalars(incidents).all())

    assert (found("consorcio"), found("cobre")) == (1, 1)
    merge = merged(world, kept, gone)
    assert (found("consorcio"), found("cobre")) == (2, 2)
    taken_back(world, merge)
    assert (found("consorcio"), found("cobre")) == (1, 1)


# --- what came with the pack ---------------------------------------------------------------------


def test_a_pack_record_stays_as_it_is_and_the_names_are_the_teams_alone(world, pair, sign_in):
    pack, (_kept, gone) = of_the_pack("MMG"), pair
    before, stood, version = everything(), (pack.name, pack.note, pack.parent_name), pack.version

    merge = merged(world, pack, gone, {"name": "gone", "note": "gone", "parent": "gone"})

    assert (pack.name, pack.note, pack.parent_name) == stood and pack.version == version
    assert organisation_named(world.caseworker, "Cobre Quebrada") is pack
    assert organisation_named(world.stranger, "Cobre Quebrada") is None
    theirs = sign_in(world.stranger).get(f"/organisations/{pack.reference}").text
    assert "Quebrada" not in theirs and gone.reference not in theirs and REASON not in theirs
    ours = sign_in(world.caseworker).get(f"/organisations/{pack.reference}").text
    assert "Cobre Quebrada" in ours and gone.reference in ours
    taken_back(world, merge)
    assert everything() == before


def test_each_team_takes_its_own_back_from_a_pack_record(world):
    pack = of_the_pack("MMG")
    ours = merged(world, pack, a_company(world, "Quebrada", "Cerro"))
    theirs = merged(world, pack, a_company(world, "Quebrada", team=world.north), by="foreign_coordinator")

    taken_back(world, ours)

    assert organisation_named(world.stranger, "Quebrada") is pack
    assert organisation_named(world.caseworker, "Cerro") is not pack
    assert theirs.undone_at is None


# --- what is refused -----------------------------------------------------------------------------


def test_what_cannot_go_together_is_refused_and_nothing_changes(world, pair):
    kept, gone = pair
    pack, other, theirs = of_the_pack("MMG"), of_the_pack("HUDBAY"), a_company(world, "Abroad", team=world.north)
    withdrawn = a_company(world, "Gone before")
    withdrawn.withdraw(world.coordinator.id, "A mistake")
    db.session.commit()
    before = everything()

    for one, two, reason, problem in (
        (kept, kept, REASON, CannotMerge),
        (kept, theirs, REASON, CannotMerge),
        (kept, withdrawn, REASON, CannotMerge),
        (withdrawn, gone, REASON, CannotMerge),
        (kept, pack, REASON, CannotMerge),
        (pack, other, REASON, CannotMerge),
        (kept, gone, "  same  ", ReasonMissing),
    ):
        with pytest.raises(problem):
            merge_records(world.coordinator, one, two, {}, reason)

    assert everything() == before


def test_owner_and_owned_can_be_one_but_no_ring_comes_of_it(world):
    top = a_company(world, "Top")
    middle = a_company(world, "Middle", parent=top)
    low = a_company(world, "Low", parent=middle)

    with pytest.raises(CannotMerge, match="Middle"):
        merge_records(world.coordinator, low, top, {}, REASON)
    merge = merged(world, low, middle)

    assert low.parent is top
    taken_back(world, merge)
    assert low.parent is middle and middle.parent is top


def test_a_later_one_is_taken_back_first(world, pair):
    kept, gone = pair
    first = merged(world, kept, gone)
    merged(world, kept, a_company(world, "A third"))

    with pytest.raises(CannotMerge):
        unmerge_records(world.coordinator, first)


# --- on the pages --------------------------------------------------------------------------------


def test_a_coordinator_is_told_compares_chooses_and_takes_it_back(world, sign_in, pair):
    kept, gone = pair
    browser, page = sign_in(world.coordinator), f"/organisations/{kept.reference}"
    address = f"{page}/merge?with={gone.reference}"

    assert "Could be the same as" in browser.get(page).text
    compared = browser.get(address).text
    assert "Theirs" in compared and "Cobre Quebrada" in compared
    versions = dict(re.findall(r'name="(kept_version|gone_version)" value="(\d+)"', compared))
    values = {"with": gone.reference, **versions, "fact-note": "gone", "reason": REASON}
    refused = browser.post(f"{page}/merge", {**values, "reason": "same"}, form_at=address)
    stale = browser.post(f"{page}/merge", {**values, "gone_version": "99"}, form_at=address)
    assert refused.status_code == stale.status_code == 400 and "Look again" in stale.text and kept.note == "Ours"
    shown = browser.post(f"{page}/merge", values, form_at=address, follow=True)

    assert kept.note == "Theirs" and REASON in shown.text
    history = browser.get(f"{page}/history").text
    assert "brought another record of it into this one" in history and REASON in history
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "organisations_merged")).one()
    assert (entry.actor_id, entry.reference, entry.reason) == (world.coordinator.id, kept.reference, REASON)
    merge = db.session.scalars(look(select(OrganisationMerge))).one()
    browser.post(f"{page}/unmerge/{merge.uid}", form_at=page)
    db.session.expire_all()
    assert kept.note == "Ours" and not gone.is_withdrawn
    assert "took back that another record had gone into this one" in browser.get(f"{page}/history").text
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "organisations_unmerged")).one()


def test_the_page_of_a_project_does_the_same(world, sign_in, projects):
    kept, gone = projects
    browser, page = sign_in(world.coordinator), f"/organisations/projects/{kept.reference}"
    versions = {"kept_version": kept.version, "gone_version": gone.version}

    browser.post(f"{page}/merge", {"with": gone.reference, **versions, "reason": REASON}, form_at="/profile")
    merge = db.session.scalars(look(select(ProjectMerge))).one()

    assert gone.reference in browser.get(page).text
    assert browser.get(f"/organisations/projects/{gone.reference}").location.endswith(page)
    browser.post(f"{page}/unmerge/{merge.uid}", form_at=page)
    db.session.expire_all()
    assert not gone.is_withdrawn
    assert db.session.scalars(look(select(IncidentProject).where(IncidentProject.project_id == gone.id))).one()
    assert db.session.scalars(select(ProjectCompany).where(ProjectCompany.project_id == gone.id)).all()
    assert db.session.scalars(select(ProjectPlace).where(ProjectPlace.project_id == gone.id)).all()


def test_from_its_own_page_a_record_goes_into_that_of_the_pack(world, sign_in, pair):
    pack, (kept, _gone) = of_the_pack("MMG"), pair

    answer = sign_in(world.coordinator).get(f"/organisations/{kept.reference}/merge?with={pack.reference}")

    assert answer.status_code == 302
    assert answer.location.endswith(f"/{pack.reference}/merge?with={kept.reference}")


def test_the_old_address_and_reference_lead_to_the_record_that_stays(world, sign_in, pair):
    kept, gone = pair
    merged(world, kept, gone)
    browser = sign_in(world.caseworker)

    assert browser.get(f"/organisations/{gone.reference}").location.endswith(kept.reference)
    assert organisation_named(world.caseworker, f"Quebrada Copper ({gone.reference})") is kept
    assert sign_in(world.stranger).get(f"/organisations/{gone.reference}").status_code == 404
    assert browser.get(f"/organisations/{gone.reference}/edit").status_code in (403, 409)
    assert browser.get("/organisations/?text=quebrada").text.count(gone.reference) == 0


def test_to_another_team_a_merged_reference_is_like_one_that_never_was(world, pair):
    _kept, gone = pair
    merged(world, pack := of_the_pack("MMG"), gone)

    assert organisation_named(world.caseworker, gone.reference) is pack
    assert organisation_named(world.stranger, gone.reference) is None


@pytest.mark.parametrize("who", ["caseworker", "colleague", "analyst", "stranger", "foreign_coordinator"])
def test_nobody_else_brings_records_together_or_apart(world, sign_in, pair, who):
    kept, gone = pair
    pack, third = of_the_pack("MMG"), a_company(world, "A third")
    merge = merged(world, kept, gone)
    browser = sign_in(getattr(world, who))

    for address, values in (
        (f"/organisations/{kept.reference}/unmerge/{merge.uid}", {}),
        (f"/organisations/{kept.reference}/merge", {"with": third.reference, "reason": REASON}),
        (f"/organisations/{pack.reference}/merge", {"with": third.reference, "reason": REASON}),
    ):
        assert browser.post(address, values, form_at="/profile").status_code in (400, 403, 404)
    assert gone.is_withdrawn and not third.is_withdrawn
    assert "Could be the same as" not in browser.get(f"/organisations/{pack.reference}").text


def test_near_names_of_another_team_are_not_hinted_at(world, sign_in):
    kept = a_company(world, "Consorcio Quebrada")
    theirs = a_company(world, "Consorcio Quebrada SA", team=world.north)

    assert theirs.reference not in sign_in(world.coordinator).get(f"/organisations/{kept.reference}").text


def test_every_table_of_names_keeps_those_of_the_record_that_goes(world, pair):
    kept, gone = pair
    merged(world, kept, gone)

    names = select(OrganisationAlias.name).where(OrganisationAlias.organisation_id == gone.id)
    assert set(db.session.scalars(look(names))) == {"QUEBRADA", "Cobre Quebrada"}
    assert {model.__tablename__ for model, _key in keys_that_move(Organisation)}.isdisjoint(NAMES | LEFT_ALONE)
