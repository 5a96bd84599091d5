"""Mappings that a team keeps: saved from the pages, proposed, shared, fetched as the file that the command takes."""

import io
import re
from html import unescape

import pytest

from app.db import db
from app.imports.intake import planned
from app.imports.maps import read_map
from app.imports.saved_maps import saved_maps_of
from app.incidents.models import Incident
from tests.imports.forms import form_of
from tests.imports.test_import import number, run
from tests.imports.test_in_the_browser import decide, send  # noqa: F401
from tests.imports.test_values_page import SHEET, named, to_values


@pytest.fixture
def keep(world, send):  # noqa: F811
    """`keep("A name")` keeps the mapping of the sheet, words and all; gives the address of the dry run."""

    def kept(name, **changes):
        address, form, page = to_values(send.browser, world.south)
        for word, code in (("Policía", "PNP"), ("matones", "INDIVIDUAL")):
            form[named(form, "perpetrators", page, word)] = code
        form[named(form, "main_type", page, "cosa rara")] = "-"
        form |= {"act": "save", "save_as": name, **changes}
        answer = send.browser.post(address, {key: value for key, value in form.items() if value is not None})
        return answer.location.removesuffix("/values")

    kept.browser = send.browser
    return kept


def names(user):
    return [one.name for one in db.session.scalars(saved_maps_of(user))]


def test_what_the_pages_keep_does_the_same_in_the_command(app, world, keep, tmp_path):
    dry_run = keep("Casos 2019")
    (saved,) = db.session.scalars(saved_maps_of(world.caseworker))
    file, toml = tmp_path / "hoja.csv", tmp_path / "mapa.toml"
    file.write_text(SHEET)
    toml.write_bytes(keep.browser.get(f"/imports/maps/{saved.uid}.toml").data)
    decide(keep, dry_run, "import")

    outcomes = [
        run(app, file, "--as", world.caseworker.email, "--map", name, "--dry-run").output
        for name in ("Casos 2019", str(toml))
    ]

    assert number(Incident) == 3
    assert all("0 filas nuevas. 3 ya estaban." in one for one in outcomes), outcomes


def test_the_plan_of_the_file_is_that_of_the_pages(app, world, keep):
    dry_run = keep("Casos 2019")
    (saved,) = db.session.scalars(saved_maps_of(world.caseworker))
    with app.test_request_context():
        sheet_map = read_map("x.toml", saved.toml.encode())
        plan = planned(world.caseworker, world.south.id, "hoja.csv", SHEET.encode(), sheet_map)
        verdicts = [(row.number, row.facts["perpetrators"]) for row in plan.new]

    page = keep.browser.get(dry_run).text

    assert verdicts == [(2, ["PNP"]), (3, ["PNP"]), (4, ["PNP", "INDIVIDUAL"])]
    assert page.count("will be imported") == 3


def test_it_is_offered_at_the_upload_and_for_the_same_headings(world, keep):
    keep("Casos 2019")

    index = keep.browser.get("/imports/").text
    (value,) = re.findall(r'<option value="(saved:[^"]+)">Casos 2019', index)
    sent = {"file": (io.BytesIO(SHEET.encode()), "hoja.csv"), "case": "", "team": world.south.id}
    with_it = keep.browser.post("/imports/", {**sent, "shipped_map": value})
    sent["file"] = (io.BytesIO(SHEET.encode()), "hoja.csv")
    asked = keep.browser.post("/imports/", sent).location
    page = unescape(keep.browser.get(asked).text)
    uid = value.removeprefix("saved:")
    used = keep.browser.post(asked.replace("/columns", "/use"), {"map": uid}, form_at=asked)

    assert keep.browser.get(with_it.location).text.count("will be imported") == 3
    assert "There is a mapping for these headings" in page and "Use “Casos 2019”" in page
    assert form_of(keep.browser.get(used.location).text)["column-1"] == "main_type"


def test_another_team_sees_nothing_of_it_and_a_colleague_only_what_is_shared(app, world, keep, sign_in, tmp_path):
    keep("De todos")
    keep("Solo mía", is_shared=None)
    own = next(one for one in db.session.scalars(saved_maps_of(world.caseworker)) if one.name == "Solo mía")
    file = tmp_path / "hoja.csv"
    file.write_text(SHEET)

    assert sorted(names(world.caseworker)) == ["De todos", "Solo mía"]
    assert names(world.colleague) == ["De todos"]
    assert names(world.stranger) == names(world.analyst) == []
    for user in (world.colleague, world.stranger):
        browser = sign_in(user)
        assert browser.get(f"/imports/maps/{own.uid}.toml").status_code == 404
        assert browser.post(f"/imports/maps/{own.uid}", {"act": "delete"}, form_at="/imports/").status_code == 404
        assert "Solo mía" not in browser.get("/imports/maps").text + browser.get("/imports/").text
    outcome = run(app, file, "--as", world.stranger.email, "--map", "De todos", "--dry-run")
    assert "No hay un mapa «De todos»" in outcome.output


def test_it_can_be_renamed_and_ended_by_whoever_made_it(world, keep, sign_in):
    keep("Uno")
    (saved,) = db.session.scalars(saved_maps_of(world.caseworker))
    address = f"/imports/maps/{saved.uid}"

    refused = sign_in(world.colleague).post(address, {"name": "Otro"}, form_at="/imports/")
    keep.browser.post(address, {"name": "Dos", "is_shared": "y"}, form_at="/imports/maps")
    renamed = names(world.caseworker)
    title = keep.browser.get(f"{address}.toml").text
    keep.browser.post(address, {"act": "delete"}, form_at="/imports/maps")

    assert refused.status_code == 404
    assert renamed == ["Dos"]
    assert 'title = "Dos"' in title
    assert names(world.caseworker) == []


@pytest.mark.parametrize("name", ["", "a/b", "x" * 81, "..", "global-witness", 'a"b'])
def test_a_name_that_is_none_is_said_and_keeps_nothing(world, keep, name):
    dry_run = keep(name)

    page = unescape(keep.browser.get(dry_run).text)

    assert names(world.caseworker) == []
    assert "name" in page


def test_the_same_name_takes_on_what_is_said_now(world, keep):
    keep("Uno")
    keep("uno ")

    assert names(world.caseworker) == ["uno"]


def test_the_command_lists_what_there_is(app, world, keep):
    keep("Casos 2019")

    listed = app.test_cli_runner().invoke(args=["import", "maps", "--as", world.colleague.email]).output
    others = app.test_cli_runner().invoke(args=["import", "maps", "--as", world.stranger.email]).output

    assert "global-witness" in listed and "Casos 2019" in listed
    assert "Casos 2019" not in others


def test_a_mapping_that_is_gone_is_said_at_the_upload(world, keep):
    sent = {"file": (io.BytesIO(SHEET.encode()), "hoja.csv"), "case": "", "team": world.south.id}

    answer = keep.browser.post("/imports/", {**sent, "shipped_map": "saved:00000000-0000-4000-8000-000000000000"})

    assert answer.status_code == 400
    assert "This mapping is no longer kept." in answer.text


def test_what_was_chosen_can_be_fetched_before_anything_is_kept(world, send):  # noqa: F811
    address, _form, _page = to_values(send.browser, world.south)

    text = send.browser.get(address.replace("/values", "/map.toml")).text

    assert read_map("x.toml", text.encode()).ways["main_type"].column == "Tipo de ataque"
