"""What is changed through the form is told in the history: nothing that it can change is left out."""

from datetime import timedelta
from html import unescape

import pytest

from app.db import db, now
from tests import factories
from tests.incidents.test_logging import WHOLE, problems, recorded
from tests.incidents.test_two_people import typed_in


@pytest.fixture
def tell(world, sign_in, monkeypatch):
    """`tell(changes)` makes a record, changes it an hour later, and gives its history as the page shows it."""
    browser = sign_in(world.caseworker)

    def told(**changes):
        browser.post("/incidents/new", {**WHOLE, "save": "draft"})
        (incident,) = recorded(world.caseworker)
        page = f"/incidents/{incident.reference}"
        text = browser.get(f"{page}/edit").text
        form = typed_in(text[text.index("data-draft") :])
        monkeypatch.setattr("app.audit.now", lambda: now() + timedelta(hours=1))
        answer = browser.post(f"{page}/edit", {**form, "save": "draft", **changes})
        assert answer.status_code == 303, problems(answer)
        return unescape(browser.get(f"{page}/history").text)

    return told


def test_the_date_as_the_source_says_it(tell):
    told = tell(happened_text="en la cosecha")

    assert "Caseworker filled in the date as the source says it: en la cosecha." in told


def test_a_company(world, tell):
    factories.an_organisation("Minera Alta")
    db.session.commit()

    assert "Caseworker added to companies: Minera Alta." in tell(**{"companies-0": "Minera Alta"})


def test_an_answer_of_a_person(tell):
    told = tell(**{"victims-0-consent": "C1"})

    assert "wrote down an answer of Garza:" in told and "C1 · " in told
    assert "ended an answer of Garza:" in told and "C3 · " in told


@pytest.mark.parametrize(
    ("changes", "now_"),
    [({"credibility": "3"}, "B3"), ({"reliability": "A"}, "A2"), ({"reliability": "", "credibility": "3"}, "–3")],
)
def test_the_whole_grade_of_a_source(tell, changes, now_):
    told = tell(**{f"sources-0-{name}": value for name, value in changes.items()})

    assert f"changed sources: before Testimonio (B2), now Testimonio ({now_})." in told
