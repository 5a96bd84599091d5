"""What no person types: signs that are no text, words without end, the same form in the hands of two."""

import io

import pytest
from sqlalchemy import func, select

from app.access import unguarded
from app.db import db
from app.incidents.models import Incident
from tests import factories

ADDRESSES = (
    "/incidents/?q=a%00b&case=%00",
    "/incidents/%00",
    "/cases/?text=%00&status=a%00",
    "/people/?kind=a%00",
    "/people/suggest?q=%00",
    "/organisations/?text=a%00&kind=a%00&country=a%00",
    "/organisations/projects/?sector=a%00",
    "/places/suggest?q=a%00&country=%00",
    "/find?q=%00",
    "/find?q=PER-I-%00",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_nul_in_an_address_is_no_crash(world, sign_in, address):
    assert sign_in(world.caseworker).get(address, follow_redirects=True).status_code in (200, 400, 404)


def test_a_nul_in_a_form_is_left_out(world, sign_in):
    values = {
        "team_id": world.south.id,
        "pseudonym": "Cra\x00ne",
        "kind": "INDIVIDUAL",
        "note": "\x00",
        "form_token": "\x00",
    }

    answer = sign_in(world.caseworker).post("/people/new", values, follow=True)

    assert answer.status_code == 200
    assert "Crane" in answer.text


MANY_WORDS = "%20".join(f"w{number}" for number in range(3000))


@pytest.mark.parametrize(
    "address", ["/organisations/?text=", "/organisations/projects/?text=", "/organisations/?kind="]
)
def test_thousands_of_words_are_no_crash(world, sign_in, address):
    assert sign_in(world.caseworker).get(address + MANY_WORDS).status_code == 200
    assert sign_in(world.caseworker).get(address + "%EF%B7%BA" * 3000).status_code == 200


def test_accounts_are_looked_for_by_few_words(world, sign_in):
    assert sign_in(world.administrator).get("/accounts/?text=" + "%EF%B7%BA" * 3000).status_code == 200


@pytest.mark.parametrize("field", ["places", "companies", "aliases"])
@pytest.mark.parametrize("text", ["x" * 100_000, "x\n" * 10_000])
def test_a_list_without_end_is_refused_in_words(world, sign_in, field, text):
    values = {"team_id": world.south.id, "name": "A mine", field: text}

    assert sign_in(world.caseworker).post("/organisations/projects/new", values).status_code == 400


@pytest.mark.parametrize("reason", ["", " ", "\x00", "\u202e", "\ufeff"])
def test_a_record_is_not_withdrawn_for_a_reason_that_nobody_can_read(world, sign_in, reason):
    incident = factories.an_incident(world.caseworker)

    answer = sign_in(world.caseworker).post(f"/incidents/{incident.reference}/withdraw", {"reason": reason})

    assert answer.status_code == 400
    assert incident.withdrawn_at is None


def test_a_full_list_of_lines_takes_no_further_one(world, sign_in):
    lines = {f"victims-{number}-who": "" for number in range(200)}

    answer = sign_in(world.caseworker).post("/incidents/new", {"title_es": "a", "add": "victims", **lines})

    assert answer.status_code == 200


def test_the_same_token_in_the_forms_of_two_people_is_two_forms(world, sign_in):
    for user in (world.caseworker, world.stranger):
        for _time in range(2):
            values = {"title_es": "a", "save": "draft", "form_token": "t" * 43}
            assert sign_in(user).post("/incidents/new", values).status_code == 303

    assert db.session.scalar(unguarded(select(func.count(Incident.id)), "test")) == 2


def upload(browser, content=b"titulo,tipo principal\na,NOBODY\n", name="hoja.csv", map_=None):
    values = {"file": (io.BytesIO(content), name), "case": ""}
    if map_ is not None:
        values["map_file"] = (io.BytesIO(map_), "mapa.toml")
    return browser.post("/imports/", values)


def test_the_rest_of_a_file_with_any_name_can_be_fetched(world, sign_in):
    browser = sign_in(world.caseworker)
    address = upload(browser, name="señal 中文.csv").location

    answer = browser.post(f"{address}/rest")

    assert answer.status_code == 200
    answer.headers["Content-Disposition"].encode("ascii")


def test_nobody_cancels_the_import_of_another(world, sign_in):
    browser = sign_in(world.caseworker)
    address = upload(browser).location

    sign_in(world.stranger).post(address, {"decision": "cancel"})

    assert browser.get(address).status_code == 200
    browser.post(address, {"decision": "cancel"})
    assert browser.get(address).status_code == 404


MAPS = {
    "a year twice": b'[fields]\nhappened={column="titulo",format="yyyy-yyyy"}\n',
    "a month twice": b'[fields]\nhappened={column="titulo",format="mm-yyyy-mm"}\n',
    "a number of thousands of digits": b"title=" + b"9" * 50_000,
    "a key of thousands of dots": b"a" + b".a" * 20_000 + b"=1",
}


@pytest.mark.parametrize("what", MAPS)
def test_a_malformed_map_gets_a_sentence(world, sign_in, what):
    browser = sign_in(world.caseworker)

    assert upload(browser).status_code == 303
    assert upload(browser, map_=MAPS[what]).status_code == 400
