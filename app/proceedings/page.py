"""What the page of one proceeding shows, for this reader: facts by name, tracks, groups and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import full_ids, may, reads_in_full
from app.accounts.models import User
from app.cases.queries import shown_title as case_title
from app.dates import today
from app.db import db
from app.i18n import count_range, uncertain_date_words
from app.incidents.models import Incident
from app.incidents.queries import shown_title as incident_title
from app.proceedings.agenda import steps_of
from app.proceedings.custody import days_held, days_in_all, detentions_of, last_day, limit_for
from app.proceedings.doubts import WORDS
from app.proceedings.forms import DIRECTIONS
from app.proceedings.models import Accused, Measure, Proceeding
from app.proceedings.money import money_words
from app.proceedings.proposals import part_label
from app.proceedings.public_part import public_part_of
from app.proceedings.queries import origin_of, shown_day, shown_title
from app.proceedings.workflow import ENDS_CUSTODY, IN_CUSTODY, OF_PERSONS
from app.vocabulary.queries import entries, label


@dataclass(frozen=True)
class AccusedLine:
    """One row of the table of accused."""

    row: Accused
    name: str
    counted: str
    custody: str
    measures: list[str]
    ticked: bool


@dataclass(frozen=True)
class MeasureLine:
    """A measure, with its days counted; *over* says that it lasts beyond what the law allows."""

    row: Measure
    name: str
    days: str
    until: date | None
    over: date | None


def page_of(proceeding: Proceeding, user: User, arguments: Mapping[str, str]) -> dict[str, Any]:
    in_full = reads_in_full(user, proceeding)
    is_writer = in_full and may(user, "records.write", proceeding.team_id)
    may_write = is_writer and not proceeding.is_withdrawn and not proceeding.case.is_withdrawn
    day = today()
    answers = {answer.point: answer for answer in proceeding.answers}
    return {
        "proceeding": proceeding,
        "in_full": in_full,
        "title": shown_title(proceeding, in_full),
        "case_title": case_title(proceeding.case, in_full),
        "may_write": may_write,
        "origin": _origin(proceeding, user),
        **public_part_of(proceeding, user),
        "may_restore": is_writer and proceeding.is_withdrawn,
        "direction": DIRECTIONS[proceeding.direction],
        "part_label": part_label,
        "steps": steps_of(proceeding, in_full),
        "facts": _facts(proceeding, in_full),
        "accused_number": proceeding.accused_counted()[0],
        "accused_total": count_range(*proceeding.accused_counted()) if proceeding.accused else "",
        "lines": [_accused_line(row, arguments.get("tick") == "all", day) for row in proceeding.accused],
        "outcomes": _outcomes(proceeding),
        "charges": _charges(proceeding),
        "stages": proceeding.stages_in_order,
        "measures": [_measure_line(measure, proceeding, day) for measure in proceeding.measures],
        "measures_counted": _measures_counted(proceeding, day),
        "arbitrary": _arbitrary_counted(proceeding),
        "may_assess": may(user, "records.review", proceeding.team_id),
        "hint": _hint(proceeding),
        "held_after_all": _held_after_all(proceeding),
        "points": [(entry, answers.get(code)) for code, entry in entries("fair_trial").items() if entry.active],
        "answered": len(answers),
        "doubt_words": doubt_words,
        "shown_day": shown_day,
        "today": day,
    }


def detention_words(measure: Measure) -> str:
    """«Heron · Preventive detention · 3 May 2022»."""
    began = uncertain_date_words(measure.started)
    parts = [measure.accused.name or _("Group"), label("coercive_measures", measure.measure), began]
    return " · ".join(filter(None, parts))


def _arbitrary_counted(proceeding: Proceeding) -> list[tuple[str, int]]:
    """Answer → of how many detentions; those that nobody has answered for last."""
    answers = Counter(one.arbitrary for one in detentions_of(proceeding))
    words = {code: label("yes_no_unknown", code) for code in ("YES", "NO", "UNKNOWN")}
    found = [(words[code], answers[code]) for code in words if answers[code]]
    return [*found, (_("not answered"), answers[None])] if answers[None] else found


def _hint(proceeding: Proceeding) -> tuple[str, int] | None:
    """(outcome of the last stage that has one, how many accused it is not noted for), to be set in one go.

    After an acquittal on appeal the conviction before it would go on standing at the names of the accused.
    """
    decided = next((one.outcome for one in reversed(proceeding.stages_in_order) if one.outcome), None)
    if decided not in OF_PERSONS:
        return None
    differ = [row for row in proceeding.accused if row.role == "ACCUSED" and row.outcome != decided]
    return (decided, len(differ)) if differ else None


def _held_after_all(proceeding: Proceeding) -> int:
    """How many are on record as held although what came out for them ends that: an order of release is missing."""
    return sum(
        row.outcome in ENDS_CUSTODY and any(one.measure in IN_CUSTODY and not one.has_ended for one in row.measures)
        for row in proceeding.accused
    )


def doubt_words(codes: list[str] | None) -> str:
    return "; ".join(str(WORDS.get(code, code)) for code in codes or [])


def _origin(proceeding: Proceeding, user: User) -> list[tuple[Incident, str]]:
    """The incidents from which it arises, by the title that this reader may see."""
    found: Any = db.session.scalars(origin_of(user, proceeding)).unique().all()
    in_full = full_ids(Incident, user, found)
    return [(one, incident_title(one, one.id in in_full)) for one in found]


def _facts(proceeding: Proceeding, in_full: bool) -> list[tuple[str, Any]]:
    def body(name: str) -> Any:
        linked = getattr(proceeding, name)
        return linked or getattr(proceeding, f"{name}_text")

    forms = [label("criminalisation_forms", code) for code in proceeding.criminalisation_forms or []]
    pairs = [
        (_("Kind"), label("proc_kinds", proceeding.kind)),
        (_("Date of the facts"), proceeding.facts),
        (_("Complexity"), label("proc_complexity", proceeding.complexity)),
    ]
    if in_full:
        pairs += [
            (_("Court"), body("court")),
            (_("Prosecutor's office"), body("prosecutor")),
            (_("Complainant"), body("complainant")),
        ]
    pairs.append((_("Outcome"), label("proc_outcomes", proceeding.outcome)))
    if sentence := _sentence(proceeding, in_full):
        pairs.append((_("Sentence"), sentence))
    if proceeding.reparation_amount is not None:
        reparation = money_words(proceeding.reparation_amount, proceeding.reparation_currency)
        pairs.append((_("Civil reparation"), reparation))
    if forms:
        pairs.append((_("Forms of criminalisation"), "; ".join(forms)))
    return pairs


def _sentence(proceeding: Proceeding, in_full: bool) -> str:
    parts = []
    if proceeding.sentence_years:
        parts.append(ngettext("%(num)s year", "%(num)s years", proceeding.sentence_years))
    if proceeding.sentence_months:
        parts.append(ngettext("%(num)s month", "%(num)s months", proceeding.sentence_months))
    words = ", ".join(parts)
    if proceeding.sentence_suspended in ("YES", "NO"):
        suspended = _("suspended") if proceeding.sentence_suspended == "YES" else _("not suspended")
        words = ", ".join(filter(None, [words, suspended]))
    if in_full and proceeding.sentence_text:
        words = ". ".join(filter(None, [words, proceeding.sentence_text]))
    return words


def _accused_line(row: Accused, ticked: bool, day: date) -> AccusedLine:
    held = days_in_all(row.measures, day)
    running = [label("coercive_measures", one.measure) for one in row.measures if not one.has_ended]
    return AccusedLine(
        row=row,
        name=row.name or _("Group"),
        counted="" if row.person else count_range(row.count_least, row.count_most),
        custody=_days_words(held),
        measures=running,
        ticked=ticked,
    )


def _days_words(held: tuple[int, int] | None) -> str:
    if held is None:
        return ""
    return ngettext("%(days)s day", "%(days)s days", held[1], days=count_range(*held))


def _measure_line(measure: Measure, proceeding: Proceeding, day: date) -> MeasureLine:
    return MeasureLine(
        row=measure,
        name=measure.accused.name or _("Group"),
        days=_days_words(days_held(measure, day)),
        until=measure.holds_until,
        over=_beyond_the_law(measure, proceeding, day),
    )


def _beyond_the_law(measure: Measure, proceeding: Proceeding, day: date) -> date | None:
    """The last day that the law allows, where a measure that still runs has certainly passed it."""
    limit = limit_for(measure.measure, proceeding.complexity)
    begins = measure.started.latest or measure.started.earliest
    if limit is None or begins is None or measure.has_ended:
        return None
    allowed = last_day(begins, limit, extended=bool(measure.extensions))
    return allowed if day > allowed else None


def _outcomes(proceeding: Proceeding) -> list[tuple[str, str]]:
    """Outcome → how many accused, in the order of the list; those without one last."""
    codes = {row.outcome for row in proceeding.accused if row.role == "ACCUSED"}
    ordered = [code for code in entries("proc_outcomes") if code in codes]
    found = [(label("proc_outcomes", code), count_range(*proceeding.accused_counted(code))) for code in ordered]
    open_ones = [row for row in proceeding.accused if row.outcome is None and row.role == "ACCUSED"]
    if open_ones:
        most = [row.counted[1] for row in open_ones]
        known = [number for number in most if number is not None]
        least = sum(row.counted[0] for row in open_ones)
        found.append((_("no outcome yet"), count_range(least, sum(known) if len(known) == len(most) else None)))
    return found


@dataclass(frozen=True)
class ChargeGroup:
    """The same charge against several: said once, with how many it is about."""

    offence: str
    article: str | None
    participation: str
    outcome: str
    number: str
    doubts: str
    reason: str | None
    rows: list[Any]


def _charges(proceeding: Proceeding) -> list[ChargeGroup]:
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for charge in proceeding.charges:
        key = (charge.offence, charge.article, charge.participation, charge.outcome, charge.doubts_reason)
        groups.setdefault(key, []).append(charge)
    return [
        ChargeGroup(
            offence=label("offences", offence),
            article=article,
            participation=label("proc_participation", participation),
            outcome=label("proc_outcomes", outcome),
            number=_counted([charge.accused for charge in rows]),
            doubts=doubt_words(rows[0].doubts),
            reason=reason,
            rows=rows,
        )
        for (offence, article, participation, outcome, reason), rows in groups.items()
    ]


def _counted(rows: list[Accused]) -> str:
    mosts = [row.counted[1] for row in rows]
    known = [most for most in mosts if most is not None]
    return count_range(sum(row.counted[0] for row in rows), sum(known) if len(known) == len(mosts) else None)


def _measures_counted(proceeding: Proceeding, day: date) -> list[tuple[str, int, int]]:
    """For who reads without identity: measure, how many were ordered, how many still run."""
    ordered = Counter(measure.measure for measure in proceeding.measures)
    running = Counter(measure.measure for measure in proceeding.measures if not measure.has_ended)
    return [(label("coercive_measures", code), number, running[code]) for code, number in ordered.items()]
