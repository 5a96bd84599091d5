"""What waits: for a person, for a coordinator, and what their records lack."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, not_, or_, select

from app.access import COORDINATOR, find_visible, in_teams_where, visible
from app.accounts.models import Team, User
from app.alerts.models import Alert
from app.alerts.queries import open_for
from app.cases.models import Case, CaseMember
from app.contracts.models import Contract
from app.contracts.workflow import SUBMITTED as TO_REVIEW
from app.db import db
from app.incidents.models import Incident
from app.incidents.queries import urgency_rank
from app.incidents.urgent import PRESSING
from app.incidents.workflow import DRAFT, NEEDS_INFO, WAITING, WITH_AUTHOR
from app.organisations.models import Organisation
from app.people.models import Person
from app.proceedings.models import Proceeding

# --- my work -------------------------------------------------------------------------------------


def pressing_incidents(user: User) -> Select[Any]:
    """Danger near that nobody has assessed yet: the user's own, those given to them, those of teams they coordinate.

    What an open alert stands for is told by the alert.
    """
    alerted = open_for(user).with_only_columns(Alert.root_id).where(Alert.root_table == Incident.__tablename__)
    return (
        visible(Incident, user)
        .where(
            Incident.urgency.in_(PRESSING),
            Incident.state.in_(WAITING | WITH_AUTHOR),
            Incident.id.not_in(alerted.order_by(None)),
            or_(
                Incident.created_by_id == user.id,
                Incident.assigned_to_id == user.id,
                in_teams_where(Incident.team_id, user, COORDINATOR),
            ),
        )
        .order_by(urgency_rank(), Incident.created_at.desc(), Incident.id)
    )


def waiting_for(user: User) -> Select[Any]:
    """Sent back to the user as author, or given to the user and not yet assessed; what waits longest on top."""
    sent_back = (Incident.state == NEEDS_INFO) & (Incident.created_by_id == user.id)
    given = (Incident.assigned_to_id == user.id) & Incident.state.in_(WAITING | WITH_AUTHOR)
    return visible(Incident, user).where(or_(sent_back, given)).order_by(Incident.updated_at, Incident.id)


def drafts_of(user: User) -> Select[Any]:
    mine = visible(Incident, user).where(Incident.state == DRAFT, Incident.created_by_id == user.id)
    return mine.order_by(Incident.updated_at.desc(), Incident.id)


def cases_of(user: User) -> Select[Any]:
    """Cases that the user follows as a member, the last changed on top."""
    followed = select(CaseMember.case_id).where(CaseMember.user_id == user.id)
    return visible(Case, user).where(Case.id.in_(followed)).order_by(Case.updated_at.desc(), Case.id)


def counted_by_case(statement: Select[Any]) -> dict[int, int]:
    """Number of a case → how many of these incidents it holds."""
    counted = statement.with_only_columns(Incident.case_id, func.count(Incident.id)).order_by(None)
    return {number: found for number, found in db.session.execute(counted.group_by(Incident.case_id)) if number}


# --- the review queue ----------------------------------------------------------------------------

URGENCY, WAIT = "urgency", "wait"
QUEUE_ORDERS = (URGENCY, WAIT)


@dataclass(frozen=True)
class QueueWish:
    team: str = ""
    author: str = ""
    order: str = URGENCY


def coordinated(user: User) -> Select[Any]:
    return visible(Incident, user).where(in_teams_where(Incident.team_id, user, COORDINATOR))


def queue_of(user: User, wish: QueueWish | None = None) -> Select[Any]:
    """What was sent to review in the teams that the user coordinates: urgent first, then what waits longest."""
    wish = wish or QueueWish()
    statement = _narrowed(coordinated(user).where(Incident.state.in_(WAITING)), wish)
    wait = [Incident.submitted_at.asc().nulls_last(), Incident.id]
    return statement.order_by(*wait) if wish.order == WAIT else statement.order_by(urgency_rank(), *wait)


def sent_back(user: User, wish: QueueWish) -> Select[Any]:
    """What the authors have been asked about; what waits longest on top."""
    statement = _narrowed(coordinated(user).where(Incident.state == NEEDS_INFO), wish)
    return statement.order_by(Incident.updated_at, Incident.id)


def contracts_to_review(user: User) -> Select[Any]:
    """Contracts that wait in the teams the user coordinates, those left out that the user wrote; the oldest on top."""
    is_own = or_(Contract.created_by_id == user.id, Contract.updated_by_id.is_not_distinct_from(user.id))
    return (
        visible(Contract, user)
        .where(Contract.state == TO_REVIEW, in_teams_where(Contract.team_id, user, COORDINATOR), not_(is_own))
        .order_by(Contract.updated_at, Contract.id)
    )


def _narrowed(statement: Select[Any], wish: QueueWish) -> Select[Any]:
    if wish.team:
        statement = statement.where(Incident.team_id.in_(select(Team.id).where(Team.handle == wish.team)))
    if wish.author:
        statement = statement.where(Incident.created_by_id.in_(select(User.id).where(User.handle == wish.author)))
    return statement


# --- going to a reference ------------------------------------------------------------------------

_REFERENCE = re.compile(r"([A-Z]{3})-([A-Z])-([0-9A-Z]{5})")
PAGES: dict[str, tuple[Any, str]] = {
    "I": (Incident, "incidents.show"),
    "C": (Case, "cases.show"),
    "D": (Person, "people.show"),
    "O": (Organisation, "organisations.show"),
    "P": (Proceeding, "proceedings.show"),
}
"""Letter of a reference → what it names and the page that shows it."""

_MISREAD = str.maketrans("OIL", "011")


def page_of_reference(user: User, text: str) -> tuple[str, str] | None:
    """(endpoint, reference) of a record that the user sees; None for anything else, hidden or not there alike."""
    found = _REFERENCE.fullmatch(text.strip().upper())
    if found is None or found[2] not in PAGES:
        return None
    model, endpoint = PAGES[found[2]]
    # The sign set has no O, I or L, because they are misread over the telephone.
    reference = f"{found[1]}-{found[2]}-{found[3].translate(_MISREAD)}"
    return (endpoint, reference) if find_visible(model, user, reference) else None
