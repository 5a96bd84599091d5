"""What proceedings put on the agenda: terms, hearings, and the last days of measures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import selectinload

from app.access import full_ids, visible
from app.accounts.models import User
from app.agenda import TEAM, Due, DueWish
from app.cases.models import Case, CaseMember
from app.dates import today
from app.db import db
from app.history import ended
from app.proceedings.models import Accused, Deadline, Hearing, Measure, Proceeding
from app.proceedings.proposals import part_label
from app.proceedings.queries import shown_title
from app.vocabulary.queries import label

TERM, HEARING, LIMIT = "TERM", "HEARING", "LIMIT"
KINDS = {TERM: _l("Terms"), HEARING: _l("Hearings"), LIMIT: _l("Last days of measures")}


def due_in_proceedings(user: User, wish: DueWish) -> list[Due]:
    """Of visible proceedings that stand, in cases that stand; the words fit what the user may read."""
    # The menu asks on every page, and most people follow no proceeding: one question then, and not three.
    any_followed = visible(Proceeding, user).where(standing(user, wish)).with_only_columns(Proceeding.id).limit(1)
    if db.session.scalar(any_followed) is None:
        return []
    rows: list[Any] = [*_all(deadlines_due(user, wish)), *_all(hearings_due(user, wish))]
    measures = _all(measures_open(user, wish)) if wish.settled is not True else []
    proceedings = {row.proceeding_id: row.proceeding for row in rows} | {
        row.proceeding_id: row.accused.proceeding for row in measures
    }
    in_full = full_ids(Proceeding, user, list(proceedings.values()))
    days = hearing_days(user, [row for row in rows if isinstance(row, Hearing) and row.next_on])
    found = []
    for number, proceeding in proceedings.items():
        full = number in in_full
        mine = [row for row in rows if row.proceeding_id == number]
        parts = [
            *terms_ahead((row for row in mine if isinstance(row, Deadline)), full),
            *hearings_ahead([row for row in mine if isinstance(row, Hearing)], days.get(number, set()), full),
            *limits_ahead(row for row in measures if row.proceeding_id == number),
        ]
        where = {
            "reference": proceeding.reference,
            "title": shown_title(proceeding, full),
            "endpoint": "proceedings.show",
        }
        found += [replace(due, anchor=_ANCHORS[due.kind], **where) for due in parts]
    return found


_ANCHORS = {TERM: "terms", HEARING: "hearings", LIMIT: "measures"}


def steps_of(proceeding: Proceeding, in_full: bool = True) -> list[Due]:
    """What is open in one proceeding, the nearest first; its hearings, measures and terms are loaded."""
    days = {hearing.held_on for hearing in proceeding.hearings}
    found = [
        *hearings_ahead(proceeding.hearings, days, in_full),
        *limits_ahead(proceeding.measures),
        *terms_ahead(proceeding.deadlines, in_full),
    ]
    return sorted((due for due in found if due.settled_on is None), key=lambda due: due.day)


# --- the rows ------------------------------------------------------------------------------------


def _all(statement: Select[Any]) -> list[Any]:
    return list(db.session.scalars(statement).unique())


def standing(user: User, wish: DueWish) -> ColumnElement[bool]:
    """Proceedings of the user's teams in cases that stand; unless all are asked for, in those they follow."""
    rule = and_(
        Proceeding.withdrawn_at.is_(None),
        Proceeding.team_id.in_(list(user.roles)),
        Proceeding.case_id.in_(select(Case.id).where(Case.withdrawn_at.is_(None), Case.visible_to(user))),
    )
    if wish.team_id is not None:
        rule = and_(rule, Proceeding.team_id == wish.team_id)
    if wish.case_id is not None:
        return and_(rule, Proceeding.case_id == wish.case_id)
    if wish.whose == TEAM:
        return rule
    followed = select(CaseMember.case_id).where(CaseMember.user_id == user.id)
    return and_(rule, Proceeding.case_id.in_(followed))


def _within(column: Any, wish: DueWish) -> ColumnElement[bool]:
    bounds = [column >= wish.first] if wish.first else []
    return and_(column.is_not(None), *bounds, *([column <= wish.last] if wish.last else []))


def deadlines_due(user: User, wish: DueWish) -> Select[Any]:
    statement = visible(Deadline, user).where(
        Deadline.proceeding_id.in_(select(Proceeding.id).where(standing(user, wish))), _within(Deadline.due_on, wish)
    )
    if wish.settled is not None:
        statement = statement.where(Deadline.done_on.is_not(None) if wish.settled else Deadline.done_on.is_(None))
    return statement.options(selectinload(Deadline.proceeding))


def hearings_due(user: User, wish: DueWish) -> Select[Any]:
    called = or_(_within(Hearing.held_on, wish), _within(Hearing.next_on, wish))
    of_standing = Hearing.proceeding_id.in_(select(Proceeding.id).where(standing(user, wish)))
    statement = visible(Hearing, user).where(of_standing, called)
    if wish.settled is False:
        # What was held and written down waits for nobody: years of it need not be read.
        open_ = or_(Hearing.held_on >= today(), Hearing.what_happened.is_(None), Hearing.next_on >= today())
        statement = statement.where(open_)
    return statement.options(selectinload(Hearing.proceeding))


def measures_open(user: User, wish: DueWish) -> Select[Any]:
    return (
        visible(Measure, user)
        .where(
            Measure.proceeding_id.in_(select(Proceeding.id).where(standing(user, wish))),
            Measure.ended_from.is_(None),
            Measure.ended_to.is_(None),
        )
        .options(selectinload(Measure.extensions), selectinload(Measure.accused).selectinload(Accused.proceeding))
    )


def hearing_days(user: User, hearings: list[Hearing]) -> dict[int, set[date]]:
    """Proceeding → the days on which it has hearings of its own: a next session on one of them is that hearing."""
    numbers = {hearing.proceeding_id for hearing in hearings}
    if not numbers:
        return {}
    asked = visible(Hearing, user).where(Hearing.proceeding_id.in_(numbers))
    found: dict[int, set[date]] = {}
    for number, day in db.session.execute(asked.with_only_columns(Hearing.proceeding_id, Hearing.held_on)):
        found.setdefault(number, set()).add(day)
    return found


# --- in words ------------------------------------------------------------------------------------


def hearings_ahead(hearings: Iterable[Hearing], days: set[date], in_full: bool) -> Iterable[Due]:
    for hearing in hearings:
        words = label("hearing_kinds", hearing.kind) or _("Hearing")
        where = hearing.place if in_full and hearing.place else ""
        passed = hearing.held_on < today()
        yield Due(
            hearing.held_on,
            words,
            _("Its day has passed; write down what happened.") if passed and not hearing.what_happened else where,
            HEARING,
            hearing.held_at,
            hearing.held_on if passed and hearing.what_happened else None,
            uid=str(hearing.uid),
        )
        if hearing.next_on and hearing.next_on >= today() and hearing.next_on not in days:
            yield Due(hearing.next_on, _("Next session"), words, HEARING, uid=f"{hearing.uid}-next")


def terms_ahead(deadlines: Iterable[Deadline], in_full: bool) -> Iterable[Due]:
    for one in deadlines:
        said = []
        if one.overridden_on:
            said.append(_("A day that was set by hand."))
            said += [ended(one.override_reason)] if in_full and one.override_reason else []
        said.append(_("Confirmed by a lawyer.") if one.confirmed_on else _("A lawyer has yet to confirm it."))
        yield Due(
            one.due_on,
            part_label(one.rule, one.part),
            " ".join(said),
            TERM,
            settled_on=one.done_on,
            confirmed=one.confirmed_on is not None,
            uid=str(one.uid),
        )


def limits_ahead(measures: Iterable[Measure]) -> Iterable[Due]:
    """One line for the same measure with the same last day, however many it holds."""
    groups: dict[tuple[date, str], list[Measure]] = {}
    for measure in measures:
        if measure.holds_until is not None and not measure.has_ended:
            groups.setdefault((measure.holds_until, measure.measure), []).append(measure)
    for (until, code), held in groups.items():
        detail = ngettext("%(num)s person", "%(num)s persons", len(held))
        if until < today():
            detail += " · " + _("Its last day has passed and no end is on record.")
        words = _("Last day of: %(measure)s", measure=label("coercive_measures", code))
        yield Due(until, words, detail, LIMIT, uid=f"{held[0].uid}-limit")
