"""What speaks against an entry about protection. Sources contradict each other: it is saved with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.dates import UncertainDate
from app.doubts import Doubt, backwards, runs_backwards
from app.i18n import uncertain_date_words

WORDS: dict[str, Any] = {
    "answered_before": _l("the answer lies before the request"),
    "ended_before": _l("the end lies before the beginning"),
    "next_before": _l("the next step lies before the request"),
    "review_before": _l("the review lies before the assessment"),
    "due_before": _l("the promised day lies before the promise"),
    "told_before": _l("what became of it lies before the promise"),
    "step_before": _l("the step lies before the request"),
    "in_future": _l("the day is still to come"),
}
"""A doubt by its code, for the line that stays with the row."""


def _doubt(code: str, first: UncertainDate, last: UncertainDate, sentence: str) -> list[Doubt]:
    return [Doubt(code, doubt.sentence) for doubt in backwards(first, last, sentence)]


def of_request(
    asked_on: UncertainDate, answered: UncertainDate, ended: UncertainDate, next_on: date | None
) -> list[Doubt]:
    """Of a measure or an action: asked, answered, ended and the next day, in this order."""
    words = uncertain_date_words(asked_on)
    following = UncertainDate.on(next_on) if next_on else UncertainDate()
    sentence = _("The answer lies before the request (%(day)s).", day=words)
    doubts = _doubt("answered_before", asked_on, answered, sentence)
    doubts += _doubt("ended_before", asked_on, ended, _("The end lies before the request (%(day)s).", day=words))
    if not runs_backwards(asked_on, ended):
        sentence = _("The end lies before the answer (%(day)s).", day=uncertain_date_words(answered))
        doubts += _doubt("ended_before", answered, ended, sentence)
    return doubts + _doubt(
        "next_before", asked_on, following, _("The next step lies before the request (%(day)s).", day=words)
    )


def of_review(assessed: UncertainDate, review: date | None) -> list[Doubt]:
    until = UncertainDate.on(review) if review else UncertainDate()
    words = uncertain_date_words(assessed)
    return _doubt("review_before", assessed, until, _("The review lies before the assessment (%(day)s).", day=words))


def of_promise(promised: UncertainDate, due: date | None, told: UncertainDate) -> list[Doubt]:
    words = uncertain_date_words(promised)
    until = UncertainDate.on(due) if due else UncertainDate()
    doubts = _doubt("due_before", promised, until, _("It would be due before it was promised (%(day)s).", day=words))
    return doubts + _doubt(
        "told_before", promised, told, _("What became of it lies before the promise (%(day)s).", day=words)
    )


def of_step(asked_on: UncertainDate, taken: UncertainDate) -> list[Doubt]:
    sentence = _("The step lies before the request (%(day)s).", day=uncertain_date_words(asked_on))
    return _doubt("step_before", asked_on, taken, sentence)


def of_day(day: UncertainDate, today: date) -> list[Doubt]:
    """What is told as having happened can hardly lie ahead."""
    if day.earliest is None or day.earliest <= today:
        return []
    return [Doubt("in_future", _("This day is still to come (%(day)s).", day=uncertain_date_words(day)))]


def words_of(codes: list[str] | None) -> str:
    return "; ".join(str(WORDS.get(code, code)) for code in codes or [])
