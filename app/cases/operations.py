"""Open a case, say who follows it, write into its timeline, withdraw it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.accounts.models import User
from app.cases.models import Case, CaseMember, TimelineEntry
from app.dates import UncertainDate
from app.db import db


def open_case(user: User, team_id: int, facts: dict[str, Any]) -> Case:
    """A new case of the team; whoever opens it follows it. *facts* are columns by their name."""
    case = Case(team_id=team_id, created_by_id=user.id, members=[CaseMember(user_id=user.id)])
    db.session.add(case)
    edit_case(user, case, facts)
    return case


def edit_case(user: User, case: Case, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(case, name, value)
    case.touch(user.id)


def add_member(user: User, case: Case, member: User) -> None:
    """Let someone of the team follow the case; nothing happens when they do already."""
    if member.id not in {each.user_id for each in case.members}:
        case.members.append(CaseMember(user_id=member.id))
        case.touch(user.id)


def remove_member(user: User, case: Case, member_id: int) -> None:
    for member in [each for each in case.members if each.user_id == member_id]:
        case.members.remove(member)
        case.touch(user.id)


def withdraw_case(user: User, case: Case, reason: str) -> None:
    """Take the case out of the lists. Its incidents stay where they are."""
    case.withdraw(user.id, reason)


def restore_case(user: User, case: Case) -> None:
    case.restore(user.id)


# --- the timeline --------------------------------------------------------------------------------


@dataclass
class EntryGiven:
    """What an entry of the timeline says."""

    kind: str
    happened: UncertainDate
    entry_type: str | None = None
    text_es: str | None = None
    text_en: str | None = None
    detail_es: str | None = None
    detail_en: str | None = None
    citation: str | None = None
    url: str | None = None
    is_public: bool = False
    external: tuple[str, str] | None = field(default=None)


COLUMNS = ("kind", "happened", "entry_type", "text_es", "text_en", "detail_es", "detail_en", "citation", "url")


def write_entry(user: User, case: Case, given: EntryGiven) -> TimelineEntry:
    entry = TimelineEntry(case_id=case.id, created_by_id=user.id)
    if given.external:
        entry.external_source, entry.external_id = given.external
    edit_entry(entry, given)
    db.session.add(entry)
    return entry


def edit_entry(entry: TimelineEntry, given: EntryGiven) -> None:
    for name in (*COLUMNS, "is_public"):
        setattr(entry, name, getattr(given, name))


def erase_entry(entry: TimelineEntry) -> None:
    db.session.delete(entry)
