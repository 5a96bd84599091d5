"""Requests for public information: their terms over holidays, their moves, who sees them, and what falls due."""

import re
from datetime import date, timedelta

import pytest

from app.access import visible
from app.agenda import TEAM, DueWish
from app.audit import acting
from app.contracts import requests
from app.contracts.links import TransparencyRequest
from app.contracts.request_agenda import ANSWER, APPEAL, requests_due
from app.contracts.request_queries import RequestWish, requests_found
from app.contracts.request_terms import answer_term, appeal_term
from app.contracts.requests import RequestProblem
from app.dates import UncertainDate, today
from app.db import db
from app.workflow import MoveNotAllowed
from tests import factories
from tests.factories import a_contract, a_request, an_organisation

FILED = date(2024, 7, 22)
"""A Monday; 23, 28 and 29 July and 6 August are national holidays."""
DUE = date(2024, 8, 8)
LATER = date(2024, 8, 20)
SECRET = "Convenios con la minera"


def moved(request, by, name, **facts):
    with acting(by.id):
        requests.advance(by, request, name, facts)
        db.session.commit()
    return request


def filed(by, on=FILED, **facts):
    return moved(a_request(by, **facts), by, "file", filed=UncertainDate.on(on), due_on=None)


# --- terms ---------------------------------------------------------------------------------------


def test_terms_run_over_working_days_of_offices(app):
    assert answer_term(FILED).last_on == DUE
    assert [step.off.kind for step in answer_term(FILED).steps if step.is_skipped].count("HOLIDAY") == 4
    # Christmas is a Wednesday: the first of fifteen days comes after it.
    assert appeal_term(date(2024, 12, 24)).last_on == date(2025, 1, 16)


def test_filing_counts_the_term_and_a_day_set_by_hand_stands(world):
    assert filed(world.caseworker).due_on == DUE

    by_hand = a_request(world.caseworker)
    moved(by_hand, world.caseworker, "file", filed=UncertainDate.on(FILED), due_on=date(2024, 8, 9))
    assert by_hand.due_on == date(2024, 8, 9)


def test_of_a_day_that_is_not_known_no_term_is_counted(world):
    request = a_request(world.caseworker)

    moved(request, world.caseworker, "file", filed=UncertainDate.in_month(2014, 9), due_on=None)

    assert (request.status, request.due_on, request.filed_on) == ("FILED", None, None)


def test_an_extension_sets_a_later_day_with_its_reason(world):
    request = filed(world.caseworker)

    for field, facts in (("due_on", {"due_on": DUE, "extension_reason": "x"}), ("extension_reason", {"due_on": LATER})):
        with pytest.raises(RequestProblem) as problem:
            moved(request, world.caseworker, "extend", **facts)
        assert problem.value.field == field
    moved(request, world.caseworker, "extend", due_on=LATER, extension_reason="Many papers")

    assert (request.status, request.due_on) == ("EXTENDED", LATER)


@pytest.mark.parametrize("name", ["deny", "answer_part"])
def test_a_denial_may_be_appealed_in_its_term(world, name):
    request = filed(world.caseworker)

    moved(request, world.caseworker, name, answered_on=date(2024, 8, 5), answer="Secret")

    assert request.appeal_due_on == appeal_term(date(2024, 8, 5)).last_on


def test_silence_is_written_down_by_a_person_when_the_term_has_passed(world):
    running = filed(world.caseworker, on=today())
    passed = filed(world.caseworker)

    assert passed.status == "FILED"
    with pytest.raises(MoveNotAllowed):
        moved(running, world.caseworker, "silence")
    moved(passed, world.caseworker, "silence")
    assert (passed.status, passed.appeal_due_on) == ("SILENCE", appeal_term(DUE).last_on)

    moved(passed, world.caseworker, "answer_full", answered_on=date(2024, 9, 2))
    assert passed.appeal_due_on is None


@pytest.mark.parametrize(
    ("name", "facts", "field"),
    [
        ("deny", {"answered_on": FILED - timedelta(days=1)}, "answered_on"),
        ("deny", {"answered_on": date(2099, 1, 1)}, "answered_on"),
        ("deny", {"answered_on": date(2024, 8, 5), "appeal_due_on": date(2024, 8, 1)}, "appeal_due_on"),
        (
            "extend",
            {"extended_on": date(2024, 7, 1), "due_on": date(2024, 9, 2), "extension_reason": "x"},
            "extended_on",
        ),
    ],
)
def test_days_that_cannot_be_are_refused_and_nothing_changes(world, name, facts, field):
    request = filed(world.caseworker)

    with pytest.raises(RequestProblem) as problem:
        moved(request, world.caseworker, name, **facts)

    assert problem.value.field == field
    assert (request.status, request.answered_on) == ("FILED", None)


def test_an_appeal_comes_after_what_it_is_against(world):
    denied = moved(filed(world.caseworker), world.caseworker, "deny", answered_on=date(2024, 8, 5))
    silent = moved(filed(world.caseworker), world.caseworker, "silence")

    for request, day in ((denied, date(2024, 8, 2)), (silent, DUE)):
        with pytest.raises(RequestProblem) as problem:
            moved(request, world.caseworker, "appeal", appealed_on=day)
        assert problem.value.field == "appealed_on"
    moved(denied, world.caseworker, "appeal", appealed_on=date(2024, 8, 6))
    with pytest.raises(RequestProblem) as problem:
        moved(denied, world.caseworker, "grant", appeal_decided_on=date(2024, 8, 5))
    assert problem.value.field == "appeal_decided_on"


@pytest.mark.parametrize("name", ["deny", "answer_part"])
def test_a_denial_needs_its_day_from_which_the_term_to_appeal_runs(world, sign_in, name):
    request = filed(world.caseworker)
    page = f"/contracts/requests/{request.reference}/moves/{name}"
    browser = sign_in(world.caseworker)

    without = browser.post(page, {"answer": "It is secret"})
    with pytest.raises(RequestProblem) as problem:
        moved(request, world.caseworker, name, answer="It is secret")

    assert without.status_code == 400 and "the term to appeal runs from it" in without.text
    assert "It is secret" in without.text and problem.value.field == "answered_on" and request.status == "FILED"


def test_a_denial_of_which_neither_day_nor_words_are_on_record_can_be_appealed(world):
    old = a_request(
        world.caseworker, status="DENIED", filed=UncertainDate.on(FILED), due_on=DUE, answered_on=None, answer=None
    )

    moved(old, world.caseworker, "appeal", appealed_on=date(2024, 8, 6))

    assert (old.status, old.appealed_on) == ("APPEAL", date(2024, 8, 6))


def test_the_way_to_the_end_and_back(world):
    request = moved(filed(world.caseworker), world.caseworker, "deny", answered_on=date(2024, 8, 5), answer="No")
    moved(request, world.caseworker, "appeal", appealed_on=date(2024, 8, 6), appeal_number="1-2024")
    moved(request, world.caseworker, "reject", appeal_outcome="Unfounded")
    with pytest.raises(MoveNotAllowed):
        moved(request, world.caseworker, "reject", appeal_outcome="Again")
    moved(request, world.caseworker, "grant", appeal_decided_on=date(2025, 2, 3), appeal_outcome="Habeas data")
    assert request.status == "GRANTED_APPEAL"

    moved(request, world.caseworker, "take_back")

    assert (request.status, request.due_on) == ("FILED", DUE)
    assert not any((request.answered_on, request.answer, request.appealed_on, request.appeal_outcome))


# --- who sees them, and what they see ------------------------------------------------------------


def test_the_team_works_with_them_and_nobody_else_sees_any(world, sign_in):
    request = filed(world.caseworker, subject=SECRET)

    for who in ("caseworker", "colleague", "coordinator"):
        assert SECRET in sign_in(getattr(world, who)).get("/contracts/requests/").text
    for who in ("analyst", "stranger", "foreign_coordinator"):
        browser = sign_in(getattr(world, who))
        page = browser.get("/contracts/requests/")
        assert page.status_code == 200 and SECRET not in page.text and request.reference not in page.text
        assert browser.get(f"/contracts/requests/{request.reference}").status_code == 404
        assert request.reference not in browser.get("/deadlines/?whose=team").text
        assert request.reference not in browser.post("/contracts/requests/export", form_at="/profile").text


def test_late_ones_come_first_and_are_found_by_subject_body_and_number(world):
    police = an_organisation("Policía Nacional", kind="POLICE")
    done = moved(filed(world.caseworker, subject="Answered"), world.caseworker, "answer_full", answered_on=DUE)
    running = filed(world.caseworker, on=today(), subject="Running", body=police, body_text=None)
    late = filed(world.caseworker, subject="Late: convenios", number="HT-77")
    foreign = filed(world.stranger, subject="Late: convenios")

    def found(**wish):
        return list(db.session.scalars(requests_found(world.colleague, RequestWish(**wish), today())).unique())

    assert found() == [late, running, done]
    assert found(text="CONVENIO") == found(text="ht-77") == found(status="LATE") == [late]
    assert found(text="policia") == [running]
    assert found(status="ANSWERED_FULL") == [done]
    assert foreign not in found()
    police.rename("Comandancia General")
    db.session.commit()
    assert found(text="comandancia") == [running]


def test_contracts_and_proceedings_that_one_may_not_see_are_in_no_page_history_or_file(world, sign_in):
    shown = a_contract(world.colleague, "Seen agreement")
    hidden = a_contract(world.colleague, "Hidden agreement", confidentiality="RESTRICTED")
    case = factories.a_case(world.south, world.colleague, by=world.colleague)
    habeas = factories.a_proceeding(case, world.colleague, "Hidden habeas data")
    request = a_request(world.colleague, contracts=[shown, hidden], proceeding=habeas)
    mine, theirs = sign_in(world.colleague), sign_in(world.caseworker)
    address = f"/contracts/requests/{request.reference}"

    def texts(browser):
        found = [browser.get(address).text, browser.get(f"{address}/history").text, browser.get(f"{address}/edit").text]
        return " ".join([*found, browser.post("/contracts/requests/export", form_at="/profile").text])

    for reference in (shown.reference, hidden.reference, habeas.reference):
        assert reference in texts(mine)
    for words in (hidden.reference, "Hidden agreement", habeas.reference, "Hidden habeas data"):
        assert words not in texts(theirs)
    # To save what one sees takes nothing away from what one does not see.
    answer = theirs.post(
        f"{address}/edit", {"version": request.version, "subject": "New", "body": "PNP", "contracts": ""}
    )
    assert answer.status_code == 303
    assert [link.contract for link in request.contract_links] == [hidden]
    assert (request.proceeding, request.subject) == (habeas, "New")
    assert hidden.reference not in texts(theirs)


# --- the agenda ----------------------------------------------------------------------------------


def dues(user, **wish):
    return {(due.kind, due.reference): due for due in requests_due(user, DueWish(**wish))}


def test_the_answer_and_the_appeal_are_due_to_who_recorded_it_and_to_coordination(world):
    request = filed(world.caseworker)
    foreign = filed(world.stranger)

    for user, wish in ((world.caseworker, {}), (world.coordinator, {}), (world.colleague, {"whose": TEAM})):
        found = dues(user, **wish)
        assert found[ANSWER, request.reference].day == DUE
        assert found[ANSWER, request.reference].late
        # The term to appeal a silence runs, whether or not somebody has written the silence down.
        assert found[APPEAL, request.reference].day == appeal_term(DUE).last_on
        assert (ANSWER, foreign.reference) not in found
    assert dues(world.colleague) == dues(world.analyst, whose=TEAM) == {}


def test_what_was_answered_or_appealed_is_settled_and_what_is_withdrawn_is_gone(world):
    request = moved(filed(world.caseworker), world.caseworker, "deny", answered_on=date(2024, 8, 5))
    assert dues(world.caseworker)[ANSWER, request.reference].settled_on == date(2024, 8, 5)
    assert dues(world.caseworker)[APPEAL, request.reference].settled_on is None

    moved(request, world.caseworker, "appeal", appealed_on=date(2024, 8, 6))
    assert dues(world.caseworker) == {}
    assert dues(world.caseworker, settled=True)[APPEAL, request.reference].settled_on == date(2024, 8, 6)

    requests.withdraw_request(world.caseworker, request, "Twice")
    db.session.commit()
    assert dues(world.caseworker, settled=None) == {}


def test_the_feed_holds_the_day_and_the_reference_only(world, app):
    from app.deadlines.feed import calendar_of, make_feed
    from app.deadlines.queries import settings_of

    request = filed(world.caseworker, on=today(), subject=SECRET)
    make_feed(world.caseworker, "")
    with app.test_request_context():
        text = calendar_of(settings_of(world.caseworker)).decode()

    assert request.reference in text and f"{request.due_on:%Y%m%d}" in text
    assert "minera" not in text


# --- pages ---------------------------------------------------------------------------------------


def test_from_a_draft_to_silence_by_the_forms(world, sign_in):
    browser = sign_in(world.caseworker)
    answer = browser.post(
        "/contracts/requests/new", {"subject": SECRET, "body": "Mininter", "status": "DRAFT", "team_id": world.south.id}
    )
    request = db.session.scalars(visible(TransparencyRequest, world.caseworker)).one()
    address = f"/contracts/requests/{request.reference}"
    assert answer.location == address

    counted = browser.post(f"{address}/moves/file", {"filed": "22/7/2024", "act": "count"})
    assert "8/8/2024" in counted.text and "Independence" in counted.text and request.status == "DRAFT"
    future = browser.post(f"{address}/moves/file", {"filed": "22/7/2099"})
    assert future.status_code == 400 and "22/7/2099" in future.text and "future" in future.text
    assert browser.post(f"{address}/moves/file", {"filed": "22/7/2024"}).status_code == 303

    page = browser.get(address).text
    assert "The term has passed: silence. It could be appealed until 29 Aug 2024." in page
    assert "The term has passed" in browser.get("/contracts/requests/").text
    assert browser.post(f"{address}/moves/silence").status_code == 303
    assert browser.get(f"{address}/moves/silence").status_code == 409
    history = browser.get(f"{address}/history").text
    assert "No answer in term" in history and "8 Aug 2024" in history


def test_pages_of_lower_rooms_show_the_requests_of_who_may_see_them(world, sign_in):
    body = an_organisation("Ministerio", kind="MINISTRY")
    case = factories.a_case(world.south, world.caseworker, confidentiality="TEAM", by=world.caseworker)
    habeas = factories.a_proceeding(case, world.caseworker)
    filed(world.caseworker, subject=SECRET, body=body, proceeding=habeas)

    for address in (f"/organisations/{body.reference}", f"/proceedings/{habeas.reference}"):
        assert SECRET in sign_in(world.caseworker).get(address).text
        analyst = sign_in(world.analyst).get(address)
        assert analyst.status_code == 200 and SECRET not in analyst.text


def test_the_file_is_noted_in_the_trail_without_what_was_typed(world, sign_in):
    from sqlalchemy import select

    from app.audit import AuditEntry

    filed(world.caseworker, subject=SECRET)
    text = sign_in(world.caseworker).post("/contracts/requests/export", {"text": "convenios"}, form_at="/profile").text

    assert SECRET in text and "2024-08-08" in text
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "export_taken")).one()
    assert "convenios" not in str(entry.columns)


def test_a_request_holds_files_for_who_reads_it(world, sign_in):
    request = filed(world.caseworker)
    address = f"/contracts/requests/{request.reference}"

    page = sign_in(world.colleague).get(address).text

    assert f"/contracts/new?request={request.reference}" in page
    assert "/files/" in page or "/evidence/" in page


def test_the_contract_that_came_is_linked_to_its_request(world, sign_in):
    request = factories.a_request(world.caseworker)
    foreign = factories.a_request(world.stranger)
    factories.an_organisation("Minera Norte")
    browser = sign_in(world.caseworker)
    given = {
        "title": "The one that came", "modality": "INSTITUTIONAL", "company": "Minera Norte", "status": "SIGNED",
        "confidentiality": "TEAM", "sources-0-citation": "The answer",
    }  # fmt: skip

    form = browser.get(f"/contracts/new?request={request.reference}").text
    obtained = re.search(r'<option selected value="(\w+)"[^>]*>', form[form.index('id="obtained"') :])[1]
    browser.post(f"/contracts/new?request={request.reference}", given | {"obtained": obtained})

    assert obtained == "REQUEST"
    assert [link.contract.title for link in request.contract_links] == ["The one that came"]
    assert browser.get(f"/contracts/new?request={foreign.reference}").status_code == 404
