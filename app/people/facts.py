"""What is known of a person, fact by fact, as two records are compared and chosen from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.i18n import count_range
from app.people.models import Person
from app.places.countries import country_words
from app.vocabulary.queries import label, labels

KEPT, GONE, BOTH = "kept", "gone", "both"


@dataclass(frozen=True)
class Fact:
    """One or more columns that are chosen together. *adds*: two values can stand beside each other."""

    name: str
    label: Any
    columns: tuple[str, ...]
    words: Callable[[Person], str]
    adds: bool = False


def _text(column: str) -> Callable[[Person], str]:
    return lambda person: getattr(person, column) or ""


def _code(column: str, list_name: str) -> Callable[[Person], str]:
    return lambda person: label(list_name, getattr(person, column))


def _codes(column: str, list_name: str) -> Callable[[Person], str]:
    say = partial(labels, list_name)
    return lambda person: say(getattr(person, column) or [])


def _members(person: Person) -> str:
    if person.members_least is None and person.members_most is None:
        return ""
    return count_range(person.members_least, person.members_most)


def _public(person: Person) -> str:
    if not person.is_public_figure:
        return _("no")
    return person.open_name or _("yes")


FACTS = (
    Fact("pseudonym", _l("Pseudonym"), ("pseudonym",), _text("pseudonym")),
    Fact("kind", _l("Kind"), ("kind",), _code("kind", "person_kinds")),
    Fact("country", _l("Country"), ("country",), lambda person: country_words(person.country)),
    Fact("gender", _l("Gender"), ("gender",), _code("gender", "gender_identity")),
    Fact("age_group", _l("Age"), ("age_group",), _code("age_group", "age_groups")),
    Fact("community", _l("Community"), ("community",), _text("community")),
    Fact("members", _l("How many belong to it"), ("members_least", "members_most"), _members),
    Fact(
        "defender_groups",
        _l("Group of defenders"),
        ("defender_groups",),
        _codes("defender_groups", "defender_groups"),
        adds=True,
    ),
    Fact(
        "rights_defended",
        _l("Rights defended"),
        ("rights_defended",),
        _codes("rights_defended", "rights_defended"),
        adds=True,
    ),
    Fact("peoples", _l("Peoples"), ("peoples",), _codes("peoples", "indigenous_peoples"), adds=True),
    Fact("note", _l("Note"), ("note",), _text("note"), adds=True),
    Fact("public", _l("Public figure"), ("is_public_figure", "open_name", "open_name_source"), _public),
)


def differs(fact: Fact, one: Person, other: Person) -> bool:
    return any(_said(one, column) != _said(other, column) for column in fact.columns)


def likely_choice(fact: Fact, kept: Person, gone: Person) -> str:
    """What says nothing gives way; what can stand beside each other does."""
    if not any(_said(kept, column) for column in fact.columns):
        return GONE
    if fact.adds and any(_said(gone, column) for column in fact.columns):
        return BOTH
    return KEPT


def chosen_value(fact: Fact, column: str, kept: Person, gone: Person, choice: str) -> Any:
    ours, theirs = getattr(kept, column), getattr(gone, column)
    if choice == GONE:
        return theirs
    if choice != BOTH or not fact.adds:
        return ours
    if isinstance(ours or theirs, list):
        return list(dict.fromkeys([*(ours or []), *(theirs or [])])) or None
    return "\n\n".join(part for part in (ours, theirs) if part) or None


def _said(person: Person, column: str) -> Any:
    return getattr(person, column) or None
