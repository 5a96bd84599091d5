"""The history of a person in sentences. For full readers only; who it is stands in none of it.

Of the identity the trail keeps no values: it is told that it was written down or changed, never what it says. Nor is
any other value told in which the legal name or the document stood, such as a pseudonym that was none.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.access import unguarded
from app.accounts.queries import names_of
from app.audit import CHANGED, CREATED, DELETED, AuditEntry
from app.db import db, folded_words
from app.history import (
    Picture,
    Readers,
    Row,
    Step,
    added,
    column_read,
    edit_of,
    entries_of,
    picture_of,
    step_of,
    told,
)
from app.i18n import count_range
from app.people.models import Person, PersonIdentity, PersonMerge
from app.places.countries import country_words
from app.vocabulary.queries import label, labels

TEXTS = {
    "pseudonym": _l("the pseudonym"),
    "community": _l("the community"),
    "note": _l("the note"),
}
CODES = {
    "kind": (_l("the kind"), "person_kinds"),
    "gender": (_l("the gender"), "gender_identity"),
    "age_group": (_l("the age"), "age_groups"),
    "defender_groups": (_l("the groups of defenders"), "defender_groups"),
    "rights_defended": (_l("the rights defended"), "rights_defended"),
    "peoples": (_l("the peoples"), "indigenous_peoples"),
}


def history_of(person: Person, most: int | None = None) -> tuple[list[Step], bool]:
    """The newest *most* steps, and whether there are older ones. The caller has made sure of full reading."""
    entries = entries_of(person)
    names = names_of(entry.actor_id for entry in entries)
    picture = picture_of([person, *person.consents])
    steps, there_is_more = told(picture, entries, edit_of("person"), partial(_step, person.id, names), most)
    secrets = _secrets_of(person)
    return [_kept_apart(step, secrets) for step in steps], there_is_more


def _step(
    number: int, names: dict[int | None, str], before: Picture, after: Picture, group: list[AuditEntry]
) -> Step | None:
    key = ("person", number)
    who, at = names.get(group[0].actor_id, "Amparo"), group[0].at
    further = [*_consent_phrases(before, after), *_identity_phrases(group), *_tie_phrases(group)]
    return step_of(who, at, before.get(key), after[key], _readers(), further)


def _readers() -> Readers:
    for column, words in TEXTS.items():
        yield words, column_read(column)
    for column, (words, list_name) in CODES.items():
        yield words, column_read(column, partial(labels, list_name))
    yield _l("the country"), lambda row: country_words(row.get("country"))
    yield _l("how many belong to it"), _members
    yield _l("the open name"), column_read("open_name")
    yield _l("whether it is a public figure"), lambda row: _("yes") if row.get("is_public_figure") else _("no")


def _members(row: Row) -> str:
    least, most = row.get("members_least"), row.get("members_most")
    return "" if least is None and most is None else count_range(least, most)


# --- what must not be told -----------------------------------------------------------------------


def _secrets_of(person: Person) -> list[str]:
    """Folded words that give the person away; what the pseudonym says today is open already.

    Identities may have been exchanged between records that were brought together, so those of all of them count.
    """
    one_person = PersonIdentity.person_id.in_(_records_tied_to(person))
    statement = select(PersonIdentity.legal_name, PersonIdentity.document).where(one_person)
    found = db.session.execute(unguarded(statement, "so that a history does not tell what stands in the identity"))
    values = [_words(value) for row in found for value in row]
    return [words for words in values if words.strip() and words not in _words(person.pseudonym)]


def _records_tied_to(person: Person) -> set[int]:
    """The record and all that ever went into it or into which it went, over as many steps as there are."""
    statement = select(PersonMerge.kept_id, PersonMerge.gone_id)
    pairs = db.session.execute(unguarded(statement, "so that a history does not tell what stands in an identity")).all()
    tied, grown = {person.id}, True
    while grown:
        more = {number for pair in pairs if tied & set(pair) for number in pair} - tied
        tied, grown = tied | more, bool(more)
    return tied


def _words(text: str | None) -> str:
    return f" {' '.join(folded_words(text))} "


def _kept_apart(step: Step, secrets: list[str]) -> Step:
    def tells(text: str) -> bool:
        return any(secret in _words(text) for secret in secrets)

    if not any(tells(text) for text in [*step.phrases, *(text for _what, text in step.earlier)]):
        return step
    phrases = [phrase for phrase in step.phrases if not tells(phrase)]
    hidden = _("changed something that says who they are; it is not shown here")
    earlier = [(what, text) for what, text in step.earlier if not tells(text)]
    return Step(step.who, [*phrases, *([hidden] if len(phrases) < len(step.phrases) else [])], step.at, earlier)


# --- what the person allows, and who it is -------------------------------------------------------


def _consent_phrases(before: Picture, after: Picture) -> list[str]:
    given = [_("wrote down an answer: %(answer)s", answer=answer_words(row)) for row in added(before, after, "consent")]
    return given + [
        _(
            "took back an answer: %(answer)s (“%(reason)s”)",
            answer=answer_words(row),
            reason=row.get("withdrawal_reason") or "",
        )
        for row in answers_ended(before, after)
    ]


def answers_ended(before: Picture, after: Picture) -> list[Row]:
    """Answers that stood before and have been taken back since."""
    return [
        row
        for key, row in after.items()
        if key[0] == "consent" and key in before and row.get("withdrawn_on") and not before[key].get("withdrawn_on")
    ]


def answer_words(row: Row) -> str:
    purpose = label("consent_purposes", row.get("purpose"))
    return f"{purpose}, {row.get('level')} · {label('consent_levels', row.get('level'))}"


def _tie_phrases(group: list[AuditEntry]) -> list[str]:
    """That something was tied to the person, never to whom: not every reader sees the other end."""
    ways: dict[tuple[str, str], Callable[[], str]] = {
        ("person_alias", CREATED): lambda: _("added another name"),
        ("person_alias", DELETED): lambda: _("took out another name"),
        ("person_leadership", CREATED): lambda: _("added a part or post"),
        ("person_leadership", CHANGED): lambda: _("changed a part or post"),
        ("person_leadership", DELETED): lambda: _("took out a part or post"),
        ("person_organisation", CREATED): lambda: _("added a tie to an organisation"),
        ("person_organisation", CHANGED): lambda: _("changed a tie to an organisation"),
        ("person_organisation", DELETED): lambda: _("took out a tie to an organisation"),
        ("person_relation", CREATED): lambda: _("added a relation to a person"),
        ("person_relation", CHANGED): lambda: _("changed a relation to a person"),
        ("person_relation", DELETED): lambda: _("took out a relation to a person"),
        ("person_merge", CREATED): lambda: _("brought another record of this person into this one"),
        ("person_merge", CHANGED): lambda: _("decided about the record that had gone into this one"),
    }
    told = dict.fromkeys((entry.table_name or "", entry.deed) for entry in reversed(group))
    return [ways[what]() for what in told if what in ways]


def _identity_phrases(group: list[AuditEntry]) -> list[str]:
    ways: dict[str, Callable[[], str]] = {
        CREATED: lambda: _("wrote down who it is"),
        DELETED: lambda: _("erased who it is"),
    }
    deeds = dict.fromkeys(entry.deed for entry in reversed(group) if entry.table_name == "person_identity")
    return [ways.get(deed, lambda: _("changed what is written of who it is"))() for deed in deeds]
