"""The two answers for which the Special Rapporteur asks: whether to write to the State, and whether to publish."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.people.consent import ANY_PURPOSE, REFUSED, answer_for
from app.people.models import Consent, Person

LETTER, PUBLIC = "UN_LETTER", "PUBLICATION"
PURPOSES = (LETTER, PUBLIC)
NAMED, IN_CONFIDENCE = "C4", "C2"
STAYS_INSIDE = frozenset({"C0", "C1"})


def question(purpose: str) -> str:
    if purpose == LETTER:
        return _("May the Special Rapporteur write to the Government with the name and the details?")
    return _("May the name stand in public reports and in the public database?")


@dataclass(frozen=True)
class Missing:
    """An answer that nobody has asked for yet."""

    person: Person
    purpose: str

    @property
    def words(self) -> str:
        return question(self.purpose)


@dataclass(frozen=True)
class Answers:
    """What one person said to the two questions; None where it was not asked."""

    person: Person
    letter: Consent | None
    public: Consent | None
    asks_not_to_be_named: bool = False
    """Said with a measure of the case that protects them; it outweighs an earlier yes to the name."""

    def given(self, purpose: str) -> Consent | None:
        return self.letter if purpose == LETTER else self.public

    @property
    def missing(self) -> list[Missing]:
        return [Missing(self.person, purpose) for purpose in PURPOSES if self.given(purpose) is None]

    @property
    def refuses(self) -> bool:
        """Nothing of the person may reach the United Nations."""
        return self.letter is not None and self.letter.level in STAYS_INSIDE

    @property
    def may_be_named(self) -> bool:
        """In the letter: openly, or to the Special Rapporteur in confidence."""
        return not self.asks_not_to_be_named and self.letter is not None and self.letter.level in (NAMED, IN_CONFIDENCE)

    def is_yes(self, purpose: str) -> bool:
        found = self.given(purpose)
        return not self.asks_not_to_be_named and found is not None and found.level == NAMED


def answers_of(person: Person, on: date, asks_not_to_be_named: bool = False) -> Answers:
    return Answers(person, _own(person, LETTER, on), _own(person, PUBLIC, on), asks_not_to_be_named)


def _own(person: Person, purpose: str, on: date) -> Consent | None:
    """The answer to this very question. What was said of any purpose answers neither, unless it is a refusal."""
    found: Consent | None = answer_for(purpose, [one for one in person.consents if one.holds_on(on)])
    if found is not None and found.purpose == ANY_PURPOSE and found.level != REFUSED:
        return None
    return found


@dataclass(frozen=True)
class Verdict:
    """Whether the letter may be made; where not, what is missing and for whom, and who refuses."""

    answers: list[Answers]

    @property
    def missing(self) -> list[Missing]:
        return [one for answers in self.answers for one in answers.missing]

    @property
    def refusing(self) -> list[Person]:
        return [answers.person for answers in self.answers if answers.refuses]

    @property
    def allows(self) -> bool:
        return not self.missing and not self.refusing


def verdict_on(people: Iterable[Person], on: date, unnamed: Collection[int] = ()) -> Verdict:
    """*unnamed*: ids of those who ask not to be named."""
    return Verdict([answers_of(person, on, person.id in unnamed) for person in people])
