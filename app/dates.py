"""Days that may be uncertain: an interval with a precision, and the words of the source."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import current_app

DAY, MONTH, YEAR, RANGE, UNKNOWN = "DAY", "MONTH", "YEAR", "RANGE", "UNKNOWN"
PRECISIONS = (DAY, MONTH, YEAR, RANGE, UNKNOWN)

EARLIEST_YEAR = 1900


class DateProblem(ValueError):
    """A date that cannot be kept; `reason` is a code that forms and imports put into words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class UncertainDate:
    """Earliest and latest possible day, both inclusive; None where that end is open."""

    earliest: date | None = None
    latest: date | None = None
    precision: str = UNKNOWN
    text: str | None = None

    @classmethod
    def on(cls, day: date, text: str | None = None) -> UncertainDate:
        return cls(day, day, DAY, text)

    @classmethod
    def in_month(cls, year: int, month: int, text: str | None = None) -> UncertainDate:
        last = calendar.monthrange(year, month)[1]
        return cls(date(year, month, 1), date(year, month, last), MONTH, text)

    @classmethod
    def in_year(cls, year: int, text: str | None = None) -> UncertainDate:
        return cls(date(year, 1, 1), date(year, 12, 31), YEAR, text)

    @classmethod
    def between(cls, earliest: date | None, latest: date | None, text: str | None = None) -> UncertainDate:
        if earliest and latest and latest < earliest:
            raise DateProblem("backwards")
        return cls(earliest, latest, RANGE, text)

    @classmethod
    def read(cls, text: str) -> UncertainDate:
        """Read `2012`, `2012-05`, `2012-05-28`, `2012-05-28/2012-06-02`; nothing else is guessed.

        Raises DateProblem("unreadable"), ("backwards") or ("too_early").
        """
        text = text.strip()
        if not text:
            return cls()
        if "/" in text and text.count("/") == 1:
            first, last = (cls.read(part) for part in text.split("/"))
            return cls.between(first.earliest, last.latest)
        parts = text.split("-")
        try:
            if len(parts[0]) != 4 or any(len(part) != 2 for part in parts[1:]) or len(parts) > 3:
                raise ValueError(text)
            year, *rest = [int(part) for part in parts]
            if not rest:
                value = cls.in_year(year)
            elif len(rest) == 1:
                value = cls.in_month(year, rest[0])
            else:
                value = cls.on(date(year, *rest))
        except (ValueError, TypeError) as error:
            raise DateProblem("unreadable") from error
        if value.earliest and value.earliest.year < EARLIEST_YEAR:
            raise DateProblem("too_early")
        return value

    def written(self) -> str:
        """The same in the form that `read` takes; what exports carry."""
        if self.precision == UNKNOWN or not (self.earliest or self.latest):
            return ""
        if self.precision == YEAR and self.earliest:
            return f"{self.earliest:%Y}"
        if self.precision == MONTH and self.earliest:
            return f"{self.earliest:%Y-%m}"
        if self.precision == DAY and self.earliest:
            return self.earliest.isoformat()
        return f"{self.earliest or ''}/{self.latest or ''}"


def zone() -> ZoneInfo:
    """The installation's time zone: whose day is today."""
    return ZoneInfo(current_app.config["SETTINGS"].timezone)


def today() -> date:
    """The day in the installation's time zone: in Lima it is still today when UTC says tomorrow."""
    return datetime.now(zone()).date()


def day_of(moment: datetime) -> date:
    """The day on which a moment fell in the installation's time zone."""
    return moment.astimezone(zone()).date()


def beginning_of(day: date) -> datetime:
    """The moment at which a day begins in the installation's time zone."""
    return datetime.combine(day, time.min, zone())
