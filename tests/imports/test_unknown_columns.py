"""A column that nobody knows: one is asked what it holds; the file need not be chosen again."""

import csv
import io
import re
from html import unescape

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.db import db
from app.imports.columns import understand
from app.imports.maps import NO_MAP
from app.imports.models import ImportBatch
from app.incidents.models import Incident
from tests.imports.forms import form_of
from tests.imports.test_import import GOOD, number, run
from tests.imports.test_in_the_browser import decide, send  # noqa: F401

ODD = GOOD.replace("pais", "color del cielo")


def test_it_leads_to_the_page_that_asks_what_the_columns_hold(send):  # noqa: F811
    answer = send(ODD)
    page = unescape(send.browser.get(answer.location).text)

    assert answer.location.endswith("/columns")
    assert "color del cielo" in page


def test_it_can_be_passed_over(send):  # noqa: F811
    asked = send(ODD).location
    answer = send.browser.post(asked, {**form_of(send.browser.get(asked).text), "column-3": ""})
    page = unescape(send.browser.get(answer.location).text)
    decide(send, answer.location, "import")

    assert "These columns are passed over: color del cielo." in page
    assert number(Incident) == 2


def test_what_one_uploaded_cannot_be_mapped_by_somebody_else(world, send, sign_in):  # noqa: F811
    asked = send(ODD).location

    other = sign_in(world.coordinator)

    assert other.get(asked).status_code == 404
    assert other.post(asked, {"column-0": "title"}, form_at="/imports/").status_code == 404


@pytest.mark.parametrize("way", ["page", "command"])
def test_a_template_has_all_the_headings(app, world, sign_in, way):
    if way == "page":
        text = sign_in(world.caseworker).get("/imports/template.csv").data.decode("utf-8-sig")
    else:
        text = app.test_cli_runner().invoke(args=["import", "template"]).output

    (header,) = csv.reader(io.StringIO(text))

    assert {"title_es", "happened", "source_citation", "notes"} <= set(header)
    assert len(understand(header, NO_MAP).bringers) == len(header)


def test_a_dry_run_with_refused_rows_ends_in_one(app, world, tmp_path):
    path = tmp_path / "hoja.csv"
    path.write_text(GOOD + "Sin fecha cierta,THR.OTHER,2024-13-45,PE\n")

    assert run(app, path, "--as", world.caseworker.email, "--dry-run").exit_code == 1


def test_after_an_import_the_new_incidents_can_be_listed_by_those_who_see_them(world, send, sign_in):  # noqa: F811
    from tests import factories

    factories.an_incident(world.caseworker, title="Recorded by hand")
    dry_run = send(GOOD).location
    after = decide(send, dry_run, "import").location

    page = send.browser.get(after).text
    (address,) = set(re.findall(r'href="(/incidents/\?brought=[0-9a-f]+)"', page))
    mine = send.browser.get(address).text
    others = sign_in(world.stranger).get(address).text

    assert "Una amenaza" in mine and "Otra amenaza" in mine
    assert "Recorded by hand" not in mine
    assert "Una amenaza" not in others


def test_who_reads_without_identity_cannot_find_out_which_file_brought_a_record(world, send, sign_in):  # noqa: F811
    from tests import factories

    shared = factories.a_case(world.south, world.caseworker, confidentiality="NETWORK", by=world.caseworker)
    decide(send, send(GOOD).location, "import")
    for incident in db.session.scalars(unguarded(select(Incident), "the test looks")):
        incident.case_id = shared.id
    digest = db.session.scalars(select(ImportBatch.sha256)).one()
    references = set(db.session.scalars(unguarded(select(Incident.reference), "the test looks")))

    def listed(user, address):
        return set(re.findall(r"PER-I-\w{5}", sign_in(user).get(address).text))

    assert listed(world.caseworker, f"/incidents/?brought={digest[:16]}") == references
    for user in (world.stranger, world.analyst):
        assert listed(user, "/incidents/") == references
        assert not listed(user, f"/incidents/?brought={digest[:1]}")
