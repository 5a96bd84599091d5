"""proceedings.csv: which proceedings leave, and what each column says of them. Nobody accused is named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app import dates
from app.access import visible
from app.accounts.models import User
from app.cases.models import NETWORK, Case
from app.dates import UncertainDate
from app.db import alpha3, db
from app.incidents.models import Act, Incident
from app.people.allowed import (
    AGGREGATE_ONLY,
    ANONYMISED_PUBLIC,
    INTERNAL_ONLY,
    WEAKEST_FIRST,
    reach_for,
)
from app.people.models import Person
from app.proceedings.custody import days_in_all
from app.proceedings.models import AGAINST, Accused, Proceeding, Stage
from app.upr.columns import NEVER
from app.upr.filters import VERIFICATION, Filters
from app.upr.period import OUTSIDE, UNDATED
from app.upr.rule import (
    NO_CONSENT,
    NOTHING,
    OTHER_ORG,
    PURPOSE,
    ROW,
    SUMS,
    UNKNOWN,
    UNVERIFIED,
    WITHDRAWN,
    Verdict,
    region_code,
    teams_of,
)
from app.vocabulary.queries import entry, upr_code

CONSTITUTIONAL = "constitutional"
OVER = frozenset({"EXECUTION", "CLOSED"})
"""Stages in which nothing more is to be decided."""
PENDING = "pending"
UNDECIDED = frozenset({PENDING, "overturned"})
JUDGED = frozenset({"acquitted", "convicted"})
PRETRIAL = "PE-PREV"
PUBLIC_ONLY = frozenset({"company_names", "incident_refs"})
INTERNAL_ONLY_COLUMNS = frozenset({"docket_no", "pretrial_days"})

Row = dict[str, Any]


def proceedings_asked(user: User, filters: Filters) -> Select[Any]:
    """(proceeding, whether it is the user's own to export), as `rule.candidates` asks for incidents."""
    own = Proceeding.team_id.in_(teams_of(user)) & Proceeding.full_to(user)
    shared = Proceeding.case_id.in_(select(Case.id).where(Case.confidentiality == NETWORK))
    return (
        visible(Proceeding, user, withdrawn=True)
        .add_columns(own.label("is_own"))
        .where(
            or_(Proceeding.country == filters.country, Proceeding.country.is_(None)),
            or_(own, shared & Proceeding.withdrawn_at.is_(None)),
        )
        .options(
            joinedload(Proceeding.case),
            joinedload(Proceeding.complainant),
            selectinload(Proceeding.numbers),
            selectinload(Proceeding.stages),
            selectinload(Proceeding.hearings),
            selectinload(Proceeding.accused).selectinload(Accused.charges),
            selectinload(Proceeding.accused).selectinload(Accused.measures),
            selectinload(Proceeding.accused).joinedload(Accused.person).selectinload(Person.consents),
        )
        .order_by(Proceeding.reference)
    )


@dataclass(frozen=True)
class Told:
    """A proceeding on its way out. *incidents* are those that it arises from, as far as the user sees them;
    *wronged* the persons whom it is to give justice, where it is brought against others."""

    proceeding: Proceeding
    incidents: Collection[Incident]
    wronged: Collection[Person]
    filters: Filters

    @property
    def is_against(self) -> bool:
        return self.proceeding.direction == AGAINST

    @cached_property
    def persons(self) -> list[Person]:
        """Whose consent counts."""
        if not self.is_against:
            return list(self.wronged)
        return [row.person for row in self.proceeding.accused if row.person is not None]

    @cached_property
    def stages(self) -> list[Stage]:
        """Those entered by the last day of the period, in order; those without a day too."""
        last = self.filters.last
        return [one for one in self.proceeding.stages_in_order if _first(one.entered) is None or _at(one) <= last]

    @property
    def stage(self) -> Stage | None:
        return self.stages[-1] if self.stages else None

    @cached_property
    def start(self) -> date | None:
        return min((day for one in self.stages if (day := _first(one.entered))), default=None)

    @cached_property
    def last_act(self) -> date | None:
        days = [day for one in self.stages if (day := _first(one.entered))]
        days += [one.held_on for one in self.hearings]
        return max(days, default=None)

    @property
    def hearings(self) -> list[Any]:
        return [one for one in self.proceeding.hearings if one.held_on <= self.filters.last]

    @cached_property
    def outcome(self) -> str:
        """Pending as long as nothing was decided by the last day of the period."""
        found = upr_code("proc_outcomes", self.proceeding.outcome) or PENDING
        decided = [_first(one.decided) for one in self.proceeding.stages if one.outcome]
        is_later = bool(decided) and all(day is not None and day > self.filters.last for day in decided)
        return PENDING if is_later else found

    @property
    def is_open(self) -> bool:
        """Neither decided nor closed; a judgment that was overturned decides nothing."""
        stage = self.stage
        return self.outcome in UNDECIDED and (stage is None or stage.stage not in OVER)

    @property
    def end(self) -> date:
        """The day on which it was decided or closed; the last day of the period while it is open."""
        if self.is_open:
            return self.filters.last
        days = [_first(one.decided) for one in self.stages if one.outcome]
        days += [_first(one.entered) for one in self.stages if one.stage in OVER]
        return max((day for day in days if day and day <= self.filters.last), default=self.filters.last)

    @property
    def months(self) -> int | None:
        """Whole months from the first stage on record to the end, or to the last day of the period: at least so long.

        Where only the day of the decision is on record, nothing is known of how long it took.
        """
        if self.start is None or self.end < self.start or (self.end == self.start and not self.is_open):
            return None
        whole = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
        return whole - (self.end.day < self.start.day)

    @property
    def citations(self) -> int:
        return len({one.citation or one.url for one in self.proceeding.stages if one.citation or one.url})

    @property
    def verification(self) -> str:
        """A proceeding has no review of its own: what an authority has numbered, or what is cited, is borne out."""
        if self.proceeding.numbers or self.citations:
            return "corroborated"
        return VERIFICATION[0]

    @property
    def is_asked_for(self) -> bool:
        """Of what narrows incidents only the region narrows proceedings; one whose region is not known is left out."""
        return not self.filters.admin1 or _region(self) in self.filters.admin1

    @property
    def place_in_period(self) -> str:
        if self.start is None:
            return UNDATED
        ended = None if self.is_open else self.end
        is_outside = self.start > self.filters.last or (ended is not None and ended < self.filters.first)
        return OUTSIDE if is_outside else "inside"


def judge(told: Told, is_own: bool, day: date) -> Verdict:
    """What becomes of a proceeding: as of an incident, by the persons accused, or by those who seek justice."""
    if not is_own:
        # What another team keeps is not the user's to give away, unless it has made it public itself.
        is_public = told.proceeding.is_already_public and level_of(told, day) != INTERNAL_ONLY
        return Verdict(ROW) if is_public else Verdict(NOTHING, OTHER_ORG)
    if told.proceeding.is_withdrawn:
        return Verdict(NOTHING, WITHDRAWN)
    if VERIFICATION.index(told.verification) < VERIFICATION.index(min_verification(told.filters)):
        return Verdict(NOTHING, UNVERIFIED)
    if told.place_in_period == UNDATED and not told.filters.include_undated:
        return Verdict(NOTHING, UNDATED)
    level = level_of(told, day)
    if level == INTERNAL_ONLY:
        return Verdict(NOTHING, NO_CONSENT)
    wanted = WEAKEST_FIRST.index(told.filters.consent)
    return Verdict(ROW) if WEAKEST_FIRST.index(level) >= wanted else Verdict(SUMS, NO_CONSENT)


def min_verification(filters: Filters) -> str:
    """A proceeding is borne out or not: it is never more than corroborated."""
    return min(filters.verification, "corroborated", key=VERIFICATION.index)


def level_of(told: Told, day: date) -> str:
    weakest = min(
        (reach_for(person, PURPOSE, day) for person in told.persons), key=WEAKEST_FIRST.index, default=AGGREGATE_ONLY
    )
    return ANONYMISED_PUBLIC if weakest == AGGREGATE_ONLY and told.proceeding.is_already_public else weakest


def wronged_persons(user: User, cases: Collection[int]) -> dict[int, list[Person]]:
    """Case → all who are affected by its incidents: for whom justice is sought where somebody is to answer."""
    found: dict[int, list[Person]] = defaultdict(list)
    if not cases:
        return found
    affected: Any = (
        visible(Act, user)
        .join(Act.incident)
        .where(Incident.case_id.in_(cases), Act.person_id.is_not(None))
        .with_only_columns(Incident.case_id, Act.person_id)
        .distinct()
    )
    pairs = db.session.execute(affected).all()
    statement: Any = visible(Person, user, withdrawn=True).where(Person.id.in_({person for _case, person in pairs}))
    persons = {person.id: person for person in db.session.scalars(statement)}
    for case, person in pairs:
        if person in persons:
            found[case].append(persons[person])
    return found


# --- columns -------------------------------------------------------------------------------------


def row_of(told: Told) -> Row:
    return {name: value(told) for name, value in VALUES.items()}


def _first(day: UncertainDate) -> date | None:
    return day.earliest or day.latest


def _at(stage: Stage) -> date:
    return _first(stage.entered) or date.min


def _month(day: date | None) -> str | None:
    return f"{day:%Y-%m}" if day else None


def _direction(told: Told) -> str:
    if told.is_against:
        return "against_defender"
    return "for_defender" if upr_code("proc_kinds", told.proceeding.kind) == CONSTITUTIONAL else "accountability"


def _stage(told: Told) -> str | None:
    stage = told.stage
    if stage is None:
        return None
    code = upr_code("proc_stages", stage.stage)
    if code == "trial" and upr_code("proc_outcomes", stage.outcome) in JUDGED:
        return "first_judgment"
    return None if code == NEVER else code


def _offences(told: Told) -> list[str]:
    """Codes of ours, in the order of those that leave."""
    codes = dict.fromkeys(charge.offence for charge in told.proceeding.charges)
    return sorted(codes, key=lambda code: upr_code("offences", code) or "")


def _offence_codes(told: Told) -> list[str]:
    codes = [upr_code("offences", code) for code in _offences(told)]
    return [code for code in codes if code and code != NEVER]


def _offence_words(told: Told) -> list[str]:
    found = [entry("offences", code) for code in _offences(told)]
    return [one.label_es.replace("|", "/") for one in found if one and one.upr != NEVER]


def _accused_total(told: Told) -> int | None:
    least, _most = told.proceeding.accused_counted()
    return least or None


def _complainant(told: Told) -> str:
    complainant = told.proceeding.complainant
    return upr_code("organisation_types", complainant.kind) or UNKNOWN if complainant else UNKNOWN


def _companies(told: Told) -> list[str]:
    complainant = told.proceeding.complainant
    if complainant is None or upr_code("organisation_types", complainant.kind) != "company":
        return []
    return [complainant.name.replace("|", "/")]


def _regions(told: Told) -> set[str]:
    return {code for incident in told.incidents if (code := region_code(incident))}


def _region(told: Told) -> str | None:
    regions = _regions(told)
    return next(iter(regions)) if len(regions) == 1 else None


def _measures(told: Told) -> list[str]:
    codes = {upr_code("coercive_measures", one.measure) for one in told.proceeding.measures}
    return sorted(code for code in codes if code and code != NEVER)


def _pretrial_days(told: Told) -> int | None:
    held = [days_in_all(row.measures, told.filters.last) for row in told.proceeding.accused]
    return max((least for days in held if days for least in days[:1]), default=None)


def _sentence(told: Told) -> int | None:
    years, months = told.proceeding.sentence_years, told.proceeding.sentence_months
    return (years or 0) * 12 + (months or 0) if years or months else None


def _numbers(told: Told) -> list[str]:
    return sorted({one.number.replace("|", "/") for one in told.proceeding.numbers})


def _persons_accused(told: Told) -> int | None:
    return len(told.persons) if told.is_against and told.persons else None


VALUES: dict[str, Callable[[Told], Any]] = {
    "proceeding_ref": lambda told: told.proceeding.reference,
    "case_ref": lambda told: told.proceeding.case.reference,
    "country_iso3": lambda told: alpha3(told.filters.country),
    "admin1_code": _region,
    "kind": lambda told: upr_code("proc_kinds", told.proceeding.kind),
    "direction": _direction,
    "stage": _stage,
    "offence_codes": _offence_codes,
    "offence_labels_es": _offence_words,
    "accused_total": _accused_total,
    "accused_defenders": _persons_accused,
    "complainant_kind": _complainant,
    "company_names": _companies,
    "start_month": lambda told: _month(told.start),
    "last_act_month": lambda told: _month(told.last_act),
    "open_at_cutoff": lambda told: told.is_open,
    "duration_months": lambda told: told.months,
    "pretrial_detention": lambda told: "yes" if PRETRIAL in _measures(told) else UNKNOWN,
    "pretrial_days": _pretrial_days,
    "precautionary_measures": _measures,
    "hearings": lambda told: len(told.hearings),
    "outcome": lambda told: told.outcome,
    "sentence_months_max": _sentence,
    "court_level": lambda told: None,
    "docket_no": _numbers,
    # The survey tells these, once it knows which incidents leave.
    "incident_refs": lambda told: [],
    "verification_status": lambda told: told.verification,
    "n_sources": lambda told: told.citations,
    "last_updated": lambda told: dates.day_of(told.proceeding.updated_at),
    "already_public": lambda told: told.proceeding.is_already_public,
    "generalised_fields": lambda told: [],
}
"""Column → its value, before `coarsening`."""


def without_internal(row: Row) -> Row:
    """As it stands in a public pack: numbers of files and days in detention are not even said to be withheld."""
    return row | {"docket_no": None, "pretrial_days": None}


def accused_persons(proceedings: Iterable[Proceeding]) -> list[Person]:
    return [row.person for one in proceedings for row in one.accused if row.person is not None]
