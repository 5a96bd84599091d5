"""The history of a team's organisation or project in sentences. What came with the pack has none of its own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import visible
from app.accounts.models import User
from app.accounts.queries import names_of
from app.audit import CHANGED, CREATED, AuditEntry
from app.db import db
from app.history import (
    Picture,
    Readers,
    Row,
    Step,
    column_read,
    edit_of,
    entries_of,
    part_phrases,
    picture_of,
    step_of,
    told,
)
from app.organisations.models import Organisation
from app.places.countries import country_words
from app.vocabulary.queries import label


def history_of(user: User, record: Any, most: int | None = None) -> tuple[list[Step], bool]:
    """The newest *most* steps, and whether there are older ones."""
    entries = entries_of(record)
    names = names_of(entry.actor_id for entry in entries)
    readers = tuple(_readers(record, _parents(user, entries)))
    tell = partial(_step, record, names, readers)
    picture = picture_of([record, *record.aliases])
    return told(picture, entries, edit_of(record.__tablename__), tell, most, root=record)


def _step(
    record: Any,
    names: dict[int | None, str],
    readers: Readers,
    before: Picture,
    after: Picture,
    group: list[AuditEntry],
) -> Step | None:
    key = (record.__tablename__, record.id)
    aliases = f"{record.__tablename__}_alias"
    who, at = names.get(group[0].actor_id, "Amparo"), group[0].at
    further = part_phrases(aliases, _l("other names"), lambda row: str(row.get("name") or ""), before, after)
    return step_of(who, at, before.get(key), after[key], readers, [*_merge_phrases(record, group), *further])


def _merge_phrases(record: Any, group: list[AuditEntry]) -> list[str]:
    ways = {
        CREATED: lambda: _("brought another record of it into this one"),
        CHANGED: lambda: _("took back that another record had gone into this one"),
    }
    deeds = dict.fromkeys(entry.deed for entry in group if entry.table_name == f"{record.__tablename__}_merge")
    return [ways[deed]() for deed in deeds if deed in ways]


def _parents(user: User, entries: Iterable[AuditEntry]) -> dict[int, str]:
    """The names of those that were ever the parent, as far as the user sees them."""
    values = [value for entry in entries for value in entry.values if value.column == "parent_id"]
    numbers = {int(text) for value in values for text in (value.old, value.new) if text}
    if not numbers:
        return {}
    statement = visible(Organisation, user, withdrawn=True).where(Organisation.id.in_(numbers))
    named = statement.with_only_columns(Organisation.id, Organisation.name)
    return {number: name for number, name in db.session.execute(named)}


def _readers(record: Any, parents: dict[int, str]) -> Readers:
    yield _l("the name"), column_read("name")
    if isinstance(record, Organisation):
        yield _l("the kind"), column_read("kind", partial(label, "organisation_types"))
        yield _l("the country"), lambda row: country_words(row.get("country"))
        yield _l("the parent company"), column_read("parent_name")
        yield _l("the parent company on record"), partial(_parent, parents)
        yield _l("the home country"), lambda row: country_words(row.get("home_country"))
    else:
        yield _l("the sector"), column_read("sector", partial(label, "sectors"))
    yield _l("the source"), column_read("source")
    yield _l("the note"), column_read("note")


def _parent(parents: dict[int, str], row: Row) -> str:
    number = row.get("parent_id")
    return "" if number is None else parents.get(number, _("a company"))
