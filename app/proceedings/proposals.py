"""Terms proposed for a proceeding: which rules there are, how one is counted, and in which words it is shown."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, Literal

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app import dates, i18n
from app.db import db
from app.i18n import date_words, long_date_words, moment_words
from app.proceedings import terms
from app.proceedings.models import ClosedDay, Deadline
from app.proceedings.terms import CannotCount, Rule, Term
from app.proceedings.working_days import Step, WorkingDays
from app.vocabulary.queries import entries, entry, label

LIMITATION_RULES = frozenset({"PE-D19", "PE-D20"})
LIFE = 99
"""How the years of a penalty are typed for life."""

STARTS: dict[str, Any] = {
    terms.NOTIFIED: _l("from the notice"),
    terms.OPENED: _l("from the order that opened the enquiries"),
    terms.FORMALISED: _l("from the formal investigation"),
    terms.CONCLUDED: _l("from the end of the investigation"),
    terms.EXPIRED: _l("from the end of the term before"),
    terms.ARRESTED: _l("from the arrest"),
    terms.READ_OUT: _l("from the reading of the operative part"),
    terms.SUMMONED: _l("from the order that sets the trial"),
    terms.FACTS: _l("from the facts"),
    terms.RECEIVED: _l("from the arrival of the file at the higher court"),
    terms.HEARD: _l("from the hearing"),
}
PARTS: dict[str, Any] = {
    terms.EXTENSION: _l("extension"),
    terms.HEARING: _l("hearing of the appeal"),
    terms.DECISION: _l("decision on the appeal"),
}
"""What may follow a term, with a term of its own."""

QUESTIONS: dict[str, Any] = {
    terms.ELECTRONIC: _l(
        "Was the notice electronic? Then it takes effect on the second day after, and the term is later."
    ),
    terms.FIRST_DAY: _l("The first day is no working day: by the letter of the law it would be the next one."),
    terms.DAY_TYPE: _l("The law does not say which days; the courts have taken calendar days."),
    terms.MOVED: _l("It ended on a day without work and was moved to the next working day."),
    terms.MONTHS_BY_CC: _l("Months are counted by the Civil Code: the procedural code knows no months."),
    terms.STARTING_DAY: _l("It is disputed from which day the formal investigation runs."),
    terms.ARREST_DAY: _l("If the day of the arrest is day one, it ends a day earlier."),
    terms.ORDER_PREVAILS: _l("This is the most that the law allows: the order may have set less."),
    terms.DISTANCE: _l("The time of the journey may be added."),
    terms.PERHAPS_OFF: _l("It counts Judges' Day or the opening of the judicial year, on which courts may be closed."),
    terms.HOUR_UNKNOWN: _l("The hour is not known: it is counted from midnight."),
    terms.WHOLE_DAYS: _l("If the days must lie wholly between, it is one working day later."),
    terms.LIMITATION: _l("Limitation is interrupted, suspended, halved or doubled by many things: ask a lawyer."),
}


def rules(complexity: str | None = None) -> list[tuple[str, str]]:
    """(code, words) of the rules that can be counted, each followed by its extension and its parts."""
    found = []
    for row in entries("proc_deadlines").values():
        try:
            rule = Rule.read(row)
        except CannotCount:
            continue
        if row.active and row.selectable:
            more = [rule.extended(complexity), *rule.parts()]
            found += [(_address(one), _words(one)) for one in (rule, *more) if one is not None]
    return found


def _address(rule: Rule) -> str:
    return f"{rule.code}/{rule.part}" if rule.part else rule.code


def _words(rule: Rule) -> str:
    start = STARTS.get(rule.starts_with, "")
    return f"{part_label(rule.code, rule.part)}: {amount_words(rule)} {start} ({rule.norm})"


def part_label(code: str, part: str | None) -> str:
    """The name of the rule, and which part of it."""
    words = label("proc_deadlines", code)
    return f"{words}: {PARTS[part]}" if part in PARTS else words


def amount_words(rule: Rule) -> str:
    """«10 working days»; empty where the number comes from the penalty."""
    if rule.amount is None:
        return ""
    words = {
        terms.HOURS: _("%(number)s hours", number=rule.amount),
        terms.MONTHS: _("%(number)s months", number=rule.amount),
        terms.YEARS: _("%(number)s years", number=rule.amount),
    }
    working = _("%(number)s working days", number=rule.amount)
    plain = _("%(number)s calendar days", number=rule.amount)
    return words.get(rule.unit, working if rule.day_type == terms.BUSINESS else plain)


def term_of(
    code: str,
    day: date,
    *,
    part: str | None = None,
    hour: str | None = None,
    amount: int | None = None,
    complexity: str | None = None,
) -> Term:
    """The proposal. Raises CannotCount."""
    row = entry("proc_deadlines", code)
    if row is None:
        raise CannotCount("not_a_rule")
    rule = Rule.read(row)
    if code in LIMITATION_RULES:
        if amount is None:
            raise CannotCount("no_penalty")
        penalty: int | Literal["LIFE", "OTHER"] = "LIFE" if amount >= LIFE else amount
        return terms.limitation(rule, day, penalty, court_days())
    rule = _part_of(rule, part, complexity) if part else rule.in_case(complexity)
    if amount is not None:
        rule = rule.set_to(amount)
    start: date | datetime = datetime.combine(day, time.fromisoformat(hour), dates.zone()) if hour else day
    return terms.propose(rule, start, court_days(), dates.zone())


def _part_of(rule: Rule, part: str, complexity: str | None) -> Rule:
    found = next((one for one in (rule.extended(complexity), *rule.parts()) if one and one.part == part), None)
    if found is None:
        raise CannotCount("not_a_rule")
    return found


def term_of_deadline(deadline: Deadline) -> Term | None:
    """As it would be counted today; None where its rule has gone."""
    try:
        return term_of(
            deadline.rule,
            deadline.triggered_on,
            part=deadline.part,
            hour=deadline.triggered_at,
            amount=deadline.amount,
            complexity=deadline.proceeding.complexity,
        )
    except CannotCount:
        return None


def court_days() -> WorkingDays:
    days = {row.day: row.reason for row in db.session.scalars(select(ClosedDay))}
    return WorkingDays(local=days, country=current_app.config["SETTINGS"].country)


def problem_words(problem: CannotCount) -> str:
    words = {
        "no_amount": _("Write how many: the law leaves the number to whoever decides."),
        "no_penalty": _("Write the most years of prison that the law sets for the offence."),
        "out_of_range": _("This term cannot be counted; please check day and number."),
    }
    return words.get(problem.reason, _("This rule cannot be counted."))


def questions_of(term: Term) -> list[str]:
    return [str(QUESTIONS[code]) for code in term.questions if code in QUESTIONS]


def last_words(term: Term) -> str:
    """The last day, or the last moment of a term in hours."""
    return moment_words(term.ends_at) if term.ends_at else date_words(term.last_on)


def step_words(step: Step) -> str:
    """«3 · Thursday, 2 May 2024», «not counted · Friday …: Labour Day»."""
    day = moment_words(step.at) if step.at else long_date_words(step.day)
    why = ""
    if step.off is not None:
        why = step.off.name_in(i18n.language()) or _("weekend")
    number = str(step.number) if step.is_counted else (_("not counted") if step.off else _("moved to"))
    return f"{number} · {day}" + (f" ({why})" if why else "")
