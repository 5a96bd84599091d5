"""The list of people as a file: what the list shows, by pseudonym; a legal name never, open ones neither."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app import access
from app.accounts.models import User
from app.dates import today
from app.downloads import Table, name_kind
from app.people.allowed import allowed
from app.people.models import Person
from app.people.queries import PeopleWish, people_found
from app.vocabulary.queries import entries, label

PEOPLE = "people"
HEADER = (
    "reference", "pseudonym", "kind", "kind_label", "defender_groups", "defender_groups_label", "consent_level",
    "may_be_used_as",
)  # fmt: skip
AT_ONCE = 500


def table_of(user: User, wish: PeopleWish) -> Table:
    found = people_found(user, wish)
    return Table(
        kind=PEOPLE,
        name=f"amparo-people-{today().isoformat()}",
        page="people.index",
        header=HEADER,
        lines=lambda: _lines(user, wish),
        filters=_described(wish),
        persons=found.with_only_columns(Person.id).order_by(None),
    )


def _described(wish: PeopleWish) -> dict[str, str]:
    told = {"text": "(text)"} if wish.text else {}
    if wish.kind:
        told["kind"] = wish.kind if wish.kind in entries("person_kinds") else "(text)"
    return told | ({"withdrawn": "yes"} if wish.withdrawn else {})


def _lines(user: User, wish: PeopleWish) -> Iterator[Sequence[Any]]:
    statement, first = people_found(user, wish), 0
    while rows := access.rows_of(statement, first, AT_ONCE, lambda found: found):
        yield from (_line(row) for row in rows)
        first += AT_ONCE


def _line(person: Person) -> Sequence[Any]:
    found = allowed(person)
    groups = person.defender_groups or []
    return (
        person.reference,
        person.pseudonym,
        person.kind,
        label("person_kinds", person.kind),
        groups,
        [label("defender_groups", code) for code in groups],
        found.level,
        found.reach,
    )


name_kind(
    PEOPLE,
    _l("List of people"),
    text=(_l("Text"), None),
    kind=(_l("Kind"), "person_kinds"),
    withdrawn=(_l("Withdrawn ones"), None),
)
