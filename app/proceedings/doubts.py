"""What speaks against an entry: never refused, but saved only with the reason of whoever knows better.

Real proceedings break the order of the code, and records come in from papers that contradict each other.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.dates import UncertainDate
from app.db import db
from app.doubts import Doubt, backwards, runs_backwards
from app.i18n import date_words, uncertain_date_words
from app.proceedings.custody import last_day, limit_for
from app.proceedings.models import Proceeding, Stage
from app.proceedings.workflow import AT_ANY_TIME, FOLLOWED_BY
from app.vocabulary.queries import code_at, label

WORDS: dict[str, Any] = {
    "order": _l("this stage does not usually follow the one before"),
    "reopened": _l("it was closed before"),
    "backwards": _l("the days run backwards"),
    "before_facts": _l("it lies before the facts"),
    "too_long": _l("longer than the law allows"),
    "not_in_force": _l("the offence was not in force on the day of the facts"),
}
"""A doubt by its code, for the line that stays with the row."""


def _before_facts(proceeding: Proceeding, day: UncertainDate) -> list[Doubt]:
    if not runs_backwards(proceeding.facts, day):
        return []
    facts = uncertain_date_words(proceeding.facts)
    return [Doubt("before_facts", _("This day lies before the facts (%(day)s).", day=facts))]


# --- stages --------------------------------------------------------------------------------------


def of_stage(
    proceeding: Proceeding, stage: str, entered: UncertainDate, left: UncertainDate, row: Stage | None = None
) -> list[Doubt]:
    """*row* is the stage being mended: it is compared with those before it."""
    earlier = [one for one in proceeding.stages_in_order if one is not row]
    if row is not None:
        place = proceeding.stages_in_order.index(row)
        earlier = proceeding.stages_in_order[:place]
    doubts = backwards(entered, left, _("It would have been left before it was entered."))
    doubts += _before_facts(proceeding, entered)
    if not earlier:
        return doubts
    previous = earlier[-1]
    name = label("proc_stages", previous.stage)
    if runs_backwards(previous.entered, entered):
        entered_words = uncertain_date_words(previous.entered)
        sentence = _("The stage before, “%(stage)s”, was entered on %(day)s.", stage=name, day=entered_words)
        doubts.append(Doubt("backwards", sentence))
    return doubts + _order(proceeding, [one.stage for one in earlier], stage)


def _order(proceeding: Proceeding, earlier: list[str], stage: str) -> list[Doubt]:
    """What may follow is known for criminal cases only."""
    way = [one for one in earlier if one not in AT_ANY_TIME]
    if proceeding.kind != "CRIMINAL" or stage in AT_ANY_TIME or not way:
        return []
    previous = way[-1]
    if previous == "CLOSED":
        return [Doubt("reopened", _("It was closed. What is closed is reopened only on new evidence (NCPP 335.2)."))]
    if previous not in FOLLOWED_BY or stage in FOLLOWED_BY[previous]:
        return []
    usual = ", ".join(label("proc_stages", code) for code in FOLLOWED_BY[previous])
    sentence = _("After “%(stage)s” usually comes: %(usual)s.", stage=label("proc_stages", previous), usual=usual)
    return [Doubt("order", sentence)]


# --- measures and hearings -----------------------------------------------------------------------


def of_measure(
    proceeding: Proceeding,
    measure: str,
    started: UncertainDate,
    limit_on: date | None,
    ended: UncertainDate,
    *,
    extended: bool = False,
) -> list[Doubt]:
    until = UncertainDate.on(limit_on) if limit_on else UncertainDate()
    doubts = backwards(started, ended, _("The measure would have ended before it began."))
    doubts += backwards(started, until, _("The limit lies before the beginning."))
    doubts += _before_facts(proceeding, started)
    limit = limit_for(measure, proceeding.complexity)
    begins = started.latest or started.earliest
    if limit is None or begins is None:
        return doubts
    allowed = last_day(begins, limit, extended=extended)
    if any(day and day > allowed for day in (limit_on, ended.earliest)):
        sentence = _(
            "For “%(measure)s” the law allows until %(day)s, counted from its beginning (%(norm)s; %(complexity)s).",
            measure=label("coercive_measures", measure),
            day=date_words(allowed),
            norm=limit.norm,
            complexity=label("proc_complexity", proceeding.complexity or "COMMON"),
        )
        doubts.append(Doubt("too_long", sentence))
    return doubts


def of_hearing(proceeding: Proceeding, held_on: date, next_on: date | None) -> list[Doubt]:
    following = UncertainDate.on(next_on) if next_on else UncertainDate()
    doubts = backwards(UncertainDate.on(held_on), following, _("The next session lies before this one."))
    return doubts + _before_facts(proceeding, UncertainDate.on(held_on))


# --- charges -------------------------------------------------------------------------------------


def of_charge(proceeding: Proceeding, offence: str) -> list[Doubt]:
    """Whether the offence was in force on the day of the facts, where the pack knows its dates."""
    code = db.session.scalar(code_at("offences", offence))
    first, last = proceeding.facts.earliest, proceeding.facts.latest
    if code is None:
        return []
    words = {"offence": label("offences", offence), "facts": uncertain_date_words(proceeding.facts)}
    if code.valid_from and last and last.isoformat() < code.valid_from:
        day = date_words(date.fromisoformat(code.valid_from))
        sentence = _("“%(offence)s” is in force since %(day)s; the facts: %(facts)s (CP 6).", day=day, **words)
    elif code.valid_to and first and first.isoformat() > code.valid_to:
        day = date_words(date.fromisoformat(code.valid_to))
        sentence = _("“%(offence)s” was in force until %(day)s; the facts: %(facts)s (CP 6).", day=day, **words)
    else:
        return []
    return [Doubt("not_in_force", sentence)]
