"""A proceeding as a letter tells it: who, for what, where it stands, and what was ordered meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from flask_babel import gettext as _

from app import i18n
from app.dates import today
from app.letters.blocks import day_words, labels_of, others
from app.proceedings.custody import days_held
from app.proceedings.models import Accused, Measure, Proceeding
from app.proceedings.queries import stage_told
from app.timeline.court import days_words
from app.vocabulary.queries import label
from app.word_files import Facts, Text

NameOf = Callable[[Accused], str]


def told(proceeding: Proceeding, name_of: NameOf | None, with_numbers: bool = True) -> Iterator[Any]:
    """*name_of* gives no name for who is only counted; where it is None, everybody is only counted.

    The numbers by which authorities keep the matter lead to the accused: who stays unnamed needs a telling without.
    """
    yield Text(proceeding.title_in(i18n.language()), "heading")
    pairs = [
        (_("Kind"), label("proc_kinds", proceeding.kind)),
        (_("Numbers"), ", ".join(number.number for number in proceeding.numbers) if with_numbers else ""),
        (_("Court"), proceeding.court.name if proceeding.court else proceeding.court_text),
        (_("Prosecutor"), proceeding.prosecutor.name if proceeding.prosecutor else proceeding.prosecutor_text),
        (_("Complainant"), proceeding.complainant.name if proceeding.complainant else proceeding.complainant_text),
        (_("Accused"), _accused(proceeding, name_of)),
        (_("Charges"), _charges(proceeding)),
        (_("Stage"), label("proc_stages", proceeding.current_stage)),
        (_("Outcome"), label("proc_outcomes", proceeding.outcome)),
        (_("Sentence"), proceeding.sentence_text),
        (_("Forms of criminalisation"), labels_of("criminalisation_forms", proceeding.criminalisation_forms or [])),
    ]
    yield Facts([(words, value) for words, value in pairs if value])
    for words in [*_stages(proceeding), *_measures(proceeding, name_of), *_hearings(proceeding)]:
        yield Text(words, "bullet")


def _accused(proceeding: Proceeding, name_of: NameOf | None) -> str:
    least, most = proceeding.accused_counted()
    counted = i18n.count_range(least or None, most) if proceeding.accused else ""
    return _who(proceeding.accused, name_of) or counted


def _who(rows: Collection[Accused], name_of: NameOf | None) -> str:
    """Those who are named, and how many more there are; nothing where nobody is named."""
    names = {row.id: name_of(row) for row in rows} if name_of else {}
    unnamed = [row.counted for row in rows if not names.get(row.id)]
    named = [name for name in names.values() if name]
    if not named or not unnamed:
        return ", ".join(named)
    mosts = [most for _least, most in unnamed if most is not None]
    most = sum(mosts) if len(mosts) == len(unnamed) else None
    return ", ".join([*named, others(sum(least for least, _most in unnamed), most)])


def _charges(proceeding: Proceeding) -> str:
    found = [
        ", ".join(filter(None, [label("offences", charge.offence), charge.article])) for charge in proceeding.charges
    ]
    return "; ".join(dict.fromkeys(found))


def _stages(proceeding: Proceeding) -> Iterator[str]:
    for stage in proceeding.stages_in_order:
        for day, words in stage_told(stage):
            yield f"{day_words(day)}: {words}"


def _measures(proceeding: Proceeding, name_of: NameOf | None) -> Iterator[str]:
    groups: dict[tuple[Any, ...], list[Measure]] = {}
    for measure in proceeding.measures:
        groups.setdefault((measure.measure, measure.started, measure.ended), []).append(measure)
    for rows in groups.values():
        one = rows[0]
        begun = day_words(one.started)
        ended = i18n.uncertain_date_words(one.ended) if one.has_ended else _("no end on record")
        who = _who([row.accused for row in rows], name_of)
        words = f"{begun} – {ended}: {label('coercive_measures', one.measure)}"
        yield "; ".join(filter(None, [words, who, days_words(days_held(one, today()))]))


def _hearings(proceeding: Proceeding) -> Iterator[str]:
    for hearing in proceeding.hearings:
        words = label("hearing_kinds", hearing.kind) or _("Hearing")
        yield f"{i18n.date_words(hearing.held_on)}: {words}"
