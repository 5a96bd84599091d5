"""What stands in the draft, section by section, in the language of the letter."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from app import i18n
from app.accounts.models import User
from app.cases.models import Case
from app.dates import today
from app.db import folded_words
from app.incidents.models import Incident
from app.incidents.queries import counted_words, shown_place
from app.letters import defenders, measures, trials
from app.letters.answers import LETTER, PUBLIC, Answers, question
from app.letters.blocks import day_words, gap, labels_of, others, paragraphs, translate_note
from app.letters.queries import REVIEWED
from app.people.models import Person, PersonOrganisation
from app.proceedings.models import ACCOUNTABILITY, AGAINST, Proceeding
from app.protection.models import Protection, RiskAssessment
from app.timeline.moments import Moment
from app.timeline.providers import entry_moments
from app.vocabulary.queries import label
from app.word_files import Facts, Section, Table, Text

URGENT, ALLEGATION = "urgent", "allegation"
SUMMARY, ENTRIES = "summary", "entries"
"""Words of the case that were written for the inside: they go into a letter only where somebody says so."""


@dataclass
class Chosen:
    """What goes into the letter."""

    case: Case
    kind: str
    incidents: list[Incident]
    proceedings: list[Proceeding]
    protection: list[Protection]
    risks: list[RiskAssessment]
    described: list[Answers]
    """The people whom the letter describes."""
    answers: list[Answers]
    """All of whom it tells, those included."""
    inner: Collection[str] = ()
    """Of SUMMARY and ENTRIES."""
    names: dict[int, str] = field(default_factory=dict)
    ties: dict[int, list[PersonOrganisation]] = field(default_factory=dict)
    """Of each person whom the maker reads in full."""

    def name_of(self, person: Person) -> str:
        """The name that was revealed for the letter, else the pseudonym; empty for who was not asked."""
        if not any(one.person.id == person.id for one in self.answers):
            return ""
        return self.names.get(person.id) or person.pseudonym

    @property
    def records(self) -> int:
        return len(self.incidents) + len(self.proceedings) + len(self.protection)


def title() -> str:
    return _("Communication to the Special Rapporteur on the situation of human rights defenders")


def kind_words(kind: str) -> str:
    if kind == URGENT:
        return _("Urgent appeal (ongoing or about to occur)")
    return _("Allegation letter (has already occurred)")


def sections(chosen: Chosen, user: User) -> Iterator[Section]:
    for section in _sections(chosen, user):
        yield Section(section.title, list(_marked(section.blocks, chosen)))


def _marked(blocks: Collection[Any], chosen: Chosen) -> Iterator[Any]:
    """Under each text that holds the pseudonym of somebody whom the letter names: both together open the pseudonym."""
    opened = [folded_words(one.person.pseudonym) for one in chosen.answers if one.person.id in chosen.names]
    for block in blocks:
        yield block
        words = folded_words(" ".join(_texts_of(block)))
        if any(_stands_in(pseudonym, words) for pseudonym in opened):
            yield Text(gap(_("the text above holds a pseudonym of somebody named in this letter: take it out")), "note")


def _texts_of(block: Any) -> Iterator[str]:
    if isinstance(block, Text):
        yield block.words
    elif isinstance(block, Facts):
        yield from (value for _words, value in block.pairs)


def _stands_in(wanted: list[str], words: list[str]) -> bool:
    length = len(wanted)
    return bool(wanted) and any(words[start : start + length] == wanted for start in range(len(words)))


def _sections(chosen: Chosen, user: User) -> Iterator[Section]:
    moments = list(entry_moments(chosen.case, user)) if ENTRIES in chosen.inner else []
    yield _opening(chosen)
    yield Section(_("1. The persons or organisations concerned"), list(_people(chosen)))
    yield Section(_("2. Alleged violations: the facts"), list(_violations(chosen)))
    yield Section(_("3. Current situation and risk"), list(_situation(chosen)))
    yield Section(_("4. Alleged perpetrators"), list(_perpetrators(chosen)))
    yield Section(_("5. Steps taken and their results"), list(_steps(chosen, moments)))
    yield Section(_("6. Context, earlier incidents and patterns"), list(_context(moments)))
    yield Section(
        _("7. Consent"),
        [
            Text(_("Both questions were put to each person; the date of the answer stands beside it.")),
            _consents(chosen),
        ],
    )
    yield Section(_("8. Source of this information"), list(_source()))


def _opening(chosen: Chosen) -> Section:
    return Section(
        None,
        [
            Text(
                _(
                    "Draft. What stands in square brackets is still to be written or checked. "
                    "Names and texts on record stand here in the language in which they were written."
                ),
                "note",
            ),
            Facts(
                [(_("Type of communication"), kind_words(chosen.kind)), (_("Date"), i18n.letter_date_words(today()))]
            ),
        ],
    )


def _people(chosen: Chosen) -> Iterator[Any]:
    for answers in chosen.described:
        person = answers.person
        yield from defenders.described(answers, chosen.names.get(person.id), chosen.ties.get(person.id))


def _violations(chosen: Chosen) -> Iterator[Any]:
    for number, incident in enumerate(chosen.incidents, 1):
        yield Text(f"2.{number} {incident.title_in(i18n.language())}", "heading")
        place = ", ".join(filter(None, [incident.community, shown_place(incident, True)]))
        yield Facts(
            [
                (_("Date"), day_words(incident.happened)),
                (_("Place"), place or gap(_("place"))),
                (_("Nature of the violation"), labels_of("incident_types", incident.types)),
                (_("Persons affected"), "; ".join(_affected(incident, chosen)) or gap(_("how many, and who"))),
            ]
        )
        if incident.state not in REVIEWED:
            yield Text(gap(_("not yet reviewed inside the organisation")), "note")
        yield from paragraphs(incident.narrative or incident.summary_in(i18n.language()), gap(_("what happened")))
        if note := translate_note(incident.language, incident.narrative):
            yield Text(note, "note")
        link = labels_of("reprisal_grounds", incident.reprisals or [])
        why = gap(_("how this is linked to the work for human rights"))
        yield Text(_("Link with the work for human rights: %(words)s", words=f"{link}. {why}" if link else why))


def _affected(incident: Incident, chosen: Chosen) -> Iterator[str]:
    for act in incident.victims:
        counted = ", ".join(counted_words(act))
        who = chosen.name_of(act.person) or others(1) if act.person else act.group_label
        if counted and not who:
            counted = _("in numbers: %(counts)s", counts=counted)
        yield ": ".join(filter(None, [who, counted]))


def _situation(chosen: Chosen) -> Iterator[Any]:
    if SUMMARY in chosen.inner:
        yield from paragraphs(chosen.case.summary, None)
    unnamed = {one.person.id for one in chosen.answers if not one.may_be_named}
    for proceeding in chosen.proceedings:
        if proceeding.direction == AGAINST:
            yield from trials.told(proceeding, lambda row: chosen.name_of(row.person) if row.person else row.name)
            if any(row.person_id in unnamed for row in proceeding.accused):
                yield Text(
                    gap(
                        _(
                            "somebody is accused here who does not want to be named: court, number and exact days "
                            "may tell who it is; leave them out, or ask again"
                        )
                    ),
                    "note",
                )
    yield from measures.risks_told(chosen.risks, chosen.names)
    yield Text(gap(_("present risk: who or what threatens, since when, where; with dates and places")))


def _perpetrators(chosen: Chosen) -> Iterator[Any]:
    found: dict[str, list[str]] = {}
    for number, incident in enumerate(chosen.incidents, 1):
        for one in incident.involvements:
            name = one.organisation.name if one.organisation else None
            parts = [label("perpetrator_types", one.perpetrator_type), name, label("involvement_degree", one.degree)]
            words = " · ".join(part for part in parts if part)
            if words and f"2.{number}" not in found.setdefault(words, []):
                found[words].append(f"2.{number}")
    for words, numbers in found.items():
        yield Text(f"{words} ({', '.join(numbers)})", "bullet")
    if not found:
        yield Text(gap(_("who is alleged to be responsible, and why that is believed")))


def _steps(chosen: Chosen, moments: list[Moment]) -> Iterator[Any]:
    for proceeding in chosen.proceedings:
        if proceeding.direction == ACCOUNTABILITY:
            yield from trials.told(proceeding, None)
    yield from measures.told(chosen.protection)
    taken = sorted((one for one in moments if one.lane == "actions" and one.day), key=lambda one: str(one.day))
    for one in taken:
        yield Text(f"{one.when}: {one.title}", "bullet")
    yield Text(gap(_("complaints made to the police, the prosecutor or others, and the answer of each")))


def _context(moments: list[Moment]) -> Iterator[Any]:
    for one in sorted((one for one in moments if one.lane == "context" and one.day), key=lambda one: str(one.day)):
        yield Text(f"{one.when}: {one.title}", "bullet")
    yield Text(gap(_("earlier incidents and patterns")))


def _consents(chosen: Chosen) -> Table:
    def said(answers: Answers, purpose: str) -> str:
        if answers.asks_not_to_be_named:
            return _("No: the person asks not to be named")
        given = answers.given(purpose)
        day = i18n.date_words(given.given_on) if given else ""
        yes = _("Yes") if answers.is_yes(purpose) else _("No")
        return f"{yes} ({day})"

    heads = [_("Person"), question(LETTER), question(PUBLIC)]
    return Table(
        heads,
        [[defenders.name_of(one, chosen.names), said(one, LETTER), said(one, PUBLIC)] for one in chosen.answers],
    )


def _source() -> Iterator[Any]:
    yield Facts([(_("Organisation"), gap(_("name"))), (_("Contact"), gap(_("who can be asked, and how")))])
    yield Text(_("We ask that the identity of the source of this information be kept confidential."))
