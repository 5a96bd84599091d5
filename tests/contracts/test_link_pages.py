"""What the pages of links show, and to whom."""

import pytest
from sqlalchemy import event

from app.audit import acting
from app.contracts import linking
from app.contracts.operations import change_contract
from app.db import db
from tests import factories
from tests.factories import a_contract, a_place, a_project, a_source, an_incident, when

OF_BOTH_DATABASES = ("sqlite",)
HERE = "PE-030506"
DECIDED_BY = "Held in the camp of the mine"


@pytest.fixture
def project(world):
    return a_project(places=[a_place(HERE)])


@pytest.fixture
def contract(world, project):
    made = a_contract(world.caseworker, "Contract of the pass", projects=[project], starts="2020-01-01")
    db.session.commit()
    return made


@pytest.fixture
def incident(world, project):
    return incident_at(world, project)


def incident_at(world, project, title="Evicted at dawn", on="2020-06-01", confidentiality="NETWORK"):
    case = factories.a_case(world.south, world.caseworker, confidentiality=confidentiality, by=world.caseworker)
    incident = an_incident(world.caseworker, title=title, case=case)
    incident.happened, incident.place = when(on), a_place(HERE) if on else None
    incident.projects.extend([project] if project else [])
    a_source(incident)
    return incident


def address(incident, contract):
    return f"/contracts/{contract.reference}/incidents/{incident.reference}"


def post(browser, incident, contract, decision, **data):
    return browser.post(address(incident, contract), {"decision": decision, **data}, follow=True)


def test_the_page_of_an_incident_names_its_contracts_to_full_readers(world, sign_in, incident, contract):
    page = sign_in(world.caseworker).get(f"/incidents/{incident.reference}").text

    assert "A contract was possibly in force at that time and place · suggested" in page
    assert "Term: from 1 Jan 2020; end not on record" in page
    assert "Same project: Cerro Alto" in page
    assert "Confirm" in page
    for other in (world.analyst, world.stranger):
        reduced = sign_in(other).get(f"/incidents/{incident.reference}")
        assert reduced.status_code == 200
        assert contract.reference not in reduced.text


@pytest.mark.parametrize(
    ("on", "with_project", "words"),
    [
        ("", True, "The day of the incident is not on record"),
        ("2019-01-01", True, "No contract on record covers that date."),
        ("", False, "The day of the incident"),
    ],
)
def test_where_nothing_matches_a_quiet_sentence_says_why(world, sign_in, project, contract, on, with_project, words):
    incident = incident_at(world, project if with_project else None, on=on)

    assert words in sign_in(world.caseworker).get(f"/incidents/{incident.reference}").text


def test_it_is_confirmed_from_the_page_of_the_incident_and_told_in_both_histories(world, sign_in, incident, contract):
    browser, back = sign_in(world.caseworker), f"/incidents/{incident.reference}"

    page = post(
        browser, incident, contract, "confirm", seen="POSSIBLE-L2_PLACE", next=f"/incidents/{incident.reference}"
    )

    assert page.request.path == back
    told = f"confirmed on the link to {contract.reference}: “a contract was possibly in force at that time and place”"
    assert told in browser.get(f"/incidents/{incident.reference}/history").text
    other = f"confirmed on the link to {incident.reference}"
    assert other in browser.get(f"/contracts/{contract.reference}/history").text


def test_a_decision_on_what_one_does_not_see_is_in_no_history(world, sign_in, project, incident):
    hidden = a_contract(world.coordinator, projects=[project], starts="2020-01-01", in_confidence=True)
    with acting(world.coordinator.id):
        linking.confirm_match(world.coordinator, incident, hidden)
        db.session.commit()

    told = sign_in(world.coordinator).get(f"/incidents/{incident.reference}/history").text
    kept = sign_in(world.caseworker).get(f"/incidents/{incident.reference}/history").text

    assert hidden.reference in told
    assert hidden.reference not in kept
    assert "confirmed on the link" not in kept


def test_what_is_refused_is_said_and_the_words_stay(world, sign_in, incident, contract):
    browser = sign_in(world.caseworker)

    no_reason = post(browser, incident, contract, "reject", reason=" ")
    changed = post(browser, incident, contract, "confirm", seen="CERTAIN-L2_PLACE")
    no_words = post(browser, incident, contract, "propose", level="L4_DIRECTED", evidence="", reason="")
    alone = post(browser, incident, contract, "second", reason="Looked at it")

    assert no_reason.status_code == changed.status_code == no_words.status_code == alone.status_code == 400
    assert "Write why the link is discarded." in no_reason.text
    assert "The days or places were changed meanwhile." in changed.text
    assert "Write what the evidence shows" in no_words.text
    assert post(browser, incident, contract, "nonsense").status_code == 400


def test_acting_for_the_company_is_on_no_page_before_two_have_confirmed_it(world, sign_in, incident, contract):
    source = incident.source_links[0].source.reference
    caseworker, coordinator = sign_in(world.caseworker), sign_in(world.coordinator)
    post(caseworker, incident, contract, "propose", level="L4_DIRECTED", evidence=source, reason=DECIDED_BY)

    before = caseworker.get(f"/incidents/{incident.reference}").text
    assert "Proposed: acted for the company (waits for a second person)." in before
    assert "A contract was possibly in force at that time and place · suggested" in before
    for page in ("/work/", "/review/"):
        assert incident.reference in coordinator.get(page).text
    assert DECIDED_BY in coordinator.get(address(incident, contract)).text

    page = post(coordinator, incident, contract, "second", reason="Read the report")

    assert page.status_code == 200
    after = caseworker.get(f"/incidents/{incident.reference}").text
    assert "Acted for the company." in after
    assert "waits for a second person" not in after
    assert "Links that wait" not in coordinator.get("/work/").text


def test_a_confirmed_link_stays_confirmed_on_all_pages_while_more_is_proposed(world, sign_in, incident, contract):
    source = incident.source_links[0].source.reference
    caseworker, coordinator = sign_in(world.caseworker), sign_in(world.coordinator)
    post(caseworker, incident, contract, "confirm", seen="POSSIBLE-L2_PLACE")
    post(caseworker, incident, contract, "propose", level="L4_DIRECTED", evidence=source, reason=DECIDED_BY)
    pages = (
        f"/incidents/{incident.reference}",
        f"/contracts/{contract.reference}",
        f"/contracts/{contract.reference}/incidents",
        address(incident, contract),
    )

    waiting = [caseworker.get(page).text for page in pages]
    waiting.append(caseworker.get("/contracts/links?status=waiting").text)
    post(coordinator, incident, contract, "send_back", reason="Another unit")
    waiting += [caseworker.get(page).text for page in pages]

    for page in waiting:
        assert "A contract was possibly in force at that time and place." in page
        assert f"Confirmed by {world.caseworker.name}" in page
        assert "at that time and place · suggested" not in page


def test_several_are_confirmed_at_once_and_what_has_changed_is_not(world, sign_in, project, contract):
    one, two, three = (incident_at(world, project, title) for title in ("One", "Two", "Three"))
    browser = sign_in(world.caseworker)
    where = f"/contracts/{contract.reference}/incidents"
    seen = "POSSIBLE-L2_PLACE"

    page = browser.post(
        where, {"pair": [f"{one.reference} {seen}", f"{two.reference} {seen}", f"{three.reference} CERTAIN-L2_PLACE"]},
        follow=True,
    )  # fmt: skip

    assert "2 links are confirmed." in page.text
    assert f"{three.reference}: The days or places were changed meanwhile." in page.text
    assert "Undecided: <b>1</b> · Confirmed: <b>2</b>" in page.text


def test_the_list_says_what_has_changed_since(world, sign_in, incident, contract):
    with acting(world.caseworker.id):
        linking.confirm_match(world.caseworker, incident, contract)
        change_contract(world.caseworker, contract, {"starts": when("2021-01-01")})
        db.session.commit()

    page = sign_in(world.caseworker).get("/contracts/links").text

    assert "Since then the days or places have changed: look again." in page
    assert incident.reference in page
    for other in (world.analyst, world.stranger):
        assert incident.reference not in sign_in(other).get("/contracts/links").text


def test_the_page_of_a_contract_shows_incidents_to_their_full_readers(world, sign_in, project, incident, contract):
    away = incident_at(world, project, "In another year", on="2018-06-01")

    page = sign_in(world.caseworker).get(f"/contracts/{contract.reference}").text

    assert incident.reference in page
    assert away.reference not in page
    assert incident.reference not in sign_in(world.analyst).get(f"/contracts/{contract.reference}").text


def test_who_may_not_see_a_link_gets_404(world, sign_in, incident, contract):
    for other in (world.analyst, world.stranger):
        assert sign_in(other).get(address(incident, contract)).status_code == 404
    found = f"/contracts/links/of/{incident.reference}?contract=PER-K-ZZZZZ"
    page = sign_in(world.caseworker).get(found, follow_redirects=True)
    assert "No contract with this reference is on record." in page.text


def test_lists_ask_a_fixed_number_of_questions(world, sign_in, project, contract):
    browser = sign_in(world.caseworker)
    pages = ("/contracts/links", f"/contracts/{contract.reference}/incidents", f"/contracts/{contract.reference}")
    incident_at(world, project)

    few = [statements(browser, page) for page in pages]
    for number in range(6):
        incident_at(world, project, f"Number {number}")

    assert [statements(browser, page) for page in pages] == few


def statements(browser, page):
    browser.get(page)
    found = []

    def note(connection, cursor, statement, *_rest):
        found.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(page).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(found)
