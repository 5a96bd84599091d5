"""What stands in a case file, section by section; nothing of it that the screen holds back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _

from app import i18n
from app.accounts.models import User
from app.dates import today
from app.evidence.files import EvidenceFile
from app.i18n import date_words, size_words
from app.incidents.models import Incident
from app.incidents.queries import counted_words, shown_date, shown_place
from app.incidents.sources import links_that_count
from app.incidents.workflow import REVIEWED
from app.letters import measures, trials
from app.letters.blocks import labels_of, others, translate_note
from app.people.hidden_names import HiddenNames
from app.people.models import Person
from app.places.countries import country_words
from app.proceedings.models import AGAINST, Accused, Proceeding
from app.proceedings.proposals import part_label
from app.reports.case_file import CaseFile, each_line, held_by
from app.timeline.moments import LANES, Moment, timeline_of
from app.timeline.providers import NOT_YET_REVIEWED
from app.vocabulary.queries import label
from app.word_files import NOTE, NUMBERED, Facts, Look, Section, Table, Text

SUMMARY, ENTRIES = "summary", "entries"
"""Words that were written for the inside: they go into a file only where somebody says so."""


@dataclass
class Contents:
    """A case file that is decided: what, with whose names, and which words of the inside."""

    file: CaseFile
    screen: HiddenNames
    names: dict[int, str] = field(default_factory=dict)
    """Person id → legal name that was revealed for it."""
    with_names: bool = False
    inner: Collection[str] = ()
    moments: list[Moment] = field(default_factory=list)
    evidence: list[EvidenceFile] = field(default_factory=list)
    enclosed: Collection[str] = ()
    """References of the files that lie beside it."""

    def name_of(self, person: Person) -> str:
        return self.names.get(person.id) or person.pseudonym


def moments_for(user: User, found: CaseFile, inner: Collection[str]) -> list[Moment]:
    """The timeline as far as it may leave, the first day first: of records in the file, and what is public."""
    told = [
        one
        for one in timeline_of(found.case, user)
        if (found.tells(one.reference) if one.reference else one.is_public or ENTRIES in inner)
    ]
    reduced = {one.reference for one in found.incidents if one.id in found.public_only}
    told = [_without_words(one) if one.reference in reduced else one for one in told]
    dated = [one for one in told if one.day is not None]
    return [*reversed(dated), *(one for one in told if one.day is None)]


def _without_words(moment: Moment) -> Moment:
    """The day without the words of the source."""
    return replace(moment, when=i18n.uncertain_date_words(replace(moment.happened, text=None)))


def title(contents: Contents) -> str:
    return _("Case file %(reference)s", reference=contents.file.case.reference)


def look(contents: Contents) -> Look:
    return Look(header=_("%(title)s · restricted use", title=title(contents)), page_words=_("Page"))


def sections(contents: Contents) -> Iterator[Section]:
    for section in _sections(contents):
        if section.blocks:
            yield replace(section, blocks=[_screened(block, contents.screen) for block in section.blocks])


def _screened(block: Any, screen: HiddenNames) -> Any:
    if isinstance(block, Text):
        return replace(block, words=screened(block.words, screen))
    if isinstance(block, Facts):
        return Facts([(words, screened(value, screen)) for words, value in block.pairs])
    return Table(block.heads, [[screened(cell, screen) for cell in row] for row in block.rows])


def screened(text: str, screen: HiddenNames) -> str:
    return left_out_words() if screen.stand_in(text) else text


def left_out_words() -> str:
    return _("[left out: it holds a name that does not stand in this file]")


def _sections(contents: Contents) -> Iterator[Section]:
    found = contents.file
    yield Section(None, list(_opening(contents)))
    if SUMMARY in contents.inner:
        yield Section(_("Summary"), [Text(line, NUMBERED) for line in each_line([found.case.summary or ""])])
    yield Section(_("Persons of whom this file tells"), list(_people(contents)))
    yield Section(_("Chronology"), [Text(moment_words(one, contents.screen), NUMBERED) for one in contents.moments])
    yield Section(_("Incidents"), [block for one in found.incidents for block in _incident(one, contents)])
    yield Section(_("Proceedings"), [block for one in found.proceedings for block in _proceeding(one, contents)])
    yield Section(_("Protection"), list(_protection(contents)))
    yield Section(_("Evidence"), list(_evidence(contents)))
    yield Section(_("Sources"), list(_sources(contents)))


def _opening(contents: Contents) -> Iterator[Any]:
    case = contents.file.case
    pairs = [
        (_("Case"), case.reference),
        (_("Title"), case.title_in(i18n.language())),
        (_("Country"), country_words(case.country) if case.country else ""),
        (_("Status"), label("monitoring_status", case.status)),
        (_("Made for"), label("consent_purposes", contents.file.purpose)),
        (_("Date"), i18n.letter_date_words(today())),
        (_("Identities"), _("with legal names") if contents.with_names else _("without identities")),
    ]
    yield Facts([(words, value) for words, value in pairs if value])
    if contents.file.left_out or contents.file.in_the_way:
        yield Text(_("This file is not all that is on record: it holds what those concerned have agreed to."), NOTE)


def _people(contents: Contents) -> Iterator[Table]:
    heads = [
        _("Pseudonym"),
        *([_("Legal name")] if contents.with_names else []),
        _("Role in this case"),
        _("Agreed to"),
    ]
    rows = [
        [
            one.person.pseudonym,
            *([contents.names.get(one.person.id, "")] if contents.with_names else []),
            label("case_roles", one.role),
            one.words,
        ]
        for one in contents.file.standing
    ]
    if rows:
        yield Table(heads, rows)


def moment_words(moment: Moment, screen: HiddenNames) -> str:
    what = moment.what if moment.what not in moment.title else ""
    said = f"{what}: {moment.title}" if what else moment.title
    if screen.stand_in(moment.title):
        said = _by_codes(moment.what, moment.reference)
    # Who told it may be a person: only what anybody can look up stands there.
    source = f" ({moment.source})" if moment.source and moment.source_address else ""
    waits = f" ({_('not yet reviewed')})" if moment.lane == "incidents" and moment.state in NOT_YET_REVIEWED else ""
    return f"{moment.when}. {said}{waits}{source}"


def moment_row(moment: Moment, screen: HiddenNames) -> list[str]:
    """The same as a line of a file."""
    texts = [moment.title, moment.source_address or ""]
    words, address = (screened(text, screen) for text in texts)
    days = [day.isoformat() if day else "" for day in (moment.happened.earliest, moment.happened.latest)]
    return [
        *days,
        moment.happened.precision,
        str(LANES[moment.lane].name),
        moment.what,
        words,
        moment.reference,
        address,
    ]


def _by_codes(what: str, reference: str) -> str:
    """Instead of a title that holds a name."""
    return f"{what} ({reference})" if reference else what


MOMENT_HEADER = ("day_from", "day_to", "precision", "kind", "what", "title", "reference", "source_url")


def _incident(incident: Incident, contents: Contents) -> Iterator[Any]:
    title = incident.title_in(i18n.language())
    if contents.screen.stand_in(title):
        title = _by_codes(label("incident_types", incident.main_type), incident.reference)
    yield Text(title, "heading")
    in_full = incident.id not in contents.file.public_only
    place = ", ".join(filter(None, [incident.community if in_full else None, shown_place(incident, in_full)]))
    pairs = [
        (_("Reference"), incident.reference),
        (_("Date"), shown_date(incident, in_full)),
        (_("Place"), place),
        (_("Type"), labels_of("incident_types", incident.types)),
        (_("Persons affected"), "; ".join(_affected(incident, contents))),
        (_("Alleged perpetrators"), "; ".join(_alleged(incident, in_full))),
        (_("Link with the work for human rights"), labels_of("reprisal_grounds", incident.reprisals or [])),
        (_("Verification"), label("verification_statuses", incident.state)),
    ]
    yield Facts([(words, value) for words, value in pairs if value])
    if incident.state not in REVIEWED:
        yield Text(_("Not yet reviewed inside the organisation."), NOTE)
    narrative = incident.narrative if in_full else None
    if not in_full:
        yield Text(_("In the words that are public already."), NOTE)
    for line in each_line([narrative or incident.summary_in(i18n.language()) or ""]):
        yield Text(line, NUMBERED)
    if note := translate_note(incident.language, narrative):
        yield Text(note, NOTE)


def _affected(incident: Incident, contents: Contents) -> Iterator[str]:
    standing = {one.person.id for one in contents.file.standing}
    for act in incident.victims:
        who = act.group_label if incident.id not in contents.file.public_only else None
        if act.person:
            who = contents.name_of(act.person) if act.person.id in standing else others(1)
        yield ": ".join(filter(None, [who, ", ".join(counted_words(act))]))


def _alleged(incident: Incident, in_full: bool) -> Iterator[str]:
    for one in incident.involvements:
        name = one.organisation.name if one.organisation and in_full else None
        parts = [label("perpetrator_types", one.perpetrator_type), name, label("involvement_degree", one.degree)]
        yield " · ".join(filter(None, parts))


def _proceeding(proceeding: Proceeding, contents: Contents) -> Iterator[Any]:
    is_against = proceeding.direction == AGAINST

    def name_of(row: Accused) -> str:
        return contents.name_of(row.person) if row.person else row.name

    unnamed = any(row.person_id not in contents.names for row in proceeding.accused if row.person_id)
    title, *told = trials.told(proceeding, name_of if is_against else None, not (is_against and unnamed))
    yield title
    yield Facts([(_("Reference"), proceeding.reference)])
    yield from told
    for one in proceeding.deadlines:
        done = _("done on %(day)s", day=date_words(one.done_on)) if one.done_on else _("open")
        proposal = "" if one.confirmed_on else _("a proposal that no lawyer has confirmed")
        words = "; ".join(filter(None, [part_label(one.rule, one.part), done, proposal]))
        yield Text(_("Term until %(day)s: %(what)s", day=date_words(one.due_on), what=words), "bullet")


def _protection(contents: Contents) -> Iterator[Any]:
    yield from measures.told(contents.file.protection)
    yield from measures.risks_told(contents.file.risks, contents.names)


def _evidence(contents: Contents) -> Iterator[Table]:
    heads = [_("Reference"), _("Hangs on"), _("Kind"), _("Size"), "SHA-256", _("Enclosed")]
    records = contents.file.records
    rows = [
        [
            one.reference,
            held_by(one, records),
            str(one.format.words),
            size_words(one.size),
            one.sha256,
            _("Yes") if one.reference in contents.enclosed else _("No"),
        ]
        for one in contents.evidence
    ]
    if rows:
        yield Table(heads, rows)


def _sources(contents: Contents) -> Iterator[Table]:
    rows = []
    for incident in contents.file.incidents:
        for link in links_that_count(incident):
            source = link.source
            is_open = bool(source.url) or contents.with_names
            words = source.citation if is_open else _("kept inside")
            day = date_words(source.published_on)
            rows.append([incident.reference, label("source_types", source.kind), words, source.url or "", day])
    if rows:
        yield Table([_("Incident"), _("Kind"), _("Source"), _("Address"), _("Date")], rows)
