"""A new record before its first save: its text is kept for who types it, offered again, and erased when saved."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.access import unguarded
from app.audit import AuditEntry
from app.db import db, now
from app.incidents.models import Incident, Unsaved
from app.incidents.unsaved import KEPT_FOR, LONGEST, MOST_KEPT
from tests.factories import Browser
from tests.incidents.test_logging import WHOLE, problems, recorded

TYPED = {"title_es": "Llamada de noche", "narrative": "Dos voces.", "language": "es", "country": "PE"}
NEW, KEEP = "/incidents/new", "/incidents/new/autosave"


class Window:
    """A form for a new record as a browser holds it open."""

    def __init__(self, browser, address=NEW):
        self.browser, self.page = browser, browser.get(address, follow_redirects=True)
        self.hidden = {
            name: re.search(rf'name="{name}" value="([^"]*)"', main_form(self.page.text)).group(1)
            for name in ("form_token", "unsaved")
        }

    def keep(self, **typed):
        return self.browser.post(KEEP, {**self.hidden, **TYPED, **typed}, form_at=NEW)

    def save(self, **typed):
        return self.browser.post(NEW, {**self.hidden, **TYPED, "save": "draft", **typed})


def main_form(text):
    return text[text.index("data-draft") :]


def kept():
    rows = db.session.scalars(unguarded(select(Unsaved).order_by(Unsaved.at), "the test looks at all"))
    return [(row.user_id, dict(row.typed).get("title_es")) for row in rows]


def go_on(browser):
    """The window of who follows the offer."""
    offered = browser.get(NEW, follow_redirects=True).text
    return Window(browser, re.search(r'href="(/incidents/new\?unsaved=[^"]+)"', offered).group(1))


@pytest.fixture
def browser(world, sign_in):
    return sign_in(world.caseworker)


def test_what_is_typed_is_kept_and_is_no_record(world, browser):
    answer = Window(browser).keep()

    assert answer.status_code == 200 and re.fullmatch(r"\d\d:\d\d", answer.json["at"])
    assert kept() == [(world.caseworker.id, "Llamada de noche")]
    assert recorded(world.caseworker) == []
    assert db.session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.table_name == "unsaved")) == 0


def test_it_is_offered_next_time_and_goes_on_where_it_stopped(browser):
    Window(browser).keep(**{"victims-0-who": "Garza", "victims-1-who": "Ibis", "victims-1-kind": "INDIVIDUAL"})

    offered = browser.get(NEW, follow_redirects=True).text
    page = go_on(browser).page.text

    assert re.search(r"You had begun a record on \d+ \w+ \d{4} \d\d:\d\d: “Llamada de noche”", offered)
    assert "Llamada de noche" not in main_form(offered)
    assert 'value="Llamada de noche"' in main_form(page) and "Dos voces." in page
    assert 'value="Garza"' in page and 'value="Ibis"' in page
    assert "You had begun" not in page


def test_nobody_else_is_offered_it_or_opens_or_discards_it(world, browser, sign_in):
    window = Window(browser)
    window.keep()
    token = window.hidden["form_token"]

    for user in (world.colleague, world.coordinator, world.stranger):
        other = sign_in(user)
        assert "Llamada de noche" not in other.get(NEW, follow_redirects=True).text
        assert other.get(f"{NEW}?unsaved={token}", follow_redirects=True).status_code == 404
        other.post(f"{NEW}/discard", {"form_token": token}, form_at=NEW)
        other.post(KEEP, {"form_token": "another", "unsaved": f"{token}:1", "title_es": "Mine"}, form_at=NEW)
    for user in (world.analyst, world.administrator, world.auditor):
        assert sign_in(user).get(f"{NEW}?unsaved={token}").status_code == 403

    assert (world.caseworker.id, "Llamada de noche") in kept()


def test_the_same_token_of_two_people_is_two_texts(world, browser, sign_in):
    other = sign_in(world.colleague)
    for each, title in ((browser, "Mine"), (other, "Yours")):
        each.post(KEEP, {"form_token": "the-same", "title_es": title}, form_at=NEW)

    assert sorted(title for _user, title in kept()) == ["Mine", "Yours"]


def test_saving_erases_it(world, browser):
    window = Window(browser)
    window.keep()

    answer = window.save()
    late = window.keep(narrative="One more word that was under way.")

    assert answer.status_code == 303, problems(answer)
    assert late.status_code == 409
    assert kept() == []
    assert "You had begun" not in browser.get(NEW, follow_redirects=True).text


def test_sending_a_draft_that_lacks_something_erases_it_too(world, browser):
    window = Window(browser)
    window.keep()

    answer = window.save(save="send")

    assert answer.status_code == 400
    assert len(recorded(world.caseworker)) == 1
    assert kept() == []


def test_a_form_that_is_refused_keeps_it(world, browser):
    window = Window(browser)
    window.keep(title_es="")

    answer = window.save(title_es="")

    assert answer.status_code == 400
    assert recorded(world.caseworker) == []
    assert len(kept()) == 1


def test_who_went_on_and_saves_leaves_nothing_behind(world, browser):
    Window(browser).keep()

    answer = go_on(browser).save(**WHOLE)

    assert answer.status_code == 303, problems(answer)
    assert kept() == []


def test_lines_added_without_script_still_know_what_they_go_on_with(browser):
    Window(browser).keep()
    window = go_on(browser)

    page = browser.post(NEW, {**window.hidden, **TYPED, "add": "sources"})

    assert window.hidden["unsaved"] in page.text and window.hidden["form_token"] in page.text


def test_two_windows_are_two_texts(browser):
    first, second = Window(browser), Window(browser)

    first.keep(title_es="One")
    second.keep(title_es="Two")
    first.keep(title_es="One and more")

    assert sorted(title for _user, title in kept()) == ["One and more", "Two"]


def test_going_on_moves_the_text_and_takes_nothing_that_came_later(browser):
    first = Window(browser)
    first.keep(title_es="Before")
    second = go_on(browser)
    second.keep(title_es="Going on")
    assert [title for _user, title in kept()] == ["Going on"]

    first.keep(title_es="Still here")
    third = go_on(browser)
    first.keep(title_es="Newest")
    third.keep(title_es="Going on again")

    assert {"Newest", "Going on again"} <= {title for _user, title in kept()}


def test_discarded_is_gone(browser):
    window = Window(browser)
    window.keep()

    answer = browser.post(f"{NEW}/discard", {"form_token": window.hidden["form_token"]}, form_at=NEW, follow=True)

    assert "discarded" in answer.text
    assert kept() == []


def test_a_form_in_which_nothing_stands_is_not_kept(browser):
    window = Window(browser)
    window.keep()

    window.keep(title_es="", narrative=" ", language="en")

    assert kept() == []


def test_no_secret_and_no_button_is_kept(browser):
    Window(browser).keep(save="draft", add="sources")

    (typed,) = db.session.scalars(unguarded(select(Unsaved.typed), "the test looks at all"))
    assert not {"csrf_token", "form_token", "save", "add"} & {name for name, _value in typed}


def test_old_ones_go_and_no_more_than_a_few_are_kept(world, browser):
    long_ago = Unsaved(user_id=world.caseworker.id, form_token="old", typed=[["title_es", "Old"]], at=now() - KEPT_FOR)
    db.session.add(long_ago)
    for number in range(MOST_KEPT):
        at = now() - timedelta(hours=number + 1)
        row = Unsaved(user_id=world.caseworker.id, form_token=f"n{number}", typed=[["title_es", f"N{number}"]], at=at)
        db.session.add(row)
    db.session.commit()
    assert "Old" not in main_form(browser.get(NEW, follow_redirects=True).text)

    Window(browser).keep()

    titles = [title for _user, title in kept()]
    assert len(titles) == MOST_KEPT
    assert titles[-1] == "Llamada de noche" and titles[0] == f"N{MOST_KEPT - 2}"


@pytest.mark.parametrize(
    ("typed", "status"),
    [({"form_token": ""}, 400), ({"form_token": "x" * 44}, 400), ({"narrative": "x" * (LONGEST + 1)}, 413)],
)
def test_what_cannot_be_kept_is_refused(browser, typed, status):
    assert Window(browser).keep(**typed).status_code == status
    assert kept() == []
    assert db.session.scalar(unguarded(select(func.count(Incident.id)), "the test counts")) == 0


def test_without_a_session_nothing_is_kept(app, world):
    answer = Browser(app.test_client()).post(KEEP, {**TYPED, "form_token": "somebody"}, form_at="/sign-in")

    assert answer.status_code == 401
    assert kept() == []
