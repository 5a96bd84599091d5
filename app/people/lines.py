"""Who is meant by lines on which pseudonyms were typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_
from sqlalchemy.orm import selectinload

from app.access import visible
from app.accounts.models import User
from app.cases.models import Case
from app.db import db, fold
from app.people.models import Person
from app.search import matching


@dataclass
class Resolved:
    """Of typed lines: people on record, pseudonyms that are new, and lines that mean more than one person."""

    people: list[Person]
    fresh: list[str]
    unclear: list[str]


def plain_lines(typed: str | None) -> list[str]:
    """Each pseudonym once, in the order in which it was typed; numbers in front of a line are left out."""
    lines = [" ".join(text.split()) for text in (typed or "").splitlines()]
    plain = [re.sub(r"^(?:\d{1,3}[.)]|[-•*·])\s+", "", text) for text in lines]
    return list(dict.fromkeys(text for text in plain if text))


def resolved(user: User, case: Case | None, lines: Sequence[str], team_id: int | None = None) -> Resolved:
    """People of the case go before others of the team; a pseudonym that two bear is not guessed.

    Only those whom the user reads in full: a part in the user's own case would open to them who the others are.
    """
    team_id = case.team_id if case is not None else team_id
    rule = and_(Person.team_id == team_id, Person.full_to(user))
    team = visible(Person, user).where(rule).options(selectinload(Person.case_roles))
    found = Resolved([], [], [])
    for text in lines:
        wanted = fold(text)
        named = Person.reference == text.strip().upper()
        candidates: list[Person] = list(db.session.scalars(team.where(named)))
        if not candidates:
            alike: Any = db.session.scalars(matching(team, Person, text, user)) if wanted else []
            candidates = [person for person in alike if fold(person.pseudonym) == wanted]
        here = [one for one in candidates if case and any(role.case_id == case.id for role in one.case_roles)]
        candidates = here or candidates
        if len(candidates) > 1:
            found.unclear.append(text)
        elif candidates:
            found.people.append(candidates[0])
        else:
            found.fresh.append(text)
    return found
