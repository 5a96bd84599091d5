"""A person as the first section of the letter describes them: as far as they allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from app import i18n
from app.letters.answers import IN_CONFIDENCE, Answers
from app.letters.blocks import gap, labels_of
from app.people.models import Person, PersonOrganisation
from app.places.countries import country_words
from app.vocabulary.queries import label
from app.word_files import Facts, Text

INDIVIDUAL = "INDIVIDUAL"


def name_of(answers: Answers, names: dict[int, str]) -> str:
    return names.get(answers.person.id) or answers.person.pseudonym


def described(answers: Answers, name: str | None, ties: list[PersonOrganisation] | None) -> Iterator[Any]:
    """What would lead to a person who did not say yes to being named stays out: where they live, what they lead.

    *ties* is None for a person whom the maker of the letter reads without identity: the same is then left open.
    """
    person = answers.person
    yield Text(name or _("%(name)s (pseudonym)", name=person.pseudonym), "heading")
    is_one = person.kind in (None, INDIVIDUAL)
    pairs = [
        (_("Full name"), name or _name_missing(answers)),
        (_("Kind"), label("person_kinds", person.kind)),
        (_("Age"), label("age_groups", person.age_group) or (gap(_("age")) if is_one and answers.may_be_named else "")),
        (
            _("Gender"),
            label("gender_identity", person.gender)
            or (gap(_("sex or gender")) if is_one and answers.may_be_named else ""),
        ),
        (_("Number of members"), _members(person)),
        (_("Peoples"), labels_of("indigenous_peoples", person.peoples or [])),
        (_("Work for human rights"), _work(person)),
    ]
    in_full = ties is not None
    if answers.may_be_named:
        place = (_residence(person) if in_full else "") or gap(_("place"))
        posts = _posts(person) if in_full else ""
        organisations = _organisations(ties or [])
        if is_one:
            pairs += [
                (_("Residence or origin"), place),
                (_("Occupation or post"), posts or gap(_("occupation"))),
                (_("Organisations"), organisations or gap(_("name, what it does, where, who heads it"))),
            ]
        else:
            pairs += [
                (_("Where it works"), place),
                (_("Who heads it"), posts or gap(_("name and post"))),
                (_("Belongs to"), organisations or gap(_("networks, federations"))),
            ]
    yield Facts([(words, value) for words, value in pairs if value])
    if answers.may_be_named and answers.letter is not None and answers.letter.level == IN_CONFIDENCE:
        yield Text(
            _("In confidence: the name is for the Special Rapporteur alone and must not be passed to the Government."),
            "note",
        )


def _name_missing(answers: Answers) -> str:
    if answers.may_be_named:
        return gap(_("full name"))
    if answers.asks_not_to_be_named:
        return _("Withheld: the person asks not to be named")
    return _("Withheld: the person does not agree that the name be given")


def _members(person: Person) -> str:
    if person.members_least is None and person.members_most is None:
        return ""
    return i18n.count_range(person.members_least, person.members_most)


def _work(person: Person) -> str:
    groups = labels_of("defender_groups", person.defender_groups or [])
    rights = labels_of("rights_defended", person.rights_defended or [])
    return "; ".join(filter(None, [groups, rights])) or gap(_("what the person or group does for human rights"))


def _residence(person: Person) -> str:
    return ", ".join(filter(None, [person.community, country_words(person.country) if person.country else ""]))


def _posts(person: Person) -> str:
    return "; ".join(
        ", ".join(filter(None, [one.title or label("leadership_kinds", one.kind), _organisation(one)]))
        for one in person.leaderships
    )


def _organisation(one: Any) -> str:
    return one.organisation.name if one.organisation else ""


def _organisations(ties: list[PersonOrganisation]) -> str:
    """The office asks for the head of each, too."""
    found = "; ".join(f"{one.organisation.name} ({label('organisation_ties', one.kind)})" for one in ties)
    return f"{found}. {gap(_('what it does, where, who heads it'))}" if found else ""
