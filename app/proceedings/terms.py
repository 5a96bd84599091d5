"""When a term in a proceeding ends, by the rules of the code list `proc_deadlines`: proposed, never asserted.

How Peru counts. NCPP is the Código Procesal Penal (DL 957), CC the Código Civil, CP the Código Penal.

- Hours run from the moment of the act and include those of non-working days (NCPP 143.1).
- Days run from the day after one knows or is notified (NCPP 143.2), and only working days count. All days count where
  a coercive measure touches liberty and where the law says so (NCPP 143.3), as 342 does with its *días naturales*.
- A term that ends on a non-working day runs on to the next working day, except where a measure touches liberty
  (NCPP 143.4, which also holds for the calendar terms of 342; CC 183.5 says the same).
- Months and years are unknown to NCPP 142.2, so they follow CC 183.2-4, by way of CC 184: the first day is left out,
  and they end on the day of the same number, or on the last day of a month that has none.

Where the letter leaves a choice the earlier day is proposed: who is early loses nothing. One exception is the limit of
preventive detention, which by CC 183 ends on the day of the same number: a day later than if the arrest is day 1. What
a lawyer has to decide stands in `Term.questions`, and every term has to be confirmed.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import ClassVar, Literal

from app.proceedings.working_days import ONE_DAY, Step, WorkingDays
from app.vocabulary.queries import Entry

BUSINESS, CALENDAR, CLOCK = "business", "calendar", "clock"
HOURS, DAYS, MONTHS, YEARS = "hours", "days", "months", "years"
YES, NO, SUGGEST = "yes", "no", "suggest"

COMMON, COMPLEX, ORGANISED = "COMMON", "COMPLEX", "ORGANISED"
EXTENSION, HEARING, DECISION = "EXTENSION", "HEARING", "DECISION"

# What a term runs from.
NOTIFIED = "NOTIFIED"  # the decision was notified; of several, the last one (NCPP 143.5)
OPENED = "OPENED"  # the preliminary enquiries were ordered
FORMALISED = "FORMALISED"
CONCLUDED = "CONCLUDED"  # the prosecutor closed the investigation
EXPIRED = "EXPIRED"  # the term before it ended
ARRESTED = "ARRESTED"
RECEIVED = "RECEIVED"  # the file reached the higher court
HEARD = "HEARD"
READ_OUT = "READ_OUT"  # the operative part was read out
SUMMONED = "SUMMONED"  # the order that sets the trial
FACTS = "FACTS"  # the offence was completed, or a continued one stopped (CP 82)

# What a lawyer has to decide.
ELECTRONIC = "ELECTRONIC"  # a notice to an electronic address takes effect on the second day after (LOPJ 155-C): later
FIRST_DAY = "FIRST_DAY"  # day 1 is no working day: by the letter of 143.2 it would be the next one
DAY_TYPE = "DAY_TYPE"  # NCPP 334.2 does not say which days; the courts have taken calendar days
MOVED = "MOVED"  # it ended on a non-working day and moved to the next working day (NCPP 143.4)
MONTHS_BY_CC = "MONTHS_BY_CC"  # months are counted by CC 183: the NCPP knows no months
STARTING_DAY = "STARTING_DAY"  # it is disputed from which day the formal investigation runs
ARREST_DAY = "ARREST_DAY"  # a day earlier if the arrest is day 1, as from Casación 1682-2022 Tacna one may argue
ORDER_PREVAILS = "ORDER_PREVAILS"  # this is the most that the law allows: the judge may have set less
DISTANCE = "DISTANCE"  # the time of the journey may be added (NCPP 148, 264.1)
PERHAPS_OFF = "PERHAPS_OFF"  # it counts Judges' Day or the opening of the judicial year (LOPJ 247)
HOUR_UNKNOWN = "HOUR_UNKNOWN"  # counted from midnight
WHOLE_DAYS = "WHOLE_DAYS"  # if the ten days must lie wholly between order and trial, it is one working day later
LIMITATION = "LIMITATION"
"""Not asserted: it is interrupted (CP 83) and suspended (CP 84, NCPP 339.1), it halves by age (CP 81), it doubles for
officials and organised crime (CP 80), and some offences never lapse (CP 88-A)."""

MOST = 10_000
DAY_OF_HOURS = 24


class CannotCount(ValueError):
    """There is no term to propose. *reason*: `not_a_rule`, `no_amount`, `no_penalty`, `out_of_range`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Counting:
    """What the code list does not say of a rule."""

    starts_with: str = NOTIFIED
    liberty: bool = False
    amounts: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    longer: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, tuple[int, str, str]] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    is_not_before: bool = False
    runs_on: bool = True


COUNTING: dict[str, Counting] = {
    "PE-D01": Counting(OPENED, questions=(DAY_TYPE,)),
    "PE-D03": Counting(FORMALISED, questions=(STARTING_DAY,)),
    "PE-D03X": Counting(EXPIRED, questions=(ORDER_PREVAILS,)),
    "PE-D04": Counting(FORMALISED, longer=dict.fromkeys((COMMON, COMPLEX, ORGANISED), 8), questions=(STARTING_DAY,)),
    "PE-D05": Counting(FORMALISED, longer=dict.fromkeys((COMMON, COMPLEX, ORGANISED), 36), questions=(STARTING_DAY,)),
    "PE-D07": Counting(CONCLUDED, amounts={COMPLEX: (30, DAYS), ORGANISED: (30, DAYS)}),
    "PE-D13": Counting(
        liberty=True, parts={HEARING: (72, RECEIVED, "NCPP 278.2"), DECISION: (48, HEARD, "NCPP 278.2")}
    ),
    "PE-D14": Counting(ARRESTED, liberty=True, questions=(DISTANCE,)),
    "PE-D15": Counting(
        ARRESTED, liberty=True, amounts={COMPLEX: (7, DAYS), ORGANISED: (15, DAYS)}, questions=(ORDER_PREVAILS,)
    ),
    "PE-D16": Counting(
        ARRESTED,
        liberty=True,
        amounts={COMPLEX: (18, MONTHS), ORGANISED: (36, MONTHS)},
        longer={COMMON: 9, COMPLEX: 18, ORGANISED: 12},
        questions=(ARREST_DAY, ORDER_PREVAILS),
    ),
    "PE-D17": Counting(READ_OUT),
    "PE-D18": Counting(SUMMONED, is_not_before=True, questions=(WHOLE_DAYS,)),
    "PE-D19": Counting(FACTS, runs_on=False, questions=(LIMITATION,)),
    "PE-D20": Counting(FACTS, runs_on=False, questions=(LIMITATION,)),
}
"""By rule; one that is not named runs from the notice, and runs on to a working day."""

OUTER_LIMIT = "PE-D20"


@dataclass(frozen=True)
class Rule:
    """A row of `proc_deadlines`, perhaps narrowed to a kind of case, an extension or a part of it."""

    code: str
    label_en: str
    label_es: str
    amount: int | None
    unit: str
    day_type: str
    computable: str
    norm: str
    stage: str | None = None
    part: str | None = None
    counting: Counting = field(default=Counting(), hash=False)

    @classmethod
    def read(cls, entry: Entry) -> Rule:
        """Raises CannotCount where the row lacks what a count needs: an installation may add rows of its own."""
        extra = {name: str(value or "").strip() for name, value in entry.extra.items()}
        amount, unit, day_type = extra.get("amount", ""), extra.get("unit", ""), extra.get("day_type", "").rstrip("*")
        if unit not in (HOURS, DAYS, MONTHS, YEARS) or day_type not in _COUNTS:
            raise CannotCount("not_a_rule")
        if (day_type == BUSINESS and unit != DAYS) or (day_type == CALENDAR and unit == HOURS):
            raise CannotCount("not_a_rule")
        if amount and not (amount.isdecimal() and 0 < int(amount) <= MOST):
            raise CannotCount("no_amount")
        return cls(
            entry.code, entry.label_en, entry.label_es, int(amount) if amount else None, unit, day_type,
            extra.get("computable") or NO, extra.get("norm", ""), extra.get("stage") or None,
            counting=COUNTING.get(entry.code, Counting()),
        )  # fmt: skip

    @property
    def starts_with(self) -> str:
        return self.counting.starts_with

    def in_case(self, complexity: str | None) -> Rule:
        """As it is for a case declared complex or against organised crime."""
        amount, unit = self.counting.amounts.get(complexity or COMMON, (self.amount, self.unit))
        return replace(self, amount=amount, unit=unit)

    def set_to(self, amount: int) -> Rule:
        """With the number that the prosecutor or the judge has set in the case (NCPP 334.2, 146, 272)."""
        if not 0 < amount <= MOST:
            raise CannotCount("no_amount")
        return replace(self, amount=amount)

    def extended(self, complexity: str | None = None) -> Rule | None:
        """The most by which it may be extended; runs from the `nominal_on` of the term before it."""
        amount = self.counting.longer.get(complexity or COMMON)
        if amount is None:
            return None
        counting = replace(self.counting, starts_with=EXPIRED, questions=(ORDER_PREVAILS,))
        return replace(self, amount=amount, part=EXTENSION, counting=counting)

    def parts(self) -> tuple[Rule, ...]:
        """What follows it with terms of its own, in hours: the hearing of an appeal, and the decision on it."""
        return tuple(
            replace(
                self, part=part, amount=hours, unit=HOURS, day_type=CLOCK, norm=norm,
                counting=Counting(event, liberty=self.counting.liberty),
            )
            for part, (hours, event, norm) in self.counting.parts.items()
        )  # fmt: skip


@dataclass(frozen=True)
class Term:
    """A proposal, with the way it was counted. A person confirms it, or sets another day and says why."""

    must_be_confirmed: ClassVar[bool] = True

    rule: Rule
    start_on: date
    """The day it runs from, which does not count."""
    nominal_on: date
    """Where the count ended, before it ran on to a working day."""
    last_on: date
    steps: tuple[Step, ...]
    questions: tuple[str, ...]
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    """Moments of a clock term, in the zone of the installation."""

    @property
    def first_on(self) -> date:
        """The first day that counts."""
        if self.starts_at:
            return self.start_on
        if self.rule.day_type == CALENDAR:
            return self.start_on + ONE_DAY
        return next(step.day for step in self.steps if step.is_counted)

    @property
    def is_suggestion(self) -> bool:
        """Whether the rule itself is unsure, so that the day is at most a reminder: D01, D18 to D20."""
        return self.rule.computable != YES

    @property
    def is_not_before(self) -> bool:
        """Whether `last_on` is the first day on which something may happen, instead of the last."""
        return self.rule.counting.is_not_before

    @property
    def has_moved(self) -> bool:
        return self.last_on != self.nominal_on


def propose(rule: Rule, start: date | datetime, days: WorkingDays, zone: tzinfo) -> Term:
    """The term that runs from *start*: a day, or for clock terms the moment. Raises CannotCount.

    A moment must bear its zone: a court's clock read in the wrong one is hours off.
    """
    if rule.amount is None:
        raise CannotCount("no_amount")
    if isinstance(start, datetime) and start.tzinfo is None:
        raise ValueError("a moment without its zone")
    try:
        return _COUNTS[rule.day_type](rule, rule.amount, start, days, zone)
    except (OverflowError, ValueError) as error:
        raise CannotCount("out_of_range") from error


def limitation(rule: Rule, facts_on: date, penalty: int | Literal["LIFE", "OTHER"], days: WorkingDays) -> Term:
    """D19 and D20: when the right to prosecute may lapse. A reminder to ask a lawyer, never a fact.

    CP 80: the most years of prison that the law sets, but no more than 20; 30 for life; 2 for other penalties. CP 83:
    in any case when half as much again has passed. It does not move to a working day: it is no term of procedure.
    """
    years = _limitation_years(penalty)
    months = years * 12 + (years * 6 if rule.code == OUTER_LIMIT else 0)
    unit, amount, stride = (MONTHS, months, 12) if months % 12 else (YEARS, months // 12, 1)
    try:
        steps = _marks(facts_on, amount, unit, stride, days)
    except (OverflowError, ValueError) as error:
        raise CannotCount("out_of_range") from error
    return _term(replace(rule, amount=amount, unit=unit), facts_on, steps, days)


def _limitation_years(penalty: int | Literal["LIFE", "OTHER"]) -> int:
    if penalty == "LIFE":
        return 30
    if penalty == "OTHER":
        return 2
    if penalty <= 0:
        raise CannotCount("no_penalty")
    return min(penalty, 20)


def months_later(day: date, months: int) -> date:
    """The same day so many months on; the last of the month where it has none such (CC 183.2)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _business(rule: Rule, amount: int, start: date | datetime, days: WorkingDays, zone: tzinfo) -> Term:
    start_on = _day(start, zone)
    return _term(rule, start_on, days.count(start_on, amount), days)


def _calendar(rule: Rule, amount: int, start: date | datetime, days: WorkingDays, zone: tzinfo) -> Term:
    start_on = _day(start, zone)
    return _term(rule, start_on, _marks(start_on, amount, rule.unit, 1, days), days)


def _clock(rule: Rule, amount: int, start: date | datetime, days: WorkingDays, zone: tzinfo) -> Term:
    """By hours from the moment. The 7 and 15 days of NCPP 264 end on their last day, but at the hour of the arrest."""
    starts_at = start if isinstance(start, datetime) else datetime.combine(start, time.min, zone)
    starts_at = starts_at.astimezone(zone)
    hours = 1 if rule.unit == HOURS else DAY_OF_HOURS
    steps = []
    for number in _strides(amount, DAY_OF_HOURS // hours):
        # By way of UTC: where clocks change in between, 48 hours are still 48 hours.
        at = (starts_at.astimezone(UTC) + timedelta(hours=number * hours)).astimezone(zone)
        steps.append(Step(at.date(), number, days.off(at.date()), at))
    unknown = () if isinstance(start, datetime) else (HOUR_UNKNOWN,)
    term = _term(rule, starts_at.date(), tuple(steps), days)
    return replace(term, starts_at=starts_at, ends_at=steps[-1].at, questions=(*term.questions, *unknown))


_COUNTS: dict[str, Callable[[Rule, int, date | datetime, WorkingDays, tzinfo], Term]] = {
    BUSINESS: _business,
    CALENDAR: _calendar,
    CLOCK: _clock,
}


def _day(start: date | datetime, zone: tzinfo) -> date:
    return start.astimezone(zone).date() if isinstance(start, datetime) else start


def _strides(amount: int, stride: int) -> list[int]:
    """Every so many, and the last one: 24, 48, 72."""
    return [*range(stride, amount, stride), amount]


def _marks(start: date, amount: int, unit: str, stride: int, days: WorkingDays) -> tuple[Step, ...]:
    """Every day of a term in days; of one in months or years the days on which another one is full."""
    found = []
    for number in _strides(amount, stride):
        if unit == DAYS:
            day = start + timedelta(days=number)
        else:
            day = months_later(start, number * (12 if unit == YEARS else 1))
        found.append(Step(day, number, days.off(day)))
    return tuple(found)


def _term(rule: Rule, start_on: date, steps: tuple[Step, ...], days: WorkingDays) -> Term:
    nominal_on = steps[-1].day
    if _runs_on(rule) and steps[-1].off:
        steps += days.to_next(nominal_on)
    term = Term(rule, start_on, nominal_on, steps[-1].day, steps, ())
    return replace(term, questions=tuple(_questions(term, days)))


def _questions(term: Term, days: WorkingDays) -> Iterator[str]:
    rule = term.rule
    yield from rule.counting.questions
    if rule.starts_with == NOTIFIED:
        yield ELECTRONIC
    if rule.unit == MONTHS and rule.starts_with != FACTS:
        yield MONTHS_BY_CC
    if rule.day_type == CALENDAR and rule.unit == DAYS and days.off(term.first_on):
        yield FIRST_DAY
    if term.has_moved:
        yield MOVED
    if any(days.perhaps_off(day) for day in _days_that_must_be_open(term)):
        yield PERHAPS_OFF


def _days_that_must_be_open(term: Term) -> list[date]:
    """Those which would count no longer, or move, if the courts were closed after all."""
    if term.rule.day_type == BUSINESS:
        return [step.day for step in term.steps if step.is_counted]
    return [term.last_on] if _runs_on(term.rule) else []


def _runs_on(rule: Rule) -> bool:
    return rule.day_type == CALENDAR and rule.counting.runs_on and not rule.counting.liberty
