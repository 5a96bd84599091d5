"""What requests for information put on the agenda: when the answer is due, and until when one may appeal."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, or_

from app.access import COORDINATOR, in_teams_where, visible
from app.accounts.models import User
from app.agenda import TEAM, Due, DueWish
from app.contracts.links import TransparencyRequest
from app.contracts.request_terms import appeal_term
from app.contracts.request_workflow import MAY_BE_APPEALED, WAITING
from app.dates import today
from app.db import db
from app.i18n import date_words

ANSWER, APPEAL = "REQUEST_ANSWER", "REQUEST_APPEAL"
KINDS = {ANSWER: _l("Answers to requests for information"), APPEAL: _l("Last days to appeal a request")}
LONGEST_TITLE = 120


def requests_due(user: User, wish: DueWish) -> list[Due]:
    """Of visible requests that stand. They belong to no case."""
    if wish.case_id is not None:
        return []
    rows = db.session.scalars(requests_with_days(user, wish)).unique()
    return [due for row in rows for due in dues_of(row)]


def requests_with_days(user: User, wish: DueWish) -> Select[Any]:
    """Those with a day that the wish may hold. The last day to appeal a silence is counted: it stands in no column."""
    statement = visible(TransparencyRequest, user).where(
        TransparencyRequest.team_id.in_(list(user.roles)),
        or_(TransparencyRequest.due_on.is_not(None), TransparencyRequest.appeal_due_on.is_not(None)),
    )
    if wish.team_id is not None:
        statement = statement.where(TransparencyRequest.team_id == wish.team_id)
    if wish.whose != TEAM:
        coordinates = in_teams_where(TransparencyRequest.team_id, user, COORDINATOR)
        statement = statement.where(or_(TransparencyRequest.created_by_id == user.id, coordinates))
    waits = TransparencyRequest.status.in_(WAITING | MAY_BE_APPEALED)
    if wish.settled is False:
        return statement.where(waits)
    bounds = [_reaches(column, wish) for column in (TransparencyRequest.due_on, TransparencyRequest.appeal_due_on)]
    return statement.where(or_(waits, *bounds))


def _reaches(column: Any, wish: DueWish) -> Any:
    first = [column >= wish.first] if wish.first else []
    last = [column <= wish.last] if wish.last else []
    return and_(column.is_not(None), *first, *last)


def dues_of(request: TransparencyRequest) -> list[Due]:
    """Its days as lines of the agenda, done or not; no last day to appeal where nobody means to."""
    found = []
    where: dict[str, Any] = {
        "reference": request.reference,
        "title": title_of(request),
        "endpoint": "transparency.show",
        "anchor": "next",
    }
    if request.due_on is not None:
        settled = None if request.status in WAITING else request.answered_on or request.due_on
        found.append(
            Due(
                request.due_on, _("Answer due to a request"), silence_words(request), ANSWER,
                settled_on=settled, uid=f"{request.uid}-answer", **where,
            )
        )  # fmt: skip
    last = appeal_until(request)
    if last is not None:
        detail = _("Appeal against the silence.") if request.answered_on is None else ""
        found.append(
            Due(
                last, _("Appeal may be filed until"), detail, APPEAL,
                settled_on=request.appealed_on, uid=f"{request.uid}-appeal", **where,
            )
        )  # fmt: skip
    return found


def appeal_until(request: TransparencyRequest) -> Any:
    """The last day to appeal, also while nobody has written down the silence: it runs all the same."""
    if request.status in MAY_BE_APPEALED or request.appealed_on is not None:
        return request.appeal_due_on
    return appeal_term(request.due_on).last_on if request.due_on and term_has_passed(request) else None


def term_has_passed(request: TransparencyRequest) -> bool:
    """Whether the body owes an answer whose last day is over."""
    return request.status in WAITING and request.due_on is not None and request.due_on < today()


def silence_words(request: TransparencyRequest) -> str:
    """What follows when the last day passes and no answer is on record; empty before."""
    if not term_has_passed(request):
        return ""
    last = appeal_until(request)
    if last < today():
        return _("The term has passed: silence. It could be appealed until %(day)s.", day=date_words(last))
    return _("The term has passed: silence. It may be appealed until %(day)s.", day=date_words(last))


def title_of(request: TransparencyRequest) -> str:
    first = next(iter(request.subject.strip().splitlines()), "")
    return first if len(first) <= LONGEST_TITLE else first[:LONGEST_TITLE].rsplit(" ", 1)[0] + " …"
