"""What is known of a person, fact by fact, as two records are compared and chosen from."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.i18n import count_range
from app.people.models import Person
from app.places.countries import country_words
from app.side_by_side import Fact, text_words
from app.vocabulary.queries import label, labels


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
    Fact("pseudonym", _l("Pseudonym"), ("pseudonym",), text_words("pseudonym")),
    Fact("kind", _l("Kind"), ("kind",), _code("kind", "person_kinds")),
    Fact("country", _l("Country"), ("country",), lambda person: country_words(person.country)),
    Fact("gender", _l("Gender"), ("gender",), _code("gender", "gender_identity")),
    Fact("age_group", _l("Age"), ("age_group",), _code("age_group", "age_groups")),
    Fact("community", _l("Community"), ("community",), text_words("community")),
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
    Fact("note", _l("Note"), ("note",), text_words("note"), adds=True),
    Fact("public", _l("Public figure"), ("is_public_figure", "open_name", "open_name_source"), _public),
)
