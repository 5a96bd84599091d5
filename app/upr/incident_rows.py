"""incidents.csv: what each column says of a record, and what is held back in which row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from app import dates
from app.db import alpha3
from app.evidence.models import Source
from app.incidents.models import NO, SUMMARY_LENGTH, YES, Incident
from app.incidents.sources import links_that_count
from app.people.hidden_names import HiddenNames, calling, near
from app.people.models import Person
from app.protection.models import ProtectionMeasure
from app.upr.columns import NEVER, WITHHELD, Column, columns_of
from app.upr.rule import may_be_named, persons_in, region_code, verification_of
from app.vocabulary.queries import entry, upr_code

COLUMNS = columns_of("incidents")
MIXED, UNKNOWN = "mixed", "unknown"
GROUP, INDIVIDUAL = "group", "individual"
FOR_FULL_READERS = frozenset(
    {
        "n_sources", "source_kinds", "admin2_name", "project_name", "company_names", "complaint_filed",
        "investigation_status", "protection_requested", "protection_granted", "protection_body",
    }
)  # fmt: skip
"""Of another team's record nobody else reads them: how many sources of what kind can betray one."""
SUMMARIES = frozenset({"summary_es", "summary_en"})
GRANTED = frozenset({"GRANTED", "PART_GRANTED", "IN_FOLLOWUP"})
"""States of a measure of protection in which at least a part of it was given."""
KILLINGS = frozenset({"LIFE.KILL", "LIFE.KILL_PROTEST"})
INTERNAL_COLUMNS = frozenset({"event_date", "admin2_name"})
"""Of a record that is not already public they stand in internal packs only."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """A record on its way out. *names* are legal names by the person's id, as far as the user may know them;
    *others_names* those that only a search for names in texts may know;
    *callings* what else somebody in it is called; *measures* what was asked to protect somebody because of it;
    *everybody* whoever else may not be named."""

    incident: Incident
    is_own: bool
    day: date
    names: dict[int, str]
    others_names: dict[int, str]
    callings: Collection[str] = ()
    measures: Collection[ProtectionMeasure] = ()
    everybody: HiddenNames = field(default_factory=HiddenNames)

    @cached_property
    def persons(self) -> list[Person]:
        return persons_in(self.incident)

    @cached_property
    def types(self) -> list[str]:
        return self.incident.types

    @cached_property
    def sources(self) -> list[Source]:
        return [link.source for link in links_that_count(self.incident)]

    @property
    def has_public_source(self) -> bool:
        return any(
            source.is_public or (source.url or "").startswith(("http://", "https://")) for source in self.sources
        )

    @cached_property
    def holds_a_group(self) -> bool:
        """Whether somebody was affected beyond the persons: a named group, or more than there are persons."""
        others = [act for act in self.incident.victims if act.person is None]
        counted = [self.incident.counted(what)[1] or 0 for what in ("affected", "killed", "injured", "detained")]
        return any(act.group_label for act in others) or bool(others and max(counted) > len(self.persons))

    @cached_property
    def printed_names(self) -> list[str]:
        """Legal names that may be printed; those of another team's persons are not the user's to print."""
        if not self.is_own or not may_be_named(self.incident, self.day):
            return []
        return [self.names[person.id] for person in self.persons if self.names.get(person.id)]


def row_of(facts: Facts) -> Row:
    """All that is known and may be told of a record that is already public; `coarsening` takes away from the others."""
    row: Row = {column.name: column.placeholder for column in COLUMNS}
    row |= {name: value(facts) for name, value in VALUES.items()}
    for column in held_back(facts, row):
        row[column.name] = WITHHELD if column.says_withheld else None
        row["generalised_fields"].append(column.name)
    return row


def held_back(facts: Facts, row: Row) -> list[Column]:
    names = {"minors_involved"} if row["minors_involved"] == WITHHELD else set()
    if not facts.is_own:
        names |= FOR_FULL_READERS
    names |= {name for name in (*SUMMARIES, "admin1_name") if names_a_person(facts, row[name])}
    return [column for column in COLUMNS if column.name in names]


def names_a_person(facts: Facts, text: str | None) -> bool:
    """Whether a text tells who somebody is who may not be named: in the record, or beside it."""
    if not text:
        return False
    hidden = HiddenNames()
    if not facts.printed_names:
        for person in facts.persons:
            if not person.is_public_figure:
                hidden.add(near(facts.names.get(person.id) or facts.others_names.get(person.id)))
        hidden.add(calling(name) for name in facts.callings)
    return hidden.stand_in(text) or facts.everybody.stand_in(text)


# --- what, where, when ---------------------------------------------------------------------------


def _admin1_code(facts: Facts) -> str | None:
    return region_code(facts.incident)


def _admin1_name(facts: Facts) -> str | None:
    """Free words for a region may say anything: they leave with what is already public alone."""
    incident = facts.incident
    if incident.place:
        return str(incident.place.admin1.name)
    return incident.region_text if incident.is_already_public else None


def _admin2_name(facts: Facts) -> str | None:
    place = facts.incident.place
    if place is None or place.department is None:
        return None
    return (place.province or place).name


def _year(facts: Facts) -> str | None:
    known = facts.incident.happened_from or facts.incident.happened_to
    return f"{known:%Y}" if known else None


def _month(facts: Facts) -> str | None:
    happened = facts.incident.happened
    is_known = happened.earliest and happened.precision in (dates.DAY, dates.MONTH, dates.RANGE)
    return f"{happened.earliest:%Y-%m}" if is_known else None


def _date(facts: Facts) -> date | None:
    happened = facts.incident.happened
    return happened.earliest if happened.precision == dates.DAY else None


def _last_month(facts: Facts) -> str | None:
    happened = facts.incident.happened
    return f"{happened.latest:%Y-%m}" if happened.latest and happened.precision == dates.RANGE else None


def _rights(facts: Facts) -> list[str]:
    entries = [entry("incident_types", code) for code in facts.types]
    rights = [right for found in entries if found for right in str(found.extra.get("rights", "")).split("|") if right]
    return _codes("rights_affected", rights)


# --- who -----------------------------------------------------------------------------------------


def _affected(facts: Facts) -> tuple[int | None, int | None]:
    """The numbers on record; without any, the number of persons where only single persons are recorded."""
    least, most = facts.incident.counted("affected")
    if least is not None or most is not None:
        return least, most
    kinds = [upr_code("person_kinds", person.kind) for person in facts.persons]
    if kinds and all(kind == INDIVIDUAL for kind in kinds) and not facts.holds_a_group:
        return len(kinds), None
    # Nobody is both killed and injured; who was detained may be either.
    harmed = [least for what in ("killed", "injured") if (least := facts.incident.counted(what)[0]) is not None]
    detained = facts.incident.counted("detained")[0]
    known = [number for number in (sum(harmed) if harmed else None, detained) if number]
    return max(known, default=None), None


def killed(facts: Facts) -> int | None:
    """How many were killed at least; 0 where somebody was and no number is on record, None where nobody was."""
    least = facts.incident.counted("killed")[0] or 0
    if least or not KILLINGS.intersection(facts.types):
        return least or None
    return _affected(facts)[0] or 0


def _most_affected(facts: Facts) -> int | None:
    least, most = _affected(facts)
    return most if most != least else None


def _kind_affected(facts: Facts) -> str | None:
    kinds = {upr_code("person_kinds", person.kind) for person in facts.persons} - {None}
    if facts.holds_a_group:
        kinds.add(GROUP)
    return next(iter(kinds)) if len(kinds) == 1 else GROUP if kinds else None


def _gender(facts: Facts) -> str:
    genders = {upr_code("gender_identity", person.gender) or UNKNOWN for person in facts.persons}
    known = genders - {UNKNOWN}
    if len(known) > 1:
        return MIXED
    is_known_of_all = known == genders and not facts.holds_a_group
    return next(iter(known)) if known and is_known_of_all else UNKNOWN


def _community(facts: Facts) -> str:
    belongs = any(
        person.peoples or person.community or "INDIGENOUS" in (person.defender_groups or []) for person in facts.persons
    )
    return "yes" if belongs else UNKNOWN


def _minors(facts: Facts) -> str:
    """«yes» is never printed."""
    ages = [entry("age_groups", person.age_group) for person in facts.persons]
    youngest = [int(age.extra["min_age"]) if age and age.extra.get("min_age") else None for age in ages]
    if any(age is not None and age < 18 for age in youngest):
        return WITHHELD
    all_known = youngest and None not in youngest and not facts.holds_a_group
    return "no" if all_known else UNKNOWN


def _groups(facts: Facts) -> list[str]:
    return _codes("defender_groups", (group for person in facts.persons for group in person.defender_groups or []))


def _perpetrators(facts: Facts) -> list[str]:
    return _codes("perpetrator_types", (link.perpetrator_type for link in facts.incident.involvements)) or [UNKNOWN]


def _attribution(facts: Facts) -> str | None:
    return "alleged" if _perpetrators(facts) != [UNKNOWN] else None


def _identity_status(facts: Facts) -> str:
    if facts.printed_names:
        return "named_by_consent"
    return "public_figure_no_name" if any(person.is_public_figure for person in facts.persons) else "anonymised"


# --- what the State did ---------------------------------------------------------------------------


def steps_of(facts: Facts) -> list[str]:
    """How the investigation stood after each step of the State that changes it, in the order of their days."""
    codes = [upr_code("state_responses", one.step) for one in facts.incident.responses]
    return [code for code in codes if code and code not in (NEVER, UNKNOWN)]


def _complaint(facts: Facts) -> str:
    """That nothing is on record does not mean that nobody complained."""
    told = {one.step for one in facts.incident.responses} - {"NO_ACTION"}
    return "yes" if told else UNKNOWN


def _investigation(facts: Facts) -> str:
    steps = steps_of(facts)
    return steps[-1] if steps else UNKNOWN


def _granted(facts: Facts) -> str:
    states = {measure.status for measure in facts.measures}
    if states & GRANTED:
        return "yes"
    return "no" if states and states <= {"DENIED"} else UNKNOWN


def _protection_body(facts: Facts) -> str | None:
    bodies = _codes("protection_measures", (measure.measure for measure in facts.measures))
    return bodies[0] if len(bodies) == 1 else "other" if bodies else None


# --- how it is written ---------------------------------------------------------------------------


def _codes(code_list: str, codes: Iterable[str | None]) -> list[str]:
    """The codes that leave, each once, in the order of the alphabet so that two runs agree."""
    found = {upr_code(code_list, code) for code in codes}
    return sorted(code for code in found if code and code != NEVER)


def _names(rows: Iterable[Any]) -> list[str]:
    return sorted({row.name.replace("|", "/") for row in rows})


def _yes_or_no(value: str) -> bool | None:
    return {YES: True, NO: False}.get(value)


def _summary(text: str | None) -> str | None:
    if not text or not text.strip():
        return None
    return text if len(text) <= SUMMARY_LENGTH else text[: SUMMARY_LENGTH - 1].rstrip() + "…"


VALUES: dict[str, Callable[[Facts], Any]] = {
    "incident_ref": lambda facts: facts.incident.reference,
    "case_ref": lambda facts: facts.incident.case.reference if facts.incident.case else None,
    "country_iso3": lambda facts: alpha3(facts.incident.country),
    "admin1_code": _admin1_code,
    "admin1_name": _admin1_name,
    "admin2_name": _admin2_name,
    "event_year": _year,
    "event_month": _month,
    "event_date": _date,
    "date_precision": lambda facts: upr_code("date_precisions", facts.incident.happened_precision),
    "event_end_month": _last_month,
    "incident_type": lambda facts: upr_code("incident_types", facts.types[0]) if facts.types else None,
    "incident_subtypes": lambda facts: _codes("incident_types", facts.types[1:]),
    "persons_affected_min": lambda facts: _affected(facts)[0],
    "persons_affected_max": _most_affected,
    "affected_kind": _kind_affected,
    "defender_groups": _groups,
    "gender_of_affected": _gender,
    "indigenous_or_rural_community": _community,
    "minors_involved": _minors,
    "rights_affected": _rights,
    "alleged_perpetrators": _perpetrators,
    "attribution": _attribution,
    "sector": lambda facts: upr_code("sectors", facts.incident.sector) or UNKNOWN,
    "project_name": lambda facts: _names(facts.incident.projects) if facts.has_public_source else [],
    "company_names": lambda facts: _names(facts.incident.companies) if facts.has_public_source else [],
    "protest_context": lambda facts: _yes_or_no(facts.incident.protest),
    "state_of_emergency": lambda facts: _yes_or_no(facts.incident.emergency),
    # The survey tells these, once it knows which agreements leave.
    "agreement_in_force": lambda facts: UNKNOWN,
    "contract_refs": lambda facts: [],
    "complaint_filed": _complaint,
    "investigation_status": _investigation,
    "protection_requested": lambda facts: "yes" if facts.measures else UNKNOWN,
    "protection_granted": _granted,
    "protection_body": _protection_body,
    # The survey tells these too.
    "proceeding_refs": lambda facts: [],
    "uhri_themes": lambda facts: [],
    "rec_refs": lambda facts: [],
    "verification_status": lambda facts: verification_of(facts.incident),
    "n_sources": lambda facts: len(facts.sources),
    "source_kinds": lambda facts: _codes("source_types", (source.kind for source in facts.sources)),
    "identity_status": _identity_status,
    "name_published": lambda facts: [name.replace("|", "/") for name in facts.printed_names],
    "already_public": lambda facts: facts.incident.is_already_public,
    "summary_es": lambda facts: _summary(facts.incident.summary_es),
    "summary_en": lambda facts: _summary(facts.incident.summary_en),
    "generalised_fields": lambda facts: [],
    "first_recorded": lambda facts: dates.day_of(facts.incident.created_at),
    "last_updated": lambda facts: dates.day_of(facts.incident.updated_at),
    "record_version": lambda facts: facts.incident.version,
}
"""Column → its value. What no room fills yet stands in the columns' own file."""
