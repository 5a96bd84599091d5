"""Terms of requests for public information: working days of offices, so many as the settings say.

What the administration does not work is taken from the national holidays. Days on which only the courts are closed do
not count as such; for regional holidays and bridge days a person sets the last day by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import current_app

from app.proceedings.working_days import Step, WorkingDays


@dataclass(frozen=True)
class Count:
    """So many working days, the first one after *start*."""

    start: date
    amount: int
    steps: tuple[Step, ...]

    @property
    def last_on(self) -> date:
        return self.steps[-1].day


def answer_term(filed_on: date) -> Count:
    """Until when the body has to answer what was filed on that day."""
    return _count(filed_on, current_app.config["SETTINGS"].transparency_answer_days)


def appeal_term(after: date) -> Count:
    """Until when one may appeal: from the day of the answer, or from the last day that passed without one."""
    return _count(after, current_app.config["SETTINGS"].transparency_appeal_days)


def _count(start: date, amount: int) -> Count:
    days = WorkingDays(country=current_app.config["SETTINGS"].country)
    return Count(start, amount, days.count(start, amount))
