"""What the pages of links show, and to whom."""

import re
from datetime import date

import pytest
from flask_babel import force_locale
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


def seen(browser, incident, contract):
    """What the page sends with a decision over a proposal."""
    return re.search(r'name="seen" value="(\d+-\d+)"', browser.get(address(incident, contract)).text)[1]


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

    read = seen(coordinator, incident, contract)
    page = post(coordinator, incident, contract, "second", reason="Read the report", seen=read)

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
    post(
        coordinator, incident, contract, "send_back", reason="Another unit", seen=seen(coordinator, incident, contract)
    )
    waiting += [caseworker.get(page).text for page in pages]

    for page in waiting:
        assert "A contract was possibly in force at that time and place." in page
        assert f"Confirmed by {world.caseworker.name}" in page
        assert "at that time and place · suggested" not in page


def test_a_second_person_confirms_what_they_read(world, sign_in, incident, contract):
    caseworker, coordinator = sign_in(world.caseworker), sign_in(world.coordinator)
    source = incident.source_links[0].source.reference
    post(caseworker, incident, contract, "propose", level="L3_UNIT", evidence=source, reason=DECIDED_BY)
    read = seen(coordinator, incident, contract)
    post(caseworker, incident, contract, "propose", level="L4_DIRECTED", evidence=source, reason="Paid by the mine")

    pages = [post(coordinator, incident, contract, "second", reason="Looked at it", seen=read)]
    pages += [post(coordinator, incident, contract, name, reason="No", seen="") for name in ("send_back", "reopen")]

    for page in pages:
        assert page.status_code == 400
        assert "The proposal was changed meanwhile. Read it again." in page.text
        assert "Paid by the mine" in page.text
    assert "Looked at it" in pages[0].text
    again = seen(coordinator, incident, contract)
    assert "Acted for the company." in post(coordinator, incident, contract, "second", seen=again).text


def test_evidence_that_was_withdrawn_is_told_as_that(world, sign_in, incident, contract):
    caseworker, coordinator = sign_in(world.caseworker), sign_in(world.coordinator)
    file = factories.a_file(incident, world.caseworker)
    post(caseworker, incident, contract, "propose", level="L4_DIRECTED", evidence=file.reference, reason=DECIDED_BY)
    post(coordinator, incident, contract, "second", seen=seen(coordinator, incident, contract))
    with acting(world.caseworker.id):
        file.withdraw(world.caseworker.id, "twice")
        db.session.commit()

    for page in (address(incident, contract), "/contracts/links?status=changed", f"/incidents/{incident.reference}"):
        text = caseworker.get(page).text
        assert "Its evidence was withdrawn: look again." in text
        assert "A contract was possibly in force at that time and place · suggested" in text
    page = caseworker.get(address(incident, contract)).text
    assert "withdrawn: look again" in page
    assert "not visible to you" not in page


def test_when_the_company_changes_the_page_and_the_history_say_so(world, sign_in, incident, contract):
    caseworker, coordinator = sign_in(world.caseworker), sign_in(world.coordinator)
    source = incident.source_links[0].source.reference
    post(caseworker, incident, contract, "propose", level="L4_DIRECTED", evidence=source, reason=DECIDED_BY)
    post(coordinator, incident, contract, "second", seen=seen(coordinator, incident, contract))
    with acting(world.caseworker.id), force_locale("en"):
        change_contract(world.caseworker, contract, {"company": factories.an_organisation("Petrolera Sur")})
        db.session.commit()

    page = coordinator.get(address(incident, contract)).text
    assert "The contract was changed: the company." in page
    assert "Confirm as the second person" in page
    told = f"the link to {contract.reference} waits for a second person again: “acted for the company”"
    assert told in caseworker.get(f"/incidents/{incident.reference}/history").text.replace("The link", "the link")


def test_decisions_of_an_agreement_hung_elsewhere_are_told_in_both_histories(world, sign_in, incident, contract):
    other = a_contract(world.caseworker, "The general agreement", starts="2020-01-01")
    with acting(world.caseworker.id):
        linking.confirm_match(world.caseworker, incident, contract)
        db.session.commit()
    with acting(world.caseworker.id):
        change_contract(world.caseworker, contract, {"modality": "ADDENDUM", "parent": other})
        db.session.commit()

    browser = sign_in(world.caseworker)
    assert "Confirmed by" in browser.get(address(incident, other)).text
    for page in (f"/incidents/{incident.reference}", f"/contracts/{contract.reference}"):
        assert "onfirmed on the link" in browser.get(f"{page}/history").text


def test_more_than_a_page_holds_is_not_confirmed_at_once(world, sign_in, incident, contract):
    browser, where = sign_in(world.caseworker), f"/contracts/{contract.reference}/incidents"
    ticked = f"{incident.reference} POSSIBLE-L2_PLACE"

    page = browser.post(where, {"pair": [f"PER-I-{number:05} -" for number in range(101)]}, follow=True)
    assert "At most 100 at once. Nothing was confirmed." in page.text
    assert browser.post(where, {"pair": [ticked, "PER-I-ZZZZZ -"]}).status_code == 404
    assert "1 link is confirmed." in browser.post(where, {"pair": [ticked] * 200}, follow=True).text


def test_several_are_confirmed_in_few_questions(world, sign_in, project, contract):
    browser, where = sign_in(world.caseworker), f"/contracts/{contract.reference}/incidents"

    def asked(number):
        found = [incident_at(world, project, "One of many") for _ in range(number)]
        ticked = [f"{one.reference} POSSIBLE-L2_PLACE" for one in found]
        told = asked_by(lambda: browser.post(where, {"pair": ticked}))
        return len([one for one in told if not one.startswith(("INSERT", "UPDATE"))])

    asked(1)
    assert asked(6) == asked(2)


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
    assert "Incidents within its term" in page and "1 possibly" in page
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
    answers = []
    found = asked_by(lambda: answers.append(browser.get(page)))
    assert answers[0].status_code == 200
    return len(found)


def asked_by(act):
    found = []

    def note(connection, cursor, statement, *_rest):
        found.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return found


def test_sources_of_one_citation_are_told_apart_and_a_file_can_be_added(world, sign_in, incident, contract):
    other = a_source(incident)
    other.published_on = date(2020, 6, 3)
    db.session.commit()

    page = sign_in(world.caseworker).get(address(incident, contract)).text

    choices = re.findall(r"<option[^>]*>(A newspaper[^<]*)</option>", page)
    assert len(set(choices)) == len(choices) == 2 and f"3 Jun 2020 · {other.reference})" in "".join(choices)
    assert f"/evidence/incident/{incident.reference}/new" in page
