"""Two records of one organisation or project become one; and apart again, as they were.

A record of the pack can be the one that stays, never the one that goes: it belongs to all. What it says stays then as
the pack says it, and the names of the other are those of the team alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.models import User
from app.audit import give_reason, note_read
from app.db import db, fold
from app.merging import (
    CannotMerge,
    Changes,
    Key,
    across_teams,
    check_two,
    checked_reason,
    index_what_names,
    keys_to,
    latest_merge,
    take_back,
)
from app.organisations.models import Organisation, Project
from app.organisations.parents import parents_of
from app.organisations.queries import MERGES
from app.places.countries import country_words
from app.side_by_side import GONE, KEPT, Fact, text_words
from app.vocabulary.queries import label

MERGED, UNMERGED = "organisations_merged", "organisations_unmerged"
LEFT_ALONE = frozenset({"organisation_merge", "project_merge"})
"""Tables whose keys say what was merged: they do not move."""

NAMES = frozenset({"organisation_alias", "project_alias"})
"""Tables of names: the record that goes keeps its own, so that it is as it was if it comes back; the other gets them
as its own."""


def _code(column: str, list_name: str) -> Callable[[Any], str]:
    return lambda row: label(list_name, getattr(row, column))


def _parent(organisation: Organisation) -> str:
    on_record = [organisation.parent.name] if organisation.parent else []
    return " · ".join(filter(None, [organisation.parent_name, *on_record]))


_name = partial(Fact, "name", _l("Name"), ("name", "name_folded"), text_words("name"))
_source = partial(Fact, "source", _l("Source"), ("source",), text_words("source"))
_note = partial(Fact, "note", _l("Note"), ("note",), text_words("note"), adds=True)

FACTS: dict[Any, tuple[Fact, ...]] = {
    Organisation: (
        _name(),
        Fact("kind", _l("Kind"), ("kind",), _code("kind", "organisation_types")),
        Fact("country", _l("Country"), ("country",), lambda row: country_words(row.country)),
        Fact("parent", _l("Parent company"), ("parent_name", "parent_id"), _parent),
        Fact("home_country", _l("Home country"), ("home_country",), lambda row: country_words(row.home_country)),
        _source(),
        _note(),
    ),
    Project: (_name(), Fact("sector", _l("Sector"), ("sector",), _code("sector", "sectors")), _source(), _note()),
}


def keys_of(model: Any) -> list[Key]:
    """Every column, in whatever room, that names an organisation, or a project."""
    return keys_to(model, LEFT_ALONE)


def keys_that_move(model: Any) -> list[Key]:
    return keys_to(model, LEFT_ALONE | NAMES)


def facts_to_choose(kept: Any) -> tuple[Fact, ...]:
    """Of a record of the pack nothing is chosen."""
    return FACTS[type(kept)] if kept.team_id is not None else ()


def merge_records(user: User, kept: Any, gone: Any, choices: Mapping[str, str], reason: str) -> Any:
    """*choices*: name of a fact → KEPT, GONE or BOTH. Raises CannotMerge or ReasonMissing; changes nothing then."""
    check_records(kept, gone)
    if kept.team_id is None:
        choices = {}
    parent_id = _parent_afterwards(kept, gone, choices) if isinstance(kept, Organisation) else None
    words = checked_reason(reason, _("Write in a few words how you know that the two are one; it is recorded."))
    changes = Changes()
    names = [*kept.names_for(gone.team_id), *gone.names_for(gone.team_id)]
    changes.move(keys_that_move(type(kept)), kept, gone, once=True)
    changes.choose(facts_to_choose(kept), kept, gone, choices)
    if isinstance(kept, Organisation) and kept.team_id is not None:
        changes.set(kept, "parent_id", parent_id)
    _keep_all_names(changes, kept, gone, names)
    if kept.team_id is not None:
        give_reason(db.session, kept, words)
        kept.touch(user.id)
    changes.withdraw(gone, user.id, _("Recorded twice: it went into %(kept)s.", kept=kept.reference))
    gone.touch(user.id)
    changes.settle(kept, gone)
    merge = MERGES[type(kept)](
        kept_id=kept.id, gone_id=gone.id, reason=words, merged_by_id=user.id, changes=changes.written
    )
    db.session.add(merge)
    db.session.flush()
    note_read(db.session, MERGED, kept, reason=words, other=gone.reference)
    return merge


def check_records(kept: Any, gone: Any) -> None:
    """Raises CannotMerge where these two cannot be brought together in this direction."""
    check_two(kept, gone)
    if gone.team_id is None:
        raise CannotMerge(_("What came with the pack belongs to all: it can stay, but not go into another record."))
    if kept.team_id not in (None, gone.team_id):
        raise across_teams()


def _parent_afterwards(kept: Organisation, gone: Organisation, choices: Mapping[str, str]) -> int | None:
    """Neither of the two: they are one. Raises CannotMerge where the chain would come back to where it began."""
    two = (kept, gone)
    above = gone.parent if choices.get("parent", KEPT) == GONE else kept.parent
    if above in two and above is not None:
        above = above.parent
    if above in two:
        above = None
    if above is not None and any(each in two for each in parents_of(above)):
        raise CannotMerge(
            _(
                "On record one of them owns the other by way of %(name)s. Correct the parent of %(name)s first.",
                name=above.name,
            )
        )
    return above.id if above is not None else None


def _keep_all_names(changes: Changes, kept: Any, gone: Any, names: list[str]) -> None:
    """Whoever looks for a name that was not chosen finds the record."""
    known = {fold(name) for name in kept.names_for(gone.team_id)}
    shown_to = None if kept.team_id is not None else gone.team_id
    for name in names:
        if fold(name) not in known:
            known.add(fold(name))
            alias = type(kept).__alias__()(name=name, name_folded=fold(name), team_id=shown_to)
            (kept.aliases if shown_to is None else kept.team_aliases).append(alias)
            changes.made(alias)


def unmerge_records(user: User, merge: Any) -> int:
    """Put everything back that the merge changed; gives how many values stay because they were changed since.

    Raises CannotMerge where a later merge of the same team stands on this one.
    """
    kept, gone = merge.kept, merge.gone
    model = type(kept)
    of_the_team = MERGES[model].gone.has(model.team_id == gone.team_id)
    latest = latest_merge(MERGES[model], merge.kept_id, of_the_team)
    stayed = take_back(user.id, merge, latest, keys_of(model))
    index_what_names(keys_that_move(model), kept)
    for row in (kept, gone):
        if row.team_id is not None:
            row.touch(user.id)
    note_read(db.session, UNMERGED, kept, reason=merge.reason, other=gone.reference)
    return stayed
