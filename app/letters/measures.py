"""What was asked of whom to protect people, what was answered and really done; and how great the risk is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from app import i18n
from app.letters.blocks import day_words, labels_of
from app.protection.models import Commitment, Protection, ProtectionMeasure, RiskAssessment
from app.protection.queries import shown_title, status_words
from app.protection.risk import THREAT, factors_in
from app.vocabulary.queries import label
from app.word_files import Facts, Text


def told(records: list[Protection]) -> Iterator[Any]:
    for one in records:
        yield Text(shown_title(one, True), "heading")
        pairs = [
            (_("Date"), day_words(one.happened)),
            (_("Number"), one.number if isinstance(one, ProtectionMeasure) else None),
            (_("What was promised") if isinstance(one, Commitment) else _("What was asked"), one.asked),
            (_("Responsible sector"), label("state_sectors", one.sector)),
            (_("Current status"), status_words(one)),
            (_("Answer"), _answer(one)),
            (_("What was really done"), one.really_done if isinstance(one, ProtectionMeasure) else None),
        ]
        yield Facts([(words, value) for words, value in pairs if value])
        for step in one.steps_in_order:
            done = _("really done: %(what)s", what=step.really_done) if step.really_done else ""
            words = "; ".join(filter(None, [label("protection_steps", step.step), done]))
            yield Text(f"{day_words(step.taken)}: {words}", "bullet")


def _answer(one: Protection) -> str:
    known = one.answered.earliest or one.answered.latest
    return ": ".join(filter(None, [i18n.uncertain_date_words(one.answered) if known else "", one.answer]))


def risks_told(risks: list[RiskAssessment], names: dict[int, str]) -> Iterator[Text]:
    """The last assessment of each person: what threatens them, never where they are weak or what holds them up.

    A letter is passed on to the Government, and may reach whoever threatens.
    """
    last = {one.person_id: one for one in risks if one.person_id is not None}
    for number, one in last.items():
        who = names.get(number) or one.whose
        threats = {entry.code for entry in factors_in(THREAT)}
        factors = labels_of("risk_factors", [each.factor for each in one.factors if each.factor in threats])
        day = day_words(one.happened)
        level = label("risk_levels", one.level)
        found = _("%(who)s: risk assessed on %(day)s: %(level)s", who=who, day=day, level=level)
        yield Text(". ".join(filter(None, [found, factors])), "bullet")
