"""Which days courts and offices work, and counting over them: day by day, so that a page can show the count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from holidays import country_holidays

WEEKEND, HOLIDAY, LOCAL, PERHAPS = "WEEKEND", "HOLIDAY", "LOCAL", "PERHAPS"

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class DayOff:
    """Why courts or offices are closed. A weekend has no name; a local day has the words of whoever entered it."""

    kind: str
    name_es: str = ""
    name_en: str = ""

    def name_in(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_es


@dataclass(frozen=True)
class Step:
    """One line of a count: a day (for clock terms a moment) and what it counts as.

    With a *number* it was counted. Without one it was skipped because the courts are closed (`off` says why), or, if
    they are open, it is the day to which the end has moved. A counted day may have an `off` too: where the law counts
    every day, the page says that this one was a Sunday.
    """

    day: date
    number: int | None = None
    off: DayOff | None = None
    at: datetime | None = None

    @property
    def is_counted(self) -> bool:
        return self.number is not None

    @property
    def is_skipped(self) -> bool:
        return self.number is None and self.off is not None


@dataclass(frozen=True)
class WorkingDays:
    """The working days of a country: Monday to Friday, less its national holidays and the local days off.

    For courts, *local* comes from the installation: regional holidays, bridge days by decree, strikes, days of
    mourning, the judges' holiday. What it does not name is taken for a working day. So a gap in it makes a term end too
    early, which costs a question, and never too late, which would cost the appeal.
    """

    local: Mapping[date, str] = field(default_factory=dict)
    country: str = "PE"

    def off(self, day: date) -> DayOff | None:
        """Why it is no working day; None if it is one."""
        if names := _national_holidays(self.country, day.year).get(day):
            return DayOff(HOLIDAY, *names)
        if reason := self.local.get(day):
            return DayOff(LOCAL, reason, reason)
        return DayOff(WEEKEND) if day.weekday() >= SATURDAY else None

    def is_working(self, day: date) -> bool:
        return self.off(day) is None

    def to_next(self, day: date) -> tuple[Step, ...]:
        """From the day after to the next working day, which is the last step; none of them counts."""
        steps = []
        while True:
            day += ONE_DAY
            steps.append(Step(day, off=self.off(day)))
            if steps[-1].off is None:
                return tuple(steps)

    def next_after(self, day: date) -> date:
        return self.to_next(day)[-1].day

    def count(self, start: date, amount: int) -> tuple[Step, ...]:
        """So many working days, the first one after *start*; with those skipped between them."""
        steps: list[Step] = []
        day = start
        for number in range(1, amount + 1):
            *skipped, working = self.to_next(day)
            steps += [*skipped, Step(working.day, number)]
            day = working.day
        return tuple(steps)

    def perhaps_off(self, day: date) -> DayOff | None:
        """Why the courts may be closed on a working day: what a lawyer has to look up, year by year.

        LOPJ (TUO, DS 017-93-JUS) 124 and 247 suspend the work of the courts on Judges' Day and for the opening of the
        judicial year too; yet both are moved, or worked, by decision of the judiciary's council. They count as working
        until somebody enters them among the local days.
        """
        if self.country != "PE" or not self.is_working(day):
            return None
        if (day.month, day.day) == (8, 4):
            return DayOff(PERHAPS, "Día del Juez", "Judges' Day")
        if day.month == 1 and self.next_after(date(day.year - 1, 12, 31)) == day:
            return DayOff(PERHAPS, "Inicio del año judicial", "Opening of the judicial year")
        return None


@lru_cache(maxsize=400)
def _national_holidays(country: str, year: int) -> dict[date, tuple[str, str]]:
    """Day → its name in Spanish and in English. A country that the library does not know has weekends only."""
    try:
        spanish = country_holidays(country, years=year, language="es")
        english = country_holidays(country, years=year, language="en_US")
    except NotImplementedError:
        return {}
    return {day: (name, english[day]) for day, name in spanish.items()}
