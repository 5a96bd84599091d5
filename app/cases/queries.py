"""What is asked of cases: the list, who may join, entries of the timeline, and how much of a case is shown."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app import i18n
from app.access import may, visible
from app.accounts.models import User
from app.accounts.teams import people_of
from app.cases.models import Case, CaseMember, TimelineEntry
from app.db import db, fold
from app.search import matching

REFERENCE = re.compile(r"[A-Z]{3}-C-[0-9A-Z]{5}")

WITHDRAWN = "WITHDRAWN"
"""Not a status: the one way to ask for withdrawn cases in the list."""


@dataclass(frozen=True)
class CaseWish:
    """What the list is asked for."""

    text: str = ""
    status: str = ""
    mine: str = ""


def cases_found(user: User, wish: CaseWish) -> Select[tuple[Case]]:
    """Visible cases that fit, the last changed first."""
    statement = matching(visible(Case, user, withdrawn=wish.status == WITHDRAWN), Case, wish.text, user)
    if wish.status == WITHDRAWN:
        statement = statement.where(Case.withdrawn_at.is_not(None))
    elif wish.status:
        statement = statement.where(Case.status == wish.status)
    if wish.mine:
        statement = statement.where(Case.id.in_(select(CaseMember.case_id).where(CaseMember.user_id == user.id)))
    return statement.options(selectinload(Case.team)).order_by(Case.updated_at.desc(), Case.id.desc())


def shown_title(case: Case, in_full: bool) -> str:
    """A title is free text and may say too much: who reads without identity is given the reference."""
    return case.title_in(i18n.language()) if in_full else case.reference


def entry_of(user: User, case: Case, uid: str) -> TimelineEntry | None:
    """The entry of this case, and of no other, that bears the number."""
    try:
        number = uuid.UUID(uid)
    except ValueError:
        return None
    statement = visible(TimelineEntry, user).where(TimelineEntry.case_id == case.id, TimelineEntry.uid == number)
    found: TimelineEntry | None = db.session.scalar(statement)  # type: ignore[assignment]
    return found


def entries_of(user: User, case: Case) -> Select[tuple[TimelineEntry]]:
    """The entries of a case that the user may read, the last day first."""
    return (
        visible(TimelineEntry, user)
        .where(TimelineEntry.case_id == case.id)
        .order_by(TimelineEntry.happened_from.desc().nulls_last(), TimelineEntry.id.desc())
    )


def may_open_up(user: User, case: Case) -> bool:
    """Who decides how many see the case: its members and the coordinators of its team."""
    return may(user, "cases.manage", case.team_id) or user.id in {member.user_id for member in case.members}


def could_join(case: Case) -> list[User]:
    """Who records in the team of the case and does not follow it yet."""
    following = {member.user_id for member in case.members}
    everybody: Any = db.session.scalars(people_of(case.team_id))
    return [user for user in everybody if user.id not in following]


def colleague_named(case: Case, text: str) -> User | None:
    """The one who could join and is called so, or has that e-mail; None when there is none or more than one."""
    wanted = fold(text)
    found = [user for user in could_join(case) if wanted in (fold(user.name), fold(user.email), _both(user))]
    return found[0] if len(found) == 1 else None


def colleagues_like(case: Case, text: str) -> list[dict[str, str]]:
    """Suggestions that `colleague_named` understands."""
    found = [user for user in could_join(case) if fold(text) in fold(user.name)][:12]
    return [{"value": f"{user.name} ({user.email})", "label": user.name} for user in found]


def _both(user: User) -> str:
    return fold(f"{user.name} ({user.email})")
