"""Which records leave as rows, and for which reason each of the others stays."""

from datetime import date, timedelta

import pytest

from app.access import visible
from app.dates import UncertainDate, today
from app.db import db, now
from app.people.models import Consent
from tests import factories

STATES = ("DRAFT", "SUBMITTED", "IN_REVIEW", "NEEDS_INFO", "UNVERIFIED", "CORROBORATED", "VERIFIED", "REJECTED")
FIRM = ("CORROBORATED", "VERIFIED")
NOBODY = "nobody"  # a record without persons
CONSENTS = (NOBODY, None, "C0", "C1", "C2", "C3", "C4")


def leaves(consent, public, state):
    """The rule, said once more in other words."""
    if state not in FIRM or consent in ("C0", "C1"):
        return False
    return public or consent in ("C3", "C4")


def test_every_consent_in_every_state_public_or_not(world, open_pack, make_public):
    case = factories.a_case(world.south, world.caseworker)
    expected = {}
    for consent in CONSENTS:
        person = None if consent == NOBODY else factories.a_person(world.caseworker, consent=consent)
        for state in STATES:
            for public in (False, True):
                incident = factories.an_incident(world.caseworker, case=case, state=state)
                if person:
                    factories.a_victim(incident, person)
                if public:
                    make_public(incident)
                expected[incident.reference] = leaves(consent, public, state)

    pack = open_pack(world.coordinator)

    assert set(pack.rows) == {reference for reference, out in expected.items() if out}
    firm = len(CONSENTS) * 2 * len(FIRM)
    assert pack.excluded == {"unverified": len(expected) - firm, "no_consent": firm - len(pack.rows)}
    assert pack.manifest["counts"]["matched"] == len(expected)


def reviewed(world, **values):
    case = factories.a_case(world.south, world.caseworker)
    return factories.an_incident(world.caseworker, **{"case": case, "state": "VERIFIED", **values})


def consenting(world, *rows):
    """A person with consents as (purpose, level, given, changes)."""
    person = factories.a_person(world.caseworker)
    for purpose, level, given, changes in rows:
        person.consents.append(Consent(purpose=purpose, level=level, given_on=given, **changes))
    db.session.commit()
    return person


LONG_AGO, LATER = date(2020, 1, 1), date(2021, 1, 1)


@pytest.mark.parametrize(
    ("rows", "out"),
    [
        ([("ALL", "C3", LONG_AGO, {})], True),
        ([("UPR", "C3", LONG_AGO, {}), ("ALL", "C2", LATER, {})], True),
        ([("UPR", "C3", LONG_AGO, {}), ("ALL", "C0", LATER, {})], False),
        ([("ALL", "C4", LONG_AGO, {}), ("UPR", "C2", LONG_AGO, {})], False),
        ([("UPR", "C2", LONG_AGO, {}), ("UPR", "C3", LATER, {})], True),
        ([("UPR", "C3", LONG_AGO, {"expires_on": LATER})], False),
        ([("UPR", "C3", LONG_AGO, {"withdrawn_on": LATER})], False),
        ([("UPR", "C3", LONG_AGO, {"withdrawn_on": LATER}), ("ALL", "C3", LONG_AGO, {})], True),
        ([("PUBLICATION", "C4", LONG_AGO, {})], False),
    ],
)
def test_the_latest_consent_for_the_review_holds_else_the_one_for_all(world, open_pack, rows, out):
    incident = reviewed(world)
    factories.a_victim(incident, consenting(world, *rows))

    assert (incident.reference in open_pack(world.coordinator).rows) is out


def test_the_weakest_of_all_persons_decides(world, open_pack):
    incident = reviewed(world)
    for consent in ("C4", "C3", "C2"):
        factories.a_victim(incident, factories.a_person(world.caseworker, consent=consent))

    assert open_pack(world.coordinator).excluded == {"no_consent": 1}


def test_a_refusal_holds_back_what_is_already_public(world, open_pack, make_public):
    incident = make_public(reviewed(world))
    factories.a_victim(incident, factories.a_person(world.caseworker, consent="C4"))
    factories.a_victim(incident, factories.a_person(world.caseworker, consent="C0"))

    assert open_pack(world.coordinator).excluded == {"no_consent": 1}


def test_withdrawn_undated_and_embargoed_records_are_counted(world, open_pack, make_public, tomorrow):
    make_public(reviewed(world)).withdrawn_at = now()
    make_public(reviewed(world, on=None))
    make_public(reviewed(world)).embargo_until = today()
    make_public(reviewed(world)).embargo_until = tomorrow
    free = make_public(reviewed(world))
    free.embargo_until = today() - timedelta(days=1)

    pack = open_pack(world.coordinator)

    assert set(pack.rows) == {free.reference}
    assert pack.excluded == {"withdrawn": 1, "undated": 1, "embargo": 2}


def test_of_several_reasons_one_is_counted(world, open_pack, tomorrow):
    incident = reviewed(world, state="DRAFT", on=None)
    incident.withdrawn_at, incident.embargo_until = now(), tomorrow

    pack = open_pack(world.coordinator)

    assert pack.excluded == {"withdrawn": 1}
    assert pack.manifest["counts"]["matched"] == 1


def test_other_periods_and_countries_are_outside(world, open_pack, make_public):
    make_public(reviewed(world, on=date(2023, 12, 31)))
    make_public(reviewed(world)).country = "GT"
    make_public(reviewed(world)).country = None

    assert open_pack(world.coordinator).manifest["counts"]["matched"] == 0


# --- other teams ---------------------------------------------------------------------------------


def of_another_team(world, confidentiality, make_public=None, **values):
    case = factories.a_case(world.north, world.stranger, confidentiality=confidentiality)
    incident = factories.an_incident(world.stranger, case=case, **{"state": "VERIFIED", **values})
    return make_public(incident) if make_public else incident


def test_what_another_team_keeps_is_outside_and_not_counted(world, open_pack, make_public):
    for confidentiality in ("RESTRICTED", "TEAM"):
        of_another_team(world, confidentiality, make_public)
    factories.an_incident(world.stranger, state="DRAFT")

    pack = open_pack(world.coordinator)

    assert pack.manifest["counts"]["matched"] == 0
    assert pack.rows == {}


def test_of_what_another_team_shares_only_the_public_leaves(world, open_pack, make_public):
    public = of_another_team(world, "NETWORK", make_public)
    factories.a_source(public, url="https://example.org/report")
    of_another_team(world, "NETWORK")
    refused = of_another_team(world, "NETWORK", make_public)
    factories.a_victim(refused, factories.a_person(world.stranger, consent="C0"))
    of_another_team(world, "NETWORK", make_public).withdrawn_at = now()

    pack = open_pack(world.coordinator)

    assert set(pack.rows) == {public.reference}
    assert pack.excluded == {"other_org": 2}
    row = pack.rows[public.reference]
    assert (row["n_sources"], row["source_kinds"]) == ("", "withheld")
    assert row["generalised_fields"].split("|") == [
        "admin2_name", "project_name", "company_names", "complaint_filed", "investigation_status",
        "protection_requested", "protection_granted", "protection_body", "n_sources", "source_kinds",
    ]  # fmt: skip


def test_a_caseworkers_role_in_another_team_is_no_right_to_export_there(world, open_pack, make_public):
    from app.accounts.models import Membership

    world.coordinator.memberships.append(Membership(team_id=world.north.id, role="CASEWORKER"))
    case = factories.a_case(world.north, world.coordinator)
    make_public(factories.an_incident(world.stranger, case=case, state="VERIFIED"))
    db.session.commit()
    world.coordinator.__dict__.pop("roles", None)

    from app.incidents.models import Incident

    assert len(db.session.scalars(visible(Incident, world.coordinator)).all()) == 1
    assert open_pack(world.coordinator).manifest["counts"]["matched"] == 0


# --- the period ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("happened", "placed"),
    [
        (UncertainDate.on(date(2024, 1, 1)), "inside"),
        (UncertainDate.on(date(2024, 12, 31)), "inside"),
        (UncertainDate.in_month(2024, 6), "inside"),
        (UncertainDate.in_year(2024), "inside"),
        (UncertainDate.between(date(2023, 12, 20), date(2024, 1, 3)), "flagged"),
        (UncertainDate.between(date(2023, 1, 1), date(2025, 12, 31)), "flagged"),
        (UncertainDate.between(date(2024, 6, 1), None), "flagged"),
        (UncertainDate.between(None, date(2024, 6, 1)), "flagged"),
        (UncertainDate.between(date(2003, 6, 1), None), "outside"),
        (UncertainDate.between(None, date(2025, 6, 1)), "outside"),
        (UncertainDate.on(date(2025, 1, 1)), "outside"),
        (UncertainDate.in_year(2023), "outside"),
        (UncertainDate(None, date(2024, 6, 1), "UNKNOWN", "reported in June"), "undated"),
        (UncertainDate(None, date(2023, 6, 1), "UNKNOWN", "reported in June"), "outside"),
        (UncertainDate(), "undated"),
    ],
)
def test_an_event_counts_when_its_interval_lies_in_the_period(world, open_pack, make_public, happened, placed):
    incident = make_public(reviewed(world))
    incident.happened = happened

    pack = open_pack(world.coordinator)

    assert (incident.reference in pack.rows) == (placed in ("inside", "flagged"))
    assert (pack.manifest["flagged"] == [incident.reference]) == (placed == "flagged")
    assert pack.excluded == ({"undated": 1} if placed == "undated" else {})


def test_a_month_that_the_period_cuts_counts_and_is_flagged(world, open_pack, make_public):
    incident = make_public(reviewed(world))
    incident.happened = UncertainDate.in_month(2022, 7)

    pack = open_pack(world.coordinator, date(2022, 7, 15), date(2024, 12, 31))

    assert pack.manifest["flagged"] == [incident.reference]
    assert pack.rows[incident.reference]["event_month"] == "2022-07"
