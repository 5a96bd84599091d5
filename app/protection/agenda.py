"""What protection puts on the agenda: next dates, reviews of risks, and the days by which authorities have promised."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from app.access import full_ids, visible
from app.accounts.models import User
from app.agenda import TEAM, Due, DueWish
from app.cases.models import Case, CaseMember
from app.dates import day_of, today
from app.db import db
from app.protection.models import COMMITMENT, RISK, Commitment, Protection, RiskAssessment
from app.protection.queries import for_list, kind_words, shown_title
from app.vocabulary.queries import label

NEXT, REVIEW, PROMISE = "PROTECTION", "REVIEW", "PROMISE"
KINDS = {NEXT: _l("Next dates of measures and actions"), REVIEW: _l("Reviews of risks"), PROMISE: _l("Commitments due")}


def steps_due(user: User, wish: DueWish) -> list[Due]:
    """Of visible records that stand, in cases that stand; the words fit what the user may read."""
    rows: Any = db.session.scalars(for_list(records_due(user, wish))).unique().all()
    in_full = full_ids(Protection, user, rows)
    return [due_of(row, row.id in in_full) for row in rows]


def records_due(user: User, wish: DueWish) -> Select[Any]:
    statement = visible(Protection, user).where(
        Protection.next_on.is_not(None),
        Protection.team_id.in_(list(user.roles)),
        Protection.case_id.in_(visible(Case, user).with_only_columns(Case.id)),
        # An assessment that another one has replaced is reviewed by that one.
        Protection.is_open | (Protection.kind == COMMITMENT),
    )
    if wish.team_id is not None:
        statement = statement.where(Protection.team_id == wish.team_id)
    if wish.case_id is not None:
        statement = statement.where(Protection.case_id == wish.case_id)
    elif wish.whose != TEAM:
        followed = select(CaseMember.case_id).where(CaseMember.user_id == user.id)
        statement = statement.where(Protection.case_id.in_(followed))
    if wish.first:
        statement = statement.where(Protection.next_on >= wish.first)
    if wish.last:
        statement = statement.where(Protection.next_on <= wish.last)
    if wish.settled is not None:
        statement = statement.where(Protection.is_open.is_(not wish.settled))
    return statement


def due_of(record: Protection, in_full: bool) -> Due:
    """Its next day as a line of the agenda; the caller knows that it has one."""
    assert record.next_on is not None
    settled = None
    if isinstance(record, Commitment) and not record.is_open:
        settled = record.answered.latest or record.answered.earliest or day_of(record.updated_at)
    return Due(
        record.next_on,
        _words(record),
        _detail(record, in_full),
        {RISK: REVIEW, COMMITMENT: PROMISE}.get(record.kind, NEXT),
        settled_on=settled,
        reference=record.reference,
        title=shown_title(record, in_full),
        endpoint="protection.show",
        uid=str(record.uid),
    )


def _words(record: Protection) -> str:
    if isinstance(record, RiskAssessment):
        return _("Review of the risk: %(level)s", level=label("risk_levels", record.level))
    if isinstance(record, Commitment):
        return _("Commitment due")
    return _("Next step: %(kind)s", kind=kind_words(record))


def _detail(record: Protection, in_full: bool) -> str:
    """What is to be done, and of a promise whose day has passed that nobody has answered."""
    is_silent = isinstance(record, Commitment) and record.is_open and record.next_on and record.next_on < today()
    said = _("Its day has passed in silence.") if is_silent else ""
    what = record.asked if isinstance(record, Commitment) else record.next_what
    return " · ".join(filter(None, [what if in_full else None, said]))
