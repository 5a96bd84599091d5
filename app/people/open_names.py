"""How a person is called on a page: by the pseudonym; a public figure by the open name too, for full readers."""

from __future__ import annotations

from flask import g
from flask_login import current_user

from app.access import full_ids
from app.db import db
from app.people.models import Person


def shown_name(person: Person) -> str:
    """For the user of this request. Files that leave the house, titles of windows and addresses keep the pseudonym."""
    name = person.name_in_the_open
    return name if name and _is_read_in_full(person) else person.pseudonym


def _is_read_in_full(person: Person) -> bool:
    """Asked once for all public figures that the page has loaded."""
    known: dict[int, bool] = g.setdefault("public_figures_in_full", {})
    if person.id not in known:
        loaded = [row for row in db.session.identity_map.values() if isinstance(row, Person) and row.is_public_figure]
        full = full_ids(Person, current_user, [*loaded, person])
        known |= {row.id: row.id in full for row in [*loaded, person]}
    return known[person.id]
