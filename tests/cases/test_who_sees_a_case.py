"""The table of who sees a case, row by row, on every page that shows one."""

import pytest

from app.access import count
from app.cases.queries import CaseWish, cases_found
from app.db import db
from tests import factories

NOBODY, REDUCED, FULL = "nobody", "reduced", "full"

TABLE = {
    "RESTRICTED": {
        "caseworker": FULL,
        "coordinator": FULL,
        "colleague": NOBODY,
        "analyst": REDUCED,
        "stranger": NOBODY,
        "foreign_coordinator": NOBODY,
        "administrator": NOBODY,
        "auditor": NOBODY,
    },
    "TEAM": {
        "caseworker": FULL,
        "coordinator": FULL,
        "colleague": FULL,
        "analyst": REDUCED,
        "stranger": NOBODY,
        "foreign_coordinator": NOBODY,
        "administrator": NOBODY,
        "auditor": NOBODY,
    },
    "NETWORK": {
        "caseworker": FULL,
        "coordinator": FULL,
        "colleague": FULL,
        "analyst": REDUCED,
        "stranger": REDUCED,
        "foreign_coordinator": REDUCED,
        "administrator": NOBODY,
        "auditor": NOBODY,
    },
}
ROWS = [(level, who, sees) for level, row in TABLE.items() for who, sees in row.items()]
SECRETS = ("The quiet valley", "The story in full", "A private hearing", "Only for members")


@pytest.fixture
def case_of(world):
    def made(level):
        case = factories.a_case(world.south, world.caseworker, title="The quiet valley", confidentiality=level)
        case.summary = "The story in full"
        factories.an_entry(case, world.caseworker, "A private hearing", detail_en="Only for members")
        factories.an_entry(case, world.caseworker, "A law in the gazette", kind="context", is_public=True)
        factories.a_case(world.north, world.stranger, title="Another valley")
        db.session.commit()
        return case

    return made


@pytest.mark.parametrize(("level", "who", "sees"), ROWS)
def test_the_page_shows_what_the_table_says(world, sign_in, case_of, level, who, sees):
    case = case_of(level)
    browser = sign_in(getattr(world, who))

    address = f"/cases/{case.reference}"
    for answer in (
        browser.get(address),
        browser.get(f"{address}/timeline"),
        browser.post(f"{address}/summary", form_at="/profile"),
    ):
        if sees == NOBODY:
            assert answer.status_code in (403, 404)
            continue
        assert answer.status_code == 200
        assert case.reference in answer.text
        assert "A law in the gazette" in answer.text
        assert [secret for secret in SECRETS if secret in answer.text and sees == REDUCED] == []
        assert ("A private hearing" in answer.text) == (sees == FULL)


@pytest.mark.parametrize(("level", "who", "sees"), ROWS)
def test_the_list_and_its_count_show_what_the_table_says(world, sign_in, case_of, level, who, sees):
    case = case_of(level)
    user = getattr(world, who)
    answer = sign_in(user).get("/cases/")

    if who in ("administrator", "auditor"):
        assert answer.status_code == 403
        return
    assert (case.reference in answer.text) == (sees != NOBODY)
    assert ("The quiet valley" in answer.text) == (sees == FULL)
    of_their_own = who in ("stranger", "foreign_coordinator")
    assert count(cases_found(user, CaseWish())) == (sees != NOBODY) + of_their_own


@pytest.mark.parametrize(("level", "who", "sees"), ROWS)
def test_search_finds_by_words_that_one_may_read(world, case_of, level, who, sees):
    case = case_of(level)
    user = getattr(world, who)

    by_title = count(cases_found(user, CaseWish(text="quiet")))
    by_reference = count(cases_found(user, CaseWish(text=case.reference)))

    assert by_title == (sees == FULL)
    assert by_reference == (sees != NOBODY)


def test_another_teams_case_and_one_that_never_was_get_the_same_answer(world, sign_in):
    theirs = factories.a_case(world.north, world.stranger)
    browser = sign_in(world.caseworker)

    hidden, absent = browser.get(f"/cases/{theirs.reference}"), browser.get("/cases/PER-C-00000")

    assert hidden.status_code == absent.status_code == 404
    assert "There is nothing here for you" in hidden.text and "There is nothing here for you" in absent.text


@pytest.mark.parametrize("who", ["analyst", "stranger"])
def test_who_reads_without_identity_changes_nothing(world, sign_in, case_of, who):
    case = case_of("NETWORK")
    entry = factories.an_entry(case, world.caseworker, "Another")
    browser = sign_in(getattr(world, who))

    for address in ("edit", "add", "entries/new", f"entries/{entry.uid}/edit", "members/suggest?q=col", "withdraw"):
        assert browser.get(f"/cases/{case.reference}/{address}").status_code == 403
    for address in ("members", "members/remove", "restore", f"entries/{entry.uid}/erase"):
        assert browser.post(f"/cases/{case.reference}/{address}", {"name": "Colleague"}).status_code == 403
