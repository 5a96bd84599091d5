"""Who owns a company on record, who owns that one, and where such a chain is at home."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app.access import visible
from app.accounts.models import User
from app.db import db
from app.organisations.models import Organisation

MOST_STEPS = 20
"""No chain of owners is longer; nobody walks on for ever, whatever the database says."""


class ParentRefused(Exception):
    """This cannot be the parent; the message is a sentence for people."""


def parents_of(organisation: Organisation) -> list[Organisation]:
    """The owner on record, the owner of that one, and so on."""
    found: list[Organisation] = []
    above = organisation.parent
    while above is not None and above is not organisation and above not in found and len(found) < MOST_STEPS:
        found.append(above)
        above = above.parent
    return found


def home_country_of(organisation: Organisation) -> str | None:
    """Its own home country; where none is written down, that of the next parent on record that has one."""
    chain = [organisation, *parents_of(organisation)]
    return next((each.home_country for each in chain if each.home_country), None)


def home_countries(user: User, rows: Iterable[Organisation]) -> dict[int, str]:
    """The same for a list, in as many questions as the longest chain has steps: number of the row → country."""
    found: dict[int, str] = {}
    waiting: dict[int, set[int]] = {}
    for row in rows:
        if row.home_country:
            found[row.id] = row.home_country
        elif row.parent_id:
            waiting.setdefault(row.parent_id, set()).add(row.id)
    for _step in range(MOST_STEPS):
        if not waiting:
            break
        above = visible(Organisation, user, withdrawn=True).where(Organisation.id.in_(waiting))
        columns = (Organisation.id, Organisation.home_country, Organisation.parent_id)
        further: dict[int, set[int]] = {}
        for number, country, parent_id in db.session.execute(above.with_only_columns(*columns)):
            if country:
                found |= dict.fromkeys(waiting[number], country)
            elif parent_id:
                further.setdefault(parent_id, set()).update(waiting[number])
        waiting = further
    return found


def check_parent(organisation: Organisation | None, team_id: int | None, parent: Organisation | None) -> None:
    """Raises ParentRefused for the company itself, for what it owns, and for a record of another team.

    *organisation* is None while it is not on record yet.
    """
    if parent is None:
        return
    if parent.team_id is not None and parent.team_id != team_id:
        raise ParentRefused(_("The parent is a record of another team. Readers of this one would not see it."))
    if organisation is None or organisation.id is None:
        return
    if parent.id == organisation.id:
        raise ParentRefused(_("A company cannot be its own parent."))
    if organisation in parents_of(parent):
        raise ParentRefused(
            _(
                "%(parent)s belongs to %(name)s on record, directly or through others. It cannot be its parent too.",
                parent=parent.name,
                name=organisation.name,
            )
        )
