"""The files of a pack: the same each time, inert, explained, and without a trace of anybody."""

import hashlib
import json
import re
import zipfile
from datetime import date

import pytest

from app.commands import MIGRATIONS
from app.db import db
from app.organisations.models import Organisation
from app.people.models import PersonIdentity
from app.tabular import unguarded_cell
from app.upr.columns import columns_of
from app.upr.pack import zipped
from tests import factories

RECORDS = ["incidents.csv", "proceedings.csv", "contracts.csv", "recommendations.csv", "links.csv", "sources.csv"]
SUMS = [f"tables/t{number:02}.csv" for number in range(1, 12)]
TABLES = [*RECORDS, *SUMS, "codebook.csv"]
ANNEXES = ["annex_es.docx", "annex_en.docx"]
FILES = ["README.txt", *TABLES, *ANNEXES, "datapackage.json", "manifest.json", "SHA256SUMS"]


def newest_revision():
    return max(path.name for path in (MIGRATIONS / "versions").glob("0*.py"))[:4]


def test_two_runs_give_the_same_tables(world, leaving, open_pack, make_public):
    for _number in range(3):
        leaving()
        make_public(leaving())

    first, second = open_pack(world.coordinator), open_pack(world.coordinator)

    assert first.file("incidents.csv") == second.file("incidents.csv")
    assert first.file("codebook.csv") == second.file("codebook.csv")
    assert first.manifest["pack_id"] != second.manifest["pack_id"]
    assert list(first.rows) == sorted(first.rows)


def test_the_files_and_their_hashes(world, leaving, open_pack):
    leaving()

    pack = open_pack(world.coordinator)

    assert [file.path for file in pack.built.files] == FILES
    sums = dict(reversed(line.split("  ")) for line in pack.file("SHA256SUMS").decode().splitlines())
    assert sums == {path: hashlib.sha256(pack.file(path)).hexdigest() for path in FILES[:-1]}
    described = {file["path"]: file for file in pack.manifest["files"]}
    assert list(described) == FILES[:-2]
    for path, file in described.items():
        assert (file["sha256"], file["bytes"]) == (sums[path], len(pack.file(path)))
    assert (described["incidents.csv"]["rows"], described["incidents.csv"]["columns"]) == (1, 51)


def test_the_zip_is_one_folder_named_after_country_period_and_pack(world, leaving, open_pack):
    leaving()
    pack = open_pack(world.coordinator)

    archive = zipfile.ZipFile(zipped(pack.built))

    folder = f"upr-pack_PER_2024-01-01_2024-12-31_{pack.manifest['pack_id'][:8]}"
    assert archive.namelist() == [f"{folder}/{path}" for path in FILES]
    assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert zipped(pack.built).read() == zipped(pack.built).read()


def test_the_manifest_says_what_was_asked_and_what_came_of_it(world, leaving, open_pack):
    leaving()
    leaving(consent="C1")

    manifest = open_pack(world.coordinator).manifest

    assert manifest["filters"] == {
        "country": "PER",
        "from": "2024-01-01",
        "to": "2024-12-31",
        "session": None,
        "date_basis": "event",
        "include_undated": False,
        "verification": "corroborated",
        "consent": "anonymised_public",
        "types": [],
        "perpetrators": [],
        "sectors": [],
        "admin1": [],
        "recs": "last two cycles, and what was worked on",
        "lang": "en",
        "k": 3,
        "cell_min": 5,
        "hxl": False,
    }
    counts = manifest["counts"]
    assert (counts["matched"], counts["exported"], counts["generalised"]) == (2, 1, 1)
    assert counts["matched"] == counts["exported"] + sum(counts["excluded"].values())
    assert manifest["csv"] == {"delimiter": ",", "bom": True, "guard": "apostrophe", "guarded_cells": 0}
    assert (manifest["profile"], manifest["db_revision"]) == ("public", newest_revision())
    assert re.fullmatch(r"[0-9a-f-]{36}", manifest["pack_id"])


def test_an_empty_pack_is_whole(world, open_pack):
    pack = open_pack(world.coordinator)

    assert pack.lines() == []
    assert len(pack.file("incidents.csv").decode().strip().split("\r\n")) == 1
    assert pack.manifest["warnings"] == ["empty_result", "no_recommendations_imported"]
    assert [file.path for file in pack.built.files] == FILES


# --- how it is written ---------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_tables_are_written_as_asked(world, leaving, open_pack, delimiter, mark):
    leaving()

    pack = open_pack(world.coordinator, delimiter=delimiter, mark=mark)

    content = pack.file("incidents.csv")
    assert content.startswith(b"\xef\xbb\xbf") is mark
    assert delimiter.join(["incident_ref", "case_ref", "country_iso3"]).encode() in content
    assert content.count(b"\r\n") == content.count(b"\n") == 2
    assert pack.manifest["csv"]["delimiter"] == delimiter
    assert_described(pack)


@pytest.mark.parametrize(
    ("typed", "arrives"),
    [
        ("=HYPERLINK(\"https://example.org\",\"x\")", "=HYPERLINK(\"https://example.org\",\"x\")"),
        (" +1", " +1"),
        ("\u00a0@x", "\u00a0@x"),
        ("a\n=1", "a =1"),
        ("-1\r\n+2", "-1 +2"),
        ("\t=1", "\t=1"),
        ("'quoted'", "'quoted'"),
        ("say \"no\", he said; twice", "say \"no\", he said; twice"),
    ],
)  # fmt: skip
def test_formulas_arrive_inert_and_whole(world, leaving, open_pack, make_public, typed, arrives):
    incident = make_public(leaving(summary_es=typed))
    factories.a_source(incident, url="https://example.org/report")
    incident.companies.append(Organisation(name=typed, name_folded="x"))

    row = open_pack(world.coordinator).rows[incident.reference]

    for name in ("summary_es", "company_names"):
        assert "\n" not in row[name]
        assert not row[name].lstrip(" \u00a0\t").startswith(("=", "+", "-", "@"))
        assert unguarded_cell(row[name]) == arrives


# --- the codebook and the schema -----------------------------------------------------------------


def test_the_codebook_has_every_column_in_both_languages(world, open_pack):
    entries = [line for line in open_pack(world.coordinator).lines("codebook.csv") if line["entry"] == "column"]

    told = [(entry["file"], entry["position"], entry["name"]) for entry in entries]
    assert told == [
        (path, str(position), column.name)
        for path in (*RECORDS, *SUMS)
        for position, column in enumerate(columns_of(path.removeprefix("tables/").removesuffix(".csv")), 1)
    ]
    for entry in entries:
        assert all(entry[word] for word in ("label_en", "label_es", "description_en", "description_es", "type"))
    unfilled = [entry["name"] for entry in entries if entry["filled"] == "false"]
    assert unfilled == [
        "un_communication_refs", "court_level", "company_tax_id", "publisher", "archived_url", "sha256", "language",
    ]  # fmt: skip
    assert all("not filled" in entry["description_en"].lower() for entry in entries if entry["filled"] == "false")


def test_the_codebook_has_every_code_of_the_incidents(world, leaving, open_pack, make_public):
    leaving(main_type="CRIM.INVEST", sector="HYDRO")
    incident = make_public(leaving(main_type="LIB.MASS", protest="YES"))
    for kind in ("ARMED", "MEDIA", "UNKNOWN"):
        factories.a_perpetrator(incident, kind)
    incident.acts[0].person.age_group = "CHILD"
    for number, gender in enumerate(("W", "NB")):
        person = factories.a_person(world.caseworker, pseudonym=f"Person {number}", kind="FAMILY")
        factories.a_victim(incident, person)
        person.gender, person.defender_groups = gender, ["LGBTI", "OTHER"]

    pack = open_pack(world.coordinator)

    known = {(line["code_list"], line["code"]) for line in pack.lines("codebook.csv") if line["entry"] == "code"}
    for column in columns_of("incidents"):
        if column.code_list:
            used = {code for row in pack.rows.values() for code in row[column.name].split("|") if code}
            assert used <= {code for code_list, code in known if code_list == column.code_list}, column.name


def test_every_list_that_a_column_names_exists(world, open_pack):
    lines = open_pack(world.coordinator).lines("codebook.csv")

    explained = {line["code_list"] for line in lines if line["entry"] == "code"}
    assert {line["code_list"] for line in lines if line["entry"] == "column"} - {""} == explained
    assert all(line["label_en"] and line["label_es"] for line in lines)


CASTS = {
    "string": str,
    "number": float,
    "integer": int,
    "boolean": {"true": True, "false": False}.__getitem__,
    "year": lambda text: date(int(text), 1, 1),
    "yearmonth": lambda text: date.fromisoformat(f"{text}-01"),
    "date": date.fromisoformat,
}


def assert_described(pack):
    """The tables hold what datapackage.json says of them, by the rules of Table Schema."""
    package = json.loads(pack.file("datapackage.json"))
    assert package["profile"] == "tabular-data-package"
    assert re.fullmatch(r"[-a-z0-9._/]+", package["name"])
    assert [resource["path"] for resource in package["resources"]] == TABLES
    for resource in package["resources"]:
        content = pack.file(resource["path"])
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
        assert resource["bytes"] == len(content)
        assert resource["dialect"]["delimiter"] == pack.built.filters.delimiter
        fields, lines = resource["schema"]["fields"], pack.lines(resource["path"])
        for line in lines:
            assert list(line) == [field["name"] for field in fields]
            for field in fields:
                assert_field_holds(field, line[field["name"]])
        if key := resource["schema"].get("primaryKey"):
            assert len({line[key] for line in lines}) == len(lines)


def assert_field_holds(field, text):
    constraints = field.get("constraints", {})
    if not text:
        assert not constraints.get("required"), field["name"]
        return
    value = CASTS[field["type"]](text)
    assert value in constraints.get("enum", [value]), (field["name"], text)
    assert field["type"] != "integer" or value >= constraints["minimum"]


def test_the_schema_agrees_with_the_tables(world, leaving, open_pack, make_public):
    assert_described(open_pack(world.coordinator))
    leaving()
    make_public(leaving(place_id=factories.a_place().id, sector="MINING"))
    assert_described(open_pack(world.coordinator))


# --- nobody can be found in it -------------------------------------------------------------------


def test_no_byte_of_any_file_tells_who_it_is(world, leaving, open_pack, make_public):
    secrets = ("Tomasa", "Canariosa", "Colibri", "987654321", "Secretisima", "Relatada", "Anotada", "Llactapampa")
    for prepare in (leaving, lambda **values: make_public(leaving(**values))):
        incident = prepare(
            title="Incidente de Tomasa Canariosa",
            narrative="Relatada por Tomasa Canariosa.",
            notes="Anotada: llamar al 987654321.",
            community="Llactapampa",
        )
        person = factories.a_person(world.caseworker, pseudonym="Colibri", consent="C3")
        person.identity = PersonIdentity(legal_name="Tomasa Canariosa", contact="987654321")
        person.note, person.community = "Secretisima", "Llactapampa"
        factories.a_victim(incident, person, group="Familia Canariosa")
        factories.a_source(incident, citation="Testimonio de Tomasa Canariosa", url="https://example.org/Tomasa")
    world.coordinator.name = "Quienloexporta"
    db.session.commit()

    pack = open_pack(world.coordinator)

    assert len(pack.rows) == 2
    archive = zipfile.ZipFile(zipped(pack.built))
    everything = b"".join(archive.read(name) for name in archive.namelist()) + pack.all_bytes
    for secret in (*secrets, "Quienloexporta", world.coordinator.email, world.south.name + "\n"):
        assert secret.lower().encode() not in everything.lower(), secret


def test_the_readme_is_in_the_language_that_was_asked_for(world, leaving, open_pack):
    leaving()

    spanish = open_pack(world.coordinator, language="es").file("README.txt").decode()
    english = open_pack(world.coordinator, language="en").file("README.txt").decode()

    assert "personas defensoras" in spanish
    assert "human rights defenders" in english
