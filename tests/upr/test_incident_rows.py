"""What a row says: everything that is public already, little of all else."""

from datetime import date

import pytest

from app.dates import UncertainDate
from app.db import db
from app.organisations.models import Organisation, Project
from app.upr.columns import columns_of
from app.upr.incident_rows import VALUES
from tests import factories

LITTLE = {
    "incident_ref", "country_iso3", "event_year", "incident_type", "alleged_perpetrators", "verification_status",
    "already_public", "generalised_fields",
}  # fmt: skip
NOT_FILLED = {
    "un_communication_refs": "",
}  # fmt: skip


def test_every_filled_column_has_a_value_and_no_other():
    assert {column.name for column in columns_of("incidents") if column.is_filled} == set(VALUES)


def test_the_columns_are_those_of_the_specification(world, open_pack):
    header = open_pack(world.coordinator).file("incidents.csv").decode("utf-8-sig").splitlines()[0].split(",")

    assert len(header) == 51
    assert header[:3] == ["incident_ref", "case_ref", "country_iso3"]
    assert [header[number - 1] for number in (7, 12, 22, 38, 43, 48, 51)] == [
        "event_year", "incident_type", "alleged_perpetrators", "verification_status", "already_public",
        "generalised_fields", "record_version",
    ]  # fmt: skip
    assert header[36] == next(iter(NOT_FILLED))


def rich(leaving):
    """An incident with something in every part."""
    incident = leaving(
        consent="C3",
        main_type="LIFE.KILL_PROTEST",
        place_id=factories.a_place().id,
        sector="MINING",
        protest="YES",
        emergency="NO",
        summary_es="Un resumen público.",
        summary_en="A public summary.",
    )
    person = incident.acts[0].person
    person.gender, person.age_group = "TW", "ADULT"
    person.defender_groups, person.peoples = ["LAND", "ENVIRONMENTAL"], ["QUECHUA"]
    incident.acts[0].act_type = "PHYS.FORCE"
    incident.acts[0].affected_least, incident.acts[0].affected_most = 3, 5
    factories.a_perpetrator(incident, "PNP")
    factories.a_perpetrator(incident, "CONTRACTOR")
    factories.a_perpetrator(incident, "COMPANY")
    incident.companies.append(Organisation(name="Minera Ejemplo", name_folded="minera ejemplo"))
    incident.projects.append(Project(name="Proyecto Ejemplo", name_folded="proyecto ejemplo"))
    factories.a_source(incident, kind="PRESS", url="https://example.org/report")
    factories.a_source(incident, kind="WITNESS")
    return incident


def test_a_row_that_is_not_public_says_year_type_perpetrators_and_verification(world, leaving, open_pack):
    incident = rich(leaving)

    row = open_pack(world.coordinator).rows[incident.reference]

    told = {name: row[name] for name in LITTLE - {"generalised_fields"}}
    assert told == {
        "incident_ref": incident.reference,
        "country_iso3": "PER",
        "event_year": "2024",
        "incident_type": "LIFE.KILL_PROTEST",
        "alleged_perpetrators": "company|police",
        "verification_status": "verified",
        "already_public": "false",
    }
    rest = {name: value for name, value in row.items() if name not in LITTLE}
    assert {name: rest.pop(name) for name in NOT_FILLED} == NOT_FILLED
    assert set(rest.values()) == {"withheld", ""}
    assert row["generalised_fields"].split("|") == list(rest)
    blank = {name for name, value in rest.items() if not value}
    assert blank == {column.name for column in columns_of("incidents") if column.type != "string"} & set(rest)


def test_two_rows_that_are_not_public_differ_in_nothing_else(world, leaving, open_pack):
    rich(leaving)
    leaving()

    rows = open_pack(world.coordinator).rows.values()

    assert len({tuple(value for name, value in row.items() if name not in LITTLE) for row in rows}) == 1


def test_a_row_that_is_public_says_what_is_known(world, leaving, open_pack, make_public):
    incident = make_public(rich(leaving))

    row = open_pack(world.coordinator).rows[incident.reference]

    assert {name: row[name] for name in row if name not in LITTLE and name not in NOT_FILLED} == {
        "agreement_in_force": "unknown",
        "contract_refs": "",
        **dict.fromkeys(("complaint_filed", "investigation_status"), "unknown"),
        **dict.fromkeys(("protection_requested", "protection_granted"), "unknown"),
        **dict.fromkeys(("protection_body", "proceeding_refs", "uhri_themes", "rec_refs"), ""),
        "case_ref": incident.case.reference,
        "admin1_code": "PE-APU",
        "admin1_name": "Apurímac",
        "admin2_name": "Cotabambas",
        "event_month": "2024-05",
        "event_date": "2024-05-02",
        "date_precision": "day",
        "event_end_month": "",
        "incident_subtypes": "PHYS.FORCE",
        "persons_affected_min": "3",
        "persons_affected_max": "5",
        "affected_kind": "individual",
        "defender_groups": "environmental|land",
        "gender_of_affected": "women",
        "indigenous_or_rural_community": "yes",
        "minors_involved": "no",
        "rights_affected": row["rights_affected"],
        "attribution": "alleged",
        "sector": "mining",
        "project_name": "Proyecto Ejemplo",
        "company_names": "Minera Ejemplo",
        "protest_context": "true",
        "state_of_emergency": "false",
        "n_sources": "2",
        "source_kinds": "media|testimony",
        "identity_status": "anonymised",
        "name_published": "",
        "summary_es": "Un resumen público.",
        "summary_en": "A public summary.",
        "first_recorded": row["first_recorded"],
        "last_updated": row["last_updated"],
        "record_version": str(incident.version),
    }
    assert "life" in row["rights_affected"].split("|")
    assert row["generalised_fields"] == ""
    assert "QUECHUA" not in str(row)


def test_companies_and_projects_are_named_only_with_a_public_source(world, leaving, open_pack, make_public):
    incident = make_public(rich(leaving))
    for link in incident.source_links:
        link.source.url = None

    row = open_pack(world.coordinator).rows[incident.reference]

    assert (row["project_name"], row["company_names"]) == ("", "")


@pytest.mark.parametrize(
    ("genders", "exported"),
    [
        (["W"], "women"),
        (["TW", "W"], "women"),
        (["M", "TM"], "men"),
        (["NB"], "other"),
        (["W", "M"], "mixed"),
        (["W", None], "unknown"),
        (["COL"], "unknown"),
        (["W", "M", "U"], "mixed"),
    ],
)
def test_gender_leaves_as_the_list_says(world, leaving, open_pack, make_public, genders, exported):
    incident = make_public(leaving())
    incident.acts[0].person.gender = genders[0]
    for gender in genders[1:]:
        factories.a_victim(incident, factories.a_person(world.caseworker)).person.gender = gender

    assert open_pack(world.coordinator).rows[incident.reference]["gender_of_affected"] == exported


def test_minors_are_never_said_to_be_involved(world, leaving, open_pack, make_public):
    incident = make_public(leaving())
    incident.acts[0].person.age_group = "ADOL"

    row = open_pack(world.coordinator).rows[incident.reference]

    assert row["minors_involved"] == "withheld"
    assert row["generalised_fields"] == "minors_involved"


def test_a_group_is_a_group_and_its_gender_is_not_known(world, leaving, open_pack, make_public):
    incident = make_public(leaving())
    incident.acts[0].person.gender = "W"
    factories.a_victim(incident, group="Marchers", affected_least=28)

    row = open_pack(world.coordinator).rows[incident.reference]

    assert (row["affected_kind"], row["gender_of_affected"], row["persons_affected_min"]) == ("group", "unknown", "28")
    assert "Marchers" not in str(row)


@pytest.mark.parametrize(
    ("happened", "dates"),
    [
        (UncertainDate.in_month(2024, 3), ("2024", "2024-03", "", "", "month")),
        (UncertainDate.in_year(2024), ("2024", "", "", "", "year")),
        (UncertainDate.between(date(2024, 3, 5), date(2024, 4, 1)), ("2024", "2024-03", "", "2024-04", "range")),
        (UncertainDate.between(None, date(2024, 4, 1)), ("2024", "", "", "2024-04", "range")),
    ],
)
def test_no_date_is_more_exact_than_what_is_known(world, leaving, open_pack, make_public, happened, dates):
    incident = make_public(leaving())
    incident.happened = happened

    row = open_pack(world.coordinator).rows[incident.reference]

    names = ("event_year", "event_month", "event_date", "event_end_month", "date_precision")
    assert tuple(row[name] for name in names) == dates


# --- names ---------------------------------------------------------------------------------------


def named(world, incident, purpose="UPR", level="C4", name="Killa Ejemplo"):
    person = factories.a_person(world.caseworker, legal_name=name, consent=level, purpose=purpose)
    factories.a_victim(incident, person)
    return person


def reviewed(world):
    case = factories.a_case(world.south, world.caseworker)
    return factories.an_incident(world.caseworker, case=case, state="VERIFIED")


def test_names_are_printed_when_all_agreed_to_it_for_the_review(world, open_pack, make_public):
    incident = make_public(reviewed(world))
    named(world, incident)
    named(world, incident, name="Sumaq Ejemplo")

    row = open_pack(world.coordinator).rows[incident.reference]

    assert row["name_published"] == "Killa Ejemplo|Sumaq Ejemplo"
    assert row["identity_status"] == "named_by_consent"


@pytest.mark.parametrize(
    ("others", "public"),
    [
        ([{"level": "C3"}], True),
        ([{"purpose": "ALL"}], True),
        ([{"purpose": "PUBLICATION"}], True),
        ([], False),
    ],
)
def test_otherwise_no_name_is_printed(world, open_pack, make_public, others, public):
    incident = reviewed(world)
    if public:
        make_public(incident)
    named(world, incident)
    for other in others:
        named(world, incident, **other)

    pack = open_pack(world.coordinator)

    assert pack.rows[incident.reference]["name_published"] == ("" if public else "withheld")
    assert b"Ejemplo" not in pack.all_bytes


def test_a_public_figure_is_not_named_but_said_to_be_one(world, leaving, open_pack, make_public):
    incident = make_public(leaving())
    incident.acts[0].person.is_public_figure = True

    row = open_pack(world.coordinator).rows[incident.reference]

    assert (row["identity_status"], row["name_published"]) == ("public_figure_no_name", "")


def test_a_summary_that_holds_a_legal_name_is_withheld(world, open_pack, make_public):
    incident = make_public(reviewed(world))
    named(world, incident, level="C3", name="Killa Ejemplo Ñahui")
    incident.summary_es, incident.summary_en = "Golpearon a KILLA EJEMPLO NAHUI.", "A defender was beaten."

    pack = open_pack(world.coordinator)

    row = pack.rows[incident.reference]
    assert (row["summary_es"], row["summary_en"]) == ("withheld", "A defender was beaten.")
    assert row["generalised_fields"] == "summary_es"
    assert "name_in_summary" in pack.manifest["warnings"]


def test_missing_and_long_summaries_are_warned_of(world, leaving, open_pack, make_public):
    incident = make_public(leaving())
    incident.summary_es = "a" * 700
    leaving()  # says nothing anyway: no warning
    db.session.commit()

    pack = open_pack(world.coordinator)

    row = pack.rows[incident.reference]
    assert (len(row["summary_es"]), row["summary_en"]) == (600, "")
    assert pack.manifest["warnings"] == ["no_recommendations_imported", "missing_summary_en", "summary_shortened"]


def test_counts_without_a_name_are_those_of_the_persons(world, leaving, open_pack, make_public):
    incident = make_public(leaving())
    incident.acts[0].person.gender = "M"
    factories.a_victim(incident, affected_least=1, killed_least=1)

    row = open_pack(world.coordinator).rows[incident.reference]

    assert (row["affected_kind"], row["gender_of_affected"]) == ("individual", "men")
    factories.a_victim(incident, injured_least=2)
    row = open_pack(world.coordinator).rows[incident.reference]
    assert (row["affected_kind"], row["gender_of_affected"]) == ("group", "unknown")
