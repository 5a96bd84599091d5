"""What a case file may hold: of whom it would tell, who stands in the way for its purpose, and what stays out.

Who was not asked for the purpose, refused, or wants it kept inside does not stand in it, and no record does that tells
of them: a lawyer who has the rest can ask, and nobody can call back what was handed on. What two people have approved
as public already stands in it all the same, in its public words and without them, unless somebody in it refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, and_, or_

from app import i18n
from app.access import visible
from app.accounts.models import User
from app.cases.models import Case
from app.contracts.models import LEAK, Contract
from app.dates import today
from app.db import db
from app.evidence.files import EvidenceFile
from app.incidents.models import Incident
from app.incidents.workflow import DRAFT
from app.letters.queries import Material, asking_not_to_be_named
from app.people.allowed import reach_of, reach_words
from app.people.consent import effective_consent
from app.people.hidden_names import HiddenNames, calling, near
from app.people.models import Consent, Person, PersonIdentity
from app.proceedings.models import AGAINST, Proceeding
from app.protection.models import Protection, RiskAssessment
from app.protection.queries import shown_title
from app.upr.names import everybody

LAWYER, BODY, MECHANISM = "LITIGATION", "UN_LETTER", "PROTECTION"
PURPOSES = (LAWYER, BODY, MECHANISM)
"""Of the list of purposes for which consent is given, those for which somebody is handed a file."""

MAY_STAND = frozenset({"C2", "C3", "C4"})
MAY_BE_NAMED = frozenset({"C2", "C4"})
"""C2 is given for named bodies in confidence, C3 for the facts without who it is."""


@dataclass(frozen=True)
class Standing:
    """Whether somebody may stand in a file for a purpose, and why not."""

    person: Person
    role: str | None
    consent: Consent | None
    asks_not_to_be_named: bool = False

    @property
    def may_stand(self) -> bool:
        return self.consent is not None and self.consent.level in MAY_STAND

    @property
    def refuses(self) -> bool:
        """Not even what is public already may be told of them."""
        return self.consent is not None and not self.may_stand

    @property
    def may_be_named(self) -> bool:
        return self.consent is not None and self.consent.level in MAY_BE_NAMED and not self.asks_not_to_be_named

    @property
    def words(self) -> str:
        if self.consent is None:
            return _("Not asked for this purpose")
        if not self.may_stand:
            return _("Refused") if self.consent.level == "C0" else reach_words(reach_of(self.consent))
        return _("May be named") if self.may_be_named else _("Without the name")


@dataclass(frozen=True)
class LeftOut:
    reference: str
    title: str
    because_of: list[Person]


@dataclass
class CaseFile:
    case: Case
    purpose: str
    people: list[Standing] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    proceedings: list[Proceeding] = field(default_factory=list)
    protection: list[Protection] = field(default_factory=list)
    risks: list[RiskAssessment] = field(default_factory=list)
    public_only: set[int] = field(default_factory=set)
    """Ids of the incidents that stand in it in their public words alone."""
    left_out: list[LeftOut] = field(default_factory=list)
    kept_inside: frozenset[str] = frozenset()
    """References of contracts that came in confidence."""

    @property
    def records(self) -> list[Any]:
        return [*self.incidents, *self.proceedings, *self.protection, *self.risks]

    @property
    def standing(self) -> list[Standing]:
        return [one for one in self.people if one.may_stand]

    @property
    def in_the_way(self) -> list[Standing]:
        return [one for one in self.people if not one.may_stand]

    @property
    def told_of(self) -> set[int]:
        """Ids of all persons of whom it tells, by pseudonym, name or number."""
        ids = {one.person.id for one in self.standing}
        return ids.union(*(persons_in(record) for record in self.records))

    def tells(self, reference: str) -> bool:
        """Whether what the timeline says of a record stands in the file; contracts tell of nobody whom we protect."""
        return reference in {one.reference for one in self.records} or (
            "-K-" in reference and reference not in self.kept_inside
        )


def case_file_of(user: User, case: Case, purpose: str, material: Material) -> CaseFile:
    """All that the reader reads in full of the case and may give away for the purpose; nothing half written."""
    found = CaseFile(case, purpose, _people(material, purpose), kept_inside=_in_confidence(user))
    blocking = {one.person.id: one for one in found.in_the_way}
    incidents = [one for one in material.incidents if one.state != DRAFT]
    records: list[Any] = [*incidents, *material.proceedings, *material.protection, *material.risks]
    for record in records:
        because_of = [blocking[number] for number in sorted(persons_in(record) & set(blocking))]
        is_public = isinstance(record, Incident) and record.is_already_public
        if because_of and (not is_public or any(one.refuses for one in because_of)):
            people = [one.person for one in because_of]
            found.left_out.append(LeftOut(record.reference, title_of(record), people))
            continue
        _list_for(found, record).append(record)
        if because_of:
            found.public_only.add(record.id)
    return found


def _people(material: Material, purpose: str) -> list[Standing]:
    """Of whom it would tell: who is named in a record, and who has a role in the case."""
    told = {number for one in [*material.incidents, *material.proceedings] for number in persons_in(one)}
    told |= {number for one in [*material.protection, *material.risks] for number in persons_in(one)}
    unnamed = asking_not_to_be_named(material.protection)
    return [
        Standing(one, material.roles.get(one.id), effective_consent(one, purpose, today()), one.id in unnamed)
        for one in material.people
        if one.id in told or one.id in material.roles
    ]


def persons_in(record: Any) -> set[int]:
    """Ids of those of whom a record tells. Who is accused for what was done to defenders is only counted in a file."""
    if isinstance(record, Incident):
        return {act.person_id for act in record.acts if act.person_id}
    if isinstance(record, Proceeding):
        return {row.person_id for row in record.accused if row.person_id and record.direction == AGAINST}
    return {number for number in (record.person_id, *(row.person_id for row in record.beneficiaries)) if number}


def _list_for(found: CaseFile, record: Any) -> list[Any]:
    if isinstance(record, Incident):
        return found.incidents
    if isinstance(record, Proceeding):
        return found.proceedings
    return found.risks if isinstance(record, RiskAssessment) else found.protection


def title_of(record: Any) -> str:
    return shown_title(record, True) if isinstance(record, Protection) else record.title_in(i18n.language())


def _in_confidence(user: User) -> frozenset[str]:
    statement = visible(Contract, user).where(or_(Contract.in_confidence, Contract.obtained == LEAK))
    return frozenset(db.session.scalars(statement.with_only_columns(Contract.reference)))


# --- evidence ------------------------------------------------------------------------------------


def holders_in(found: CaseFile) -> list[Any]:
    """The records whose files may leave with it. That an incident is public says nothing of its files."""
    incidents = [one for one in found.incidents if one.id not in found.public_only]
    return [*incidents, *found.proceedings]


def files_for(user: User, records: Iterable[Any]) -> Select[tuple[EvidenceFile]]:
    """The files of these records that the user reads. Those of sources are none: they say who told it."""
    holders: dict[str, list[int]] = {}
    for record in records:
        holders.setdefault(record.__tablename__, []).append(record.id)
    rules = [
        and_(EvidenceFile.holder_kind == kind, EvidenceFile.holder_id.in_(numbers)) for kind, numbers in holders.items()
    ]
    return visible(EvidenceFile, user).where(or_(False, *rules)).order_by(EvidenceFile.id)


def held_by(file: EvidenceFile, records: Iterable[Any]) -> str:
    """The reference of the record on which a file hangs."""
    return next(
        (one.reference for one in records if (one.__tablename__, one.id) == (file.holder_kind, file.holder_id)), ""
    )


# --- names in texts ------------------------------------------------------------------------------


def screen_for(user: User, found: CaseFile, named: Iterable[int]) -> HiddenNames:
    """Names and aliases of those who are not to be named, and of those who stay out the pseudonym too.

    That legal names were compared reveals nobody: none is shown.
    """
    named = set(named)
    # Of people of other cases too: what was written may tell of them.
    names = everybody([found.case.team_id], but={one.person.id for one in found.people})
    names.add(calling(one.person.pseudonym) for one in found.in_the_way)
    open_ = {one.person.id for one in found.standing if one.person.is_public_figure} | named
    hidden = [one.person for one in found.people if one.person.id not in open_]
    for person in hidden:
        names.add(calling(name) for name in (person.open_name, *(alias.name for alias in person.aliases)))
    ids = [person.id for person in hidden]
    identities: Any = db.session.scalars(visible(PersonIdentity, user).where(PersonIdentity.person_id.in_(ids)))
    for identity in identities:
        names.add(near(identity.legal_name))
    return names


def each_line(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield from (part.strip() for part in line.splitlines() if part.strip())
