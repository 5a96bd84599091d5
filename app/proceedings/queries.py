"""What is asked of proceedings: the list, one with all that hangs on it, and what is next."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app import i18n
from app.access import visible
from app.accounts.models import User
from app.cases.models import Case, CaseMember
from app.dates import UncertainDate
from app.people.models import Person
from app.proceedings.models import Accused, Deadline, Measure, Proceeding, Stage
from app.search import matching
from app.vocabulary.queries import label

WITHDRAWN = "WITHDRAWN"
SOON = timedelta(days=14)


@dataclass(frozen=True)
class ProceedingWish:
    """What the list is asked for."""

    text: str = ""
    direction: str = ""
    stage: str = ""
    outcome: str = ""
    case: str = ""


def proceedings_found(user: User, wish: ProceedingWish) -> Select[tuple[Proceeding]]:
    """Visible proceedings that fit, the last changed first: what the list shows, counts and exports."""
    is_withdrawn = wish.outcome == WITHDRAWN
    statement = matching(visible(Proceeding, user, withdrawn=is_withdrawn), Proceeding, wish.text, user)
    if is_withdrawn:
        statement = statement.where(Proceeding.withdrawn_at.is_not(None))
    elif wish.outcome:
        statement = statement.where(Proceeding.outcome == wish.outcome)
    if wish.direction:
        statement = statement.where(Proceeding.direction == wish.direction)
    if wish.stage:
        statement = statement.where(Proceeding.current_stage == wish.stage)
    if wish.case:
        cases = select(Case.id).where(Case.reference == wish.case, Case.visible_to(user))
        statement = statement.where(Proceeding.case_id.in_(cases))
    return statement.order_by(Proceeding.updated_at.desc(), Proceeding.id.desc())


def for_list(statement: Select[Any]) -> Select[Any]:
    """With what a line of the list shows."""
    return statement.options(
        selectinload(Proceeding.accused), selectinload(Proceeding.stages), selectinload(Proceeding.case)
    )


def for_page(statement: Select[Any]) -> Select[Any]:
    """With all that a page of one proceeding shows, in a fixed number of statements."""
    accused = selectinload(Proceeding.accused)
    return statement.options(
        accused.selectinload(Accused.person),
        accused.selectinload(Accused.charges),
        accused.selectinload(Accused.measures).selectinload(Measure.extensions),
        selectinload(Proceeding.stages),
        selectinload(Proceeding.hearings),
        selectinload(Proceeding.deadlines),
        selectinload(Proceeding.answers),
        selectinload(Proceeding.numbers),
        selectinload(Proceeding.case),
        selectinload(Proceeding.court),
        selectinload(Proceeding.prosecutor),
        selectinload(Proceeding.complainant),
    )


def proceedings_in(user: User, case: Case) -> Select[tuple[Proceeding]]:
    return visible(Proceeding, user).where(Proceeding.case_id == case.id).order_by(Proceeding.id)


def proceedings_of(user: User, person: Person) -> Select[tuple[Proceeding]]:
    """Those in which the person has a part and which the user reads in full: to others it would say who is accused."""
    named = select(Accused.proceeding_id).where(Accused.person_id == person.id)
    return (
        visible(Proceeding, user)
        .where(Proceeding.id.in_(named), Proceeding.full_to(user))
        .order_by(Proceeding.updated_at.desc(), Proceeding.id.desc())
    )


def entries_told_by_stages(user: User, case: Case) -> Select[Any]:
    """Numbers of the timeline's entries for which a stage stands."""
    here = select(Proceeding.id).where(Proceeding.case_id == case.id, Proceeding.withdrawn_at.is_(None))
    return visible(Stage, user).where(Stage.proceeding_id.in_(here)).with_only_columns(Stage.entry_uid)


def shown_title(proceeding: Proceeding, in_full: bool) -> str:
    """A title is free text and may say too much: who reads without identity is given the reference."""
    return proceeding.title_in(i18n.language()) if in_full else proceeding.reference


def shown_day(value: UncertainDate, in_full: bool) -> str:
    """The day as far as it is known; the words of the source are for full readers."""
    return i18n.uncertain_date_words(value if in_full else replace(value, text=None))


def part_of(proceeding: Proceeding, uid: str) -> Any:
    """What hangs on this proceeding, and on no other, under that number; None for anything else."""
    try:
        number = uuid.UUID(uid)
    except ValueError:
        return None
    parts: list[Any] = [*proceeding.numbers, *proceeding.accused, *proceeding.stages, *proceeding.hearings]
    parts += proceeding.deadlines
    for row in proceeding.accused:
        parts += [*row.charges, *row.measures, *(one for measure in row.measures for one in measure.extensions)]
    return next((part for part in parts if part.uid == number), None)


def deadlines_found(user: User, whose: str = "", done: str = "") -> Select[tuple[Deadline]]:
    """The terms of visible proceedings, the nearest first: of cases that the user follows, or of all the team."""
    standing = select(Proceeding.id).where(Proceeding.withdrawn_at.is_(None), Proceeding.team_id.in_(list(user.roles)))
    if whose != "team":
        followed = select(CaseMember.case_id).where(CaseMember.user_id == user.id)
        standing = standing.where(Proceeding.case_id.in_(followed))
    is_done = Deadline.done_on.is_not(None) if done == "yes" else Deadline.done_on.is_(None)
    return (
        visible(Deadline, user)
        .where(Deadline.proceeding_id.in_(standing), is_done)
        .order_by(Deadline.due_on, Deadline.id)
    )


def for_deadlines(statement: Select[Any]) -> Select[Any]:
    return statement.options(selectinload(Deadline.proceeding))


# --- what is next --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """Something that is to come, or whose day has passed and of which nothing is said."""

    day: date
    title: str
    detail: str = ""
    late: bool = False
    soon: bool = False


def next_steps(proceeding: Proceeding, today: date, in_full: bool = True) -> list[Step]:
    """Hearings that are called, and the last days of measures, the nearest first."""
    steps = [*_hearings_ahead(proceeding, today, in_full), *_limits_ahead(proceeding.measures, today)]
    steps += _terms_ahead(proceeding.deadlines, today)
    return sorted(steps, key=lambda step: step.day)


def _hearings_ahead(proceeding: Proceeding, today: date, in_full: bool) -> Iterable[Step]:
    days = {hearing.held_on for hearing in proceeding.hearings}
    for hearing in proceeding.hearings:
        words = label("hearing_kinds", hearing.kind) or _("Hearing")
        where = ", ".join(filter(None, [hearing.held_at, hearing.place])) if in_full else hearing.held_at or ""
        if hearing.held_on >= today:
            yield Step(hearing.held_on, words, where, soon=hearing.held_on - today <= SOON)
        elif not hearing.what_happened:
            detail = _("Its day has passed; write down what happened.")
            yield Step(hearing.held_on, words, detail, late=True)
        if hearing.next_on and hearing.next_on >= today and hearing.next_on not in days:
            yield Step(hearing.next_on, _("Next session"), words, soon=hearing.next_on - today <= SOON)


def _terms_ahead(deadlines: Iterable[Deadline], today: date) -> Iterable[Step]:
    for one in deadlines:
        if one.done_on is None:
            words = _("A day that was set by hand.") if one.overridden_on else None
            detail = words or _("Proposed term; a lawyer has yet to confirm it.")
            late, soon = one.due_on < today, one.due_on - today <= SOON
            yield Step(one.due_on, label("proc_deadlines", one.rule), detail, late=late, soon=soon)


def _limits_ahead(measures: Iterable[Measure], today: date) -> Iterable[Step]:
    """One line for the same measure with the same last day, however many it holds."""
    groups: dict[tuple[date, str], int] = {}
    for measure in measures:
        until = measure.holds_until
        if until is not None and not measure.has_ended:
            groups[until, measure.measure] = groups.get((until, measure.measure), 0) + 1
    for (until, code), number in groups.items():
        title = _("Last day of: %(measure)s", measure=label("coercive_measures", code))
        detail = _people_words(number)
        if until < today:
            detail += " · " + _("Its last day has passed and no end is on record.")
        yield Step(until, title, detail, late=until < today, soon=until - today <= SOON)


def _people_words(number: int) -> str:
    return ngettext("%(num)s person", "%(num)s persons", number)
