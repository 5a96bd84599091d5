"""What may be done with what is known of a person: the one rule from an answer to how far it reaches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.dates import today
from app.people.consent import ANY_PURPOSE, FROM_LEAST, effective_consent
from app.people.models import Consent, Person
from app.vocabulary.queries import choices, label, upr_code

INTERNAL_ONLY, AGGREGATE_ONLY = "internal_only", "aggregate_only"
ANONYMISED_PUBLIC, NAMED_PUBLIC = "anonymised_public", "named_public"
WEAKEST_FIRST = (INTERNAL_ONLY, AGGREGATE_ONLY, ANONYMISED_PUBLIC, NAMED_PUBLIC)


def reach_of(consent: Consent | None) -> str:
    """Nobody asked yet: only in sums. A level that the list does not translate stays inside."""
    if consent is None:
        return AGGREGATE_ONLY
    reach = upr_code("consent_levels", consent.level)
    return reach if reach in WEAKEST_FIRST else INTERNAL_ONLY


def reach_for(person: Person, purpose: str, on: date) -> str:
    return reach_of(effective_consent(person, purpose, on))


@dataclass(frozen=True)
class Allowed:
    """What may be done with a person's information, at a glance: what holds for every purpose, and what beyond."""

    reach: str
    level: str | None
    further: list[tuple[str, str]]
    """(purpose, reach) where more is allowed for one purpose than for all."""

    @property
    def words(self) -> str:
        if self.level == "C0":
            return _("Refused: internal only")
        if self.level is None and not self.further:
            return _("Not asked yet: statistics only")
        return reach_words(self.reach)

    @property
    def explained(self) -> str:
        """The same in a sentence or two, for who points at it or prints it."""
        sentences = [_explained(self.reach, self.level)]
        sentences += [
            _("%(purpose)s: %(reach)s.", purpose=label("consent_purposes", purpose), reach=reach_words(reach).lower())
            for purpose, reach in self.further
        ]
        return " ".join(sentences)


def reach_words(reach: str) -> str:
    return {
        INTERNAL_ONLY: _("Internal only"),
        AGGREGATE_ONLY: _("Statistics only"),
        ANONYMISED_PUBLIC: _("Anonymous"),
        NAMED_PUBLIC: _("May be named"),
    }[reach]


def _explained(reach: str, level: str | None) -> str:
    if level is None:
        return _("Nobody has asked yet: it may be counted in totals and nothing more.")
    if level == "C0":
        return _("The person refused: nothing leaves the house, not even in totals.")
    if level == "C2":
        return _("It may be counted in totals, and shared in confidence with bodies that the person named.")
    return {
        INTERNAL_ONLY: _("It stays inside the organisation."),
        AGGREGATE_ONLY: _("It may be counted in totals and nothing more."),
        ANONYMISED_PUBLIC: _("The facts may be published, without saying who it is."),
        NAMED_PUBLIC: _("The person agrees to be named. A UPR pack names only who said so for the UPR itself."),
    }[reach]


def allowed(person: Person, on: date | None = None) -> Allowed:
    """Never more than what holds for each purpose: a glance must not promise what the table takes back."""
    day = on or today()
    purposes = dict.fromkeys([ANY_PURPOSE, *(code for code, _words in choices("consent_purposes"))])
    answers = {purpose: effective_consent(person, purpose, day) for purpose in purposes}
    reaches = {purpose: reach_of(answer) for purpose, answer in answers.items()}
    weakest = min(reaches.values(), key=WEAKEST_FIRST.index)
    levels = [answer.level if answer else None for purpose, answer in answers.items() if reaches[purpose] == weakest]
    further = [(purpose, reach) for purpose, reach in reaches.items() if reach != weakest]
    return Allowed(weakest, min(levels, key=FROM_LEAST.index), further)
