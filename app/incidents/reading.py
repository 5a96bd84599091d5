"""How each field of an incident is read for an export: text, number, date or list; codes stay codes.

An export reads every row, so it reads plain rows: one statement for the numbers of the incidents, and for every
thousand of them one for what they say themselves and one for each kind of thing that hangs on them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.access import unguarded
from app.accounts.models import Team, User
from app.cases.models import Case
from app.dates import DAY, UncertainDate, day_of, today
from app.db import db
from app.evidence.models import Source
from app.fields import Fields
from app.incidents.beside import AnswerNote, StateResponse
from app.incidents.fields import INCIDENT_FIELDS
from app.incidents.models import Act, Incident, IncidentCompany, IncidentProject, Involvement, SourceLink
from app.incidents.persons import NOT_ASKED
from app.incidents.responses import grade_of
from app.organisations.models import Organisation, Project
from app.people.consent import FROM_LEAST, holding_on, least_of
from app.people.models import Consent, Person
from app.places.models import DISTRICT, PROVINCE, Place

AT_A_TIME = 1000

_BESIDES = frozenset(
    {"id", "place_id", "happened_from", "happened_to", "happened_precision", "public_approved_at", "created_at",
     "updated_at"}
)  # fmt: skip
OWN_COLUMNS = (
    *(
        column
        for column in Incident.__table__.columns
        if column.name in _BESIDES or column.name in {field.name for field in INCIDENT_FIELDS}
    ),
    Team.name.label("team"),
    Case.reference.label("case"),
)
_POSITIONS = {column.name: position for position, column in enumerate(OWN_COLUMNS)}
OWN_NAMES = frozenset(_POSITIONS)


def position_of(name: str) -> int:
    """Where a column stands in `Line.facts`."""
    return _POSITIONS[name]


@dataclass(slots=True)
class Line:
    """An incident as an export reads it: its own columns, and the rows of what hangs on it."""

    facts: Any
    place: Any
    acts: Sequence[Any] = ()
    involvements: Sequence[Any] = ()
    sources: Sequence[Any] = ()
    companies: Sequence[Any] = ()
    projects: Sequence[Any] = ()
    answers: Sequence[Any] = ()
    responses: Sequence[Any] = ()
    notes: Sequence[Any] = ()


def lines_of(statement: Select[Any], user: User) -> Iterator[Line]:
    """The incidents of a select, in its order; `facts.in_full` says how the user reads each."""
    plain = select(*OWN_COLUMNS, Incident.full_to(user).label("in_full")).join(Incident.team).outerjoin(Incident.case)
    # Their numbers alone are put in order: with all that is read of each, a long list would be sorted in memory.
    in_order = statement.with_only_columns(Incident.id, maintain_column_froms=True)
    places: dict[int, Any] = {}
    for ids in db.session.scalars(in_order.execution_options(yield_per=AT_A_TIME)).partitions():
        told = db.session.execute(unguarded(plain.where(Incident.id.in_(ids)), "these were found by who may see them"))
        by_id = {row.id: row for row in told}
        rows = [by_id[number] for number in ids]
        _look_up(places, {row.place_id for row in rows if row.place_id})
        hanging = {name: _grouped(select_parts(list(ids))) for name, select_parts in HANGING.items()}
        for row in rows:
            parts = {name: found[row.id] for name, found in hanging.items() if row.id in found}
            yield Line(row, places.get(row.place_id), **parts)


def _grouped(statement: Any) -> dict[int, list[Any]]:
    """Number of the incident → the rows that hang on it."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(unguarded(statement, "hangs on rows already seen")):
        found[row.incident_id].append(row)
    return found


def _acts(ids: list[int]) -> Any:
    columns = [getattr(Act, f"{what}_{end}") for what in COUNTED for end in ("least", "most")]
    statement = select(Act.incident_id, Act.act_type, Act.group_label, Person.pseudonym, *columns)
    return statement.outerjoin(Act.person).where(Act.incident_id.in_(ids)).order_by(Act.position)


def _involvements(ids: list[int]) -> Any:
    statement = select(Involvement.incident_id, Involvement.perpetrator_type, Organisation.name)
    return (
        statement.outerjoin(Involvement.organisation)
        .where(Involvement.incident_id.in_(ids))
        .order_by(Involvement.position)
    )


def _sources(ids: list[int]) -> Any:
    columns = (Source.citation, Source.url, Source.kind, Source.reliability, SourceLink.credibility)
    statement = select(SourceLink.incident_id, *columns).join(SourceLink.source)
    not_withdrawn = Source.withdrawn_at.is_(None)
    return statement.where(SourceLink.incident_id.in_(ids), not_withdrawn).order_by(SourceLink.position)


def _companies(ids: list[int]) -> Any:
    statement = select(IncidentCompany.incident_id, Organisation.name).join(IncidentCompany.organisation)
    return statement.where(IncidentCompany.incident_id.in_(ids)).order_by(IncidentCompany.position)


def _projects(ids: list[int]) -> Any:
    statement = select(IncidentProject.incident_id, Project.name).join(IncidentProject.project)
    return statement.where(IncidentProject.incident_id.in_(ids)).order_by(IncidentProject.position)


def _answers(ids: list[int]) -> Any:
    """Every person of the incidents, with each answer that holds today; without a level where there is none."""
    columns = (Consent.id, Consent.purpose, Consent.level, Consent.given_on)
    statement = select(Act.incident_id, Act.person_id, *columns).distinct()
    holding = (Consent.person_id == Act.person_id) & holding_on(today())
    return statement.outerjoin(Consent, holding).where(Act.incident_id.in_(ids), Act.person_id.is_not(None))


def _responses(ids: list[int]) -> Any:
    columns = (StateResponse.step, StateResponse.happened_from, StateResponse.happened_to)
    statement = select(StateResponse.incident_id, *columns, StateResponse.happened_precision)
    in_order = (StateResponse.happened_from.asc().nulls_first(), StateResponse.id)
    return statement.where(StateResponse.incident_id.in_(ids)).order_by(*in_order)


def _notes(ids: list[int]) -> Any:
    statement = select(AnswerNote.incident_id, AnswerNote.field, AnswerNote.note)
    return statement.where(AnswerNote.incident_id.in_(ids)).order_by(AnswerNote.id)


COUNTED = ("affected", "killed", "injured", "detained")
HANGING = {
    "acts": _acts,
    "involvements": _involvements,
    "sources": _sources,
    "companies": _companies,
    "projects": _projects,
    "answers": _answers,
    "responses": _responses,
    "notes": _notes,
}


def _look_up(places: dict[int, Any], ids: set[int]) -> None:
    """Put those places that are not known yet among the known, with the names of what they lie in."""
    if missing := ids - set(places):
        department, province = aliased(Place), aliased(Place)
        columns = (
            Place.id, Place.level, Place.name, Place.code_inei, Place.iso_3166_2,
            department.name.label("department"), department.iso_3166_2.label("department_code"),
            province.name.label("province"),
        )  # fmt: skip
        joined = select(*columns).outerjoin(department, Place.department).outerjoin(province, Place.province)
        places.update({place.id: place for place in db.session.execute(joined.where(Place.id.in_(missing)))})


# --- what each field is --------------------------------------------------------------------------

Read = Callable[[Line], Any]


def _plain(column: str) -> Read:
    return attrgetter(f"facts.{column}")


def _once(values: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(value for value in values if value))


def _each(parts: str, name: str) -> Read:
    """Each value once."""
    rows, value = attrgetter(parts), attrgetter(name)

    def read(line: Line) -> list[Any] | None:
        found = rows(line)
        return _once(value(row) for row in found) if found else None

    return read


def _in_step(parts: str, name: str) -> Read:
    """A place for every row, blank where it says nothing: what is second in each column belongs together."""
    rows, value = attrgetter(parts), attrgetter(name)

    def read(line: Line) -> list[Any] | None:
        values = [value(row) or "" for row in rows(line)]
        return values if any(values) else None

    return read


def _counted(what: str, end: str) -> Read:
    """The sum over the acts; None where no act says it. The most of an act that says only the least is that."""
    least, most = attrgetter(f"{what}_least"), attrgetter(f"{what}_most")

    def read(line: Line) -> int | None:
        if not line.acts:
            return None
        numbers = [least(act) if end == "least" or most(act) is None else most(act) for act in line.acts]
        known = [number for number in numbers if number is not None]
        return sum(known) if known else None

    return read


def _happened(line: Line) -> str:
    facts = line.facts
    if facts.happened_precision == DAY and facts.happened_from:
        return facts.happened_from.isoformat()  # the same, and by far the most common
    return UncertainDate(facts.happened_from, facts.happened_to, facts.happened_precision).written()


def _other_types(line: Line) -> list[str]:
    main = line.facts.main_type
    return _once(act.act_type for act in line.acts if act.act_type != main)


def _department(line: Line) -> str | None:
    return (line.place.department or line.place.name) if line.place else None


def _department_code(line: Line) -> str | None:
    if not line.place:
        return None
    return line.place.department_code if line.place.department else line.place.iso_3166_2


def _province(line: Line) -> str | None:
    if not line.place:
        return None
    return line.place.name if line.place.level == PROVINCE else line.place.province


def _district(line: Line) -> str | None:
    return line.place.name if line.place and line.place.level == DISTRICT else None


def _least_consent(line: Line) -> str | None:
    """Blank where there is no person. A person whom nobody has asked is one who has not agreed to anything."""
    if not line.answers:
        return None
    of_person: dict[int, list[Any]] = defaultdict(list)
    for answer in line.answers:
        of_person[answer.person_id] += [answer] if answer.level else []
    return min((least_of(holding) for holding in of_person.values()), key=FROM_LEAST.index) or NOT_ASKED


def _impunity_since(line: Line) -> str | None:
    since = grade_of(line.responses).since
    return since.written() if since else None


def _day_of_response(response: Any) -> str:
    facts = (response.happened_from, response.happened_to, response.happened_precision)
    return UncertainDate(*facts).written() or ""


def _answer_notes(line: Line) -> list[str] | None:
    return [f"{note.field}: {note.note}" for note in line.notes] or None


def _local_day(column: str) -> Read:
    moment_of = attrgetter(f"facts.{column}")
    return lambda line: day_of(moment_of(line))


READ: dict[str, Read] = {
    "other_types": _other_types,
    "happened": _happened,
    "department": _department,
    "department_code": _department_code,
    "province": _province,
    "district": _district,
    "ubigeo": lambda line: line.place.code_inei if line.place else None,
    "persons": _each("acts", "pseudonym"),
    "consent_least": _least_consent,
    "groups": _each("acts", "group_label"),
    "perpetrators": _in_step("involvements", "perpetrator_type"),
    "perpetrator_organisations": _in_step("involvements", "name"),
    "companies": _each("companies", "name"),
    "projects": _each("projects", "name"),
    "sources": _in_step("sources", "citation"),
    "source_urls": _in_step("sources", "url"),
    "source_kinds": _in_step("sources", "kind"),
    "source_reliability": _in_step("sources", "reliability"),
    "source_credibility": _in_step("sources", "credibility"),
    "impunity": lambda line: grade_of(line.responses).code,
    "impunity_since": _impunity_since,
    "state_responses": _in_step("responses", "step"),
    "state_response_dates": lambda line: [_day_of_response(one) for one in line.responses] or None,
    "answer_notes": _answer_notes,
    "already_public": lambda line: line.facts.public_approved_at is not None,
    "created_on": _local_day("created_at"),
    "updated_on": _local_day("updated_at"),
    **{f"{what}_{end}": _counted(what, end) for what in COUNTED for end in ("least", "most")},
}
"""What is more than a column of the same name."""

INCIDENT_COLUMNS = Fields(
    replace(field, read=READ.get(field.name, _plain(field.name))) for field in INCIDENT_FIELDS if field.leaves
)
