"""The list and the month show what is due to those who may see it, and the desk reminds them."""

import re
from datetime import date, timedelta

import pytest

from app.dates import today
from app.db import db
from app.proceedings.models import Accused, Deadline, Hearing, Measure
from tests import factories
from tests.factories import a_proceeding


@pytest.fixture
def case(world):
    return factories.a_case(world.south, world.caseworker, by=world.caseworker)


def a_term(proceeding, due_on, **values):
    values = {"rule": "PE-D10", "triggered_on": due_on, "computed_on": due_on, "due_on": due_on, **values}
    proceeding.deadlines.append(Deadline(**values))
    db.session.commit()


@pytest.fixture
def busy(world, case):
    """A proceeding with everything that has a day."""
    proceeding = a_proceeding(case, world.caseworker, title="The trial of the square")

    def in_days(number):
        return today() + timedelta(days=number)

    a_term(proceeding, in_days(-2))
    a_term(proceeding, in_days(2), rule="PE-D13", part="HEARING", confirmed_on=today(), confirmed_by="A lawyer")
    a_term(proceeding, in_days(90), done_on=today())
    proceeding.hearings = [
        Hearing(held_on=in_days(5), held_at="09:30", kind="TRIAL", place="Sala Penal"),
        Hearing(held_on=in_days(-40), what_happened="Adjourned"),
    ]
    accused = Accused(person=factories.a_person(world.caseworker))
    proceeding.accused = [accused]
    accused.measures = [Measure(proceeding_id=proceeding.id, measure="PE-PREV", limit_on=in_days(30))]
    db.session.commit()
    return proceeding


def test_the_list_tells_what_has_passed_what_is_near_and_what_comes_later(world, busy, sign_in):
    page = sign_in(world.caseworker).get("/deadlines/").text
    passed, near, later = page.index("Their day has passed"), page.index("In the next 14 days"), page.index(">Later<")
    assert passed < page.index("Appeal of judgment") < near < page.index("09:30") < later
    assert later < page.index("Last day of:")
    assert "Confirmed by a lawyer" in page and "A lawyer has yet to confirm it" in page
    assert "Sala Penal" in page and "4 dates" in page and "Adjourned" not in page


def test_it_can_be_narrowed_to_a_kind_and_to_what_is_done(world, busy, sign_in):
    browser = sign_in(world.caseworker)
    hearings = browser.get("/deadlines/?kind=HEARING").text
    assert "09:30" in hearings and "Last day of:" not in hearings
    done = browser.get("/deadlines/?done=yes").text
    assert f"done on {today().day}" in done and "Last day of:" not in done


def test_what_others_record_is_on_no_list_and_in_no_month(world, busy, case, sign_in):
    pages = ("/deadlines/", "/deadlines/?whose=team", "/deadlines/month", "/deadlines/month?whose=team", "/work/")
    for user in (world.stranger, world.colleague, world.foreign_coordinator):
        browser = sign_in(user)
        for page in pages:
            assert busy.reference not in browser.get(page).text


def test_who_reads_without_identities_learns_days_and_codes(world, busy, sign_in):
    page = sign_in(world.analyst).get("/deadlines/?whose=team").text
    assert busy.reference in page and "09:30" in page
    assert "The trial of the square" not in page and "Sala Penal" not in page


def test_a_withdrawn_case_has_nothing_due(world, case, busy, sign_in):
    browser = sign_in(world.coordinator)
    browser.post(f"/cases/{case.reference}/withdraw", {"reason": "Entered twice"}, form_at=f"/cases/{case.reference}")
    assert busy.reference not in browser.get("/deadlines/?whose=team").text


def test_the_month_shows_each_day_with_what_is_due_and_why_courts_are_closed(world, case, sign_in):
    proceeding = a_proceeding(case, world.caseworker)
    a_term(proceeding, date(2024, 5, 6))
    a_term(proceeding, date(2024, 6, 3), rule="PE-D08")
    page = sign_in(world.caseworker).get("/deadlines/month?month=2024-05").text

    square = re.search(r"<td[^>]*><time datetime=\"2024-05-06\">.*?</td>", page, re.DOTALL)[0]
    assert "Appeal of judgment" in square and proceeding.reference in square
    first = re.search(r"<td role=\"cell\" class=\"off[^>]*><time datetime=\"2024-05-01\">.*?</td>", page, re.DOTALL)[0]
    assert "Labor Day" in first and proceeding.reference not in first
    assert page.count(f">{proceeding.reference}<") == 1
    assert "month=2024-04" in page and "month=2024-06" in page


@pytest.mark.parametrize("month", ["2024-13", "x", "20255-01", "1800-01", "", "2024-05-06", "٢٠٢٤-٠٥"])
def test_a_month_that_is_none_is_this_one(world, sign_in, month):
    page = sign_in(world.caseworker).get("/deadlines/month", query_string={"month": month})
    assert page.status_code == 200 and f'datetime="{today().isoformat()[:7]}-15"' in page.text


def test_december_and_january_lie_side_by_side(world, sign_in):
    page = sign_in(world.caseworker).get("/deadlines/month?month=2024-12").text
    assert "month=2024-11" in page and "month=2025-01" in page


def test_the_desk_and_the_menu_remind(world, busy, sign_in):
    page = sign_in(world.caseworker).get("/work/").text
    assert "What is due" in page and "09:30" in page
    assert re.search(r'href="/deadlines/"[^>]*>.*?<span class="n">\D*2\D', page, re.DOTALL)
    assert "What is due" not in sign_in(world.coordinator).get("/work/").text  # she follows no case


def test_who_follows_no_case_is_told_of_what_is_due_in_their_team(world, busy, sign_in):
    assert "4 more in your team" in sign_in(world.coordinator).get("/deadlines/").text
    assert "more in your team" not in sign_in(world.colleague).get("/deadlines/").text
    assert "more in your team" not in sign_in(world.caseworker).get("/deadlines/").text


def test_the_case_tells_what_is_next_in_the_order_of_its_days(world, case, busy, sign_in):
    promise = factories.a_protection(case, world.caseworker, "COMMITMENT", asked="A post")
    promise.next_on = today() + timedelta(days=3)
    other = factories.a_case(world.south, world.caseworker, by=world.caseworker)
    a_term(a_proceeding(other, world.caseworker), today() + timedelta(days=1), rule="PE-D08")

    page = sign_in(world.caseworker).get(f"/cases/{case.reference}").text
    told = re.findall(
        r'<time class="[^"]*" datetime="([0-9-]{10})">', page.split('id="next"')[1].split("</section>")[0]
    )
    assert told == sorted(told) and promise.next_on.isoformat() in told
    assert (today() + timedelta(days=1)).isoformat() not in told
