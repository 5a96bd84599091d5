"""Rows become incidents, with their people, perpetrators, companies, projects and sources."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import visible
from app.accounts.models import User
from app.cases.models import Case
from app.dates import UncertainDate
from app.db import db, now
from app.evidence.models import Source
from app.imports.incident_facts import facts_compared
from app.imports.incident_rows import is_complete
from app.imports.incident_titles import is_of_a_person
from app.imports.models import ImportBatch
from app.imports.names import Names
from app.imports.planning import Plan
from app.imports.provenance import Ledger
from app.imports.reading import Row
from app.incidents.clarifying import clarify
from app.incidents.models import Incident, ReviewNote
from app.incidents.operations import (
    COUNTS,
    IncidentGiven,
    PerpetratorGiven,
    SourceGiven,
    VictimGiven,
    log_incident,
)
from app.incidents.responses import ResponseGiven, add_response
from app.incidents.workflow import MOVES
from app.people.models import Person, PersonIdentity
from app.places.models import Place
from app.workflow import check_move

GIVEN_AS_THEY_ARE = (
    "title_es", "title_en", "narrative", "language", "notes", "summary_es", "summary_en", "other_types", "country",
    "community", "region_text", "latitude", "longitude", "coordinate_precision", "sector", "urgency", "protest",
    "emergency", "threats_before", "reprisals", "threat_type", "threat_channel", "threat_credibility", "embargo_until",
)  # fmt: skip
SOURCE_COLUMNS = {
    "source_citation": "citation",
    "source_url": "url",
    "source_kind": "kind",
    "source_reliability": "reliability",
    "source_origin": "origin_group",
    "source_published": "published_on",
}


class IncidentWriter:
    """Turns rows into incidents, with what they share looked up once."""

    def __init__(self, user: User, team_id: int, plan: Plan, case: Case | None, batch: ImportBatch) -> None:
        self.user, self.team_id, self.source, self.case = user, team_id, plan.source, case
        self.ledger = Ledger(batch, plan.source, facts_compared)
        self._places: dict[int, Place] = {}
        self._sources: dict[tuple[Any, ...], Source] = {}
        self._names = Names(user, team_id, self.ledger)

    def write(self, rows: list[Row]) -> int:
        self._load_places({row.facts["place_id"] for row in rows if row.facts.get("place_id")})
        for row in rows:
            self.ledger.turn_to(row)
            incident = log_incident(
                self.user,
                self.team_id,
                self._given(row),
                case=self.case,
                external=(self.source, row.external_id),
                batch=self.ledger.batch,
            )
            self.ledger.made(incident)
            self._tell_more(incident, row.facts)
            if is_complete(row):
                _submit(incident, self.user)
        db.session.flush()
        return len(rows)

    def _tell_more(self, incident: Incident, facts: dict[str, Any]) -> None:
        """What stands beside an incident: what the State did about it, and notes on its answers."""
        steps = facts.get("state_responses") or ()
        for step, day in zip_longest(steps, facts.get("state_response_dates") or ()):
            if step:
                add_response(self.user, incident, ResponseGiven(step, day or UncertainDate()))
        if notes := facts.get("answer_notes"):
            clarify(self.user, incident, notes)

    def _load_places(self, ids: set[int]) -> None:
        missing = ids - set(self._places)
        if missing:
            above = (joinedload(Place.department), joinedload(Place.province))
            found = db.session.scalars(select(Place).where(Place.id.in_(missing)).options(*above))
            self._places.update({place.id: place for place in found})

    def _given(self, row: Row) -> IncidentGiven:
        facts = row.facts
        values = {name: facts[name] for name in GIVEN_AS_THEY_ARE if name in facts}
        return IncidentGiven(
            **values,
            main_type=facts.get("main_type"),
            happened=facts.get("happened") or UncertainDate(),
            place=self._places.get(facts.get("place_id", 0)),
            victims=self._victims(row),
            perpetrators=self._perpetrators(facts),
            companies=[
                self._names.organisation(name, "COMPANY", facts.get("country")) for name in facts.get("companies") or ()
            ],
            projects=[self._names.project(name) for name in facts.get("projects") or ()],
            sources=self._sources_of(facts),
        )

    def _perpetrators(self, facts: dict[str, Any]) -> list[PerpetratorGiven]:
        degree = facts.get("perpetrator_degree")
        pairs = list(zip_longest(facts.get("perpetrators") or (), facts.get("perpetrator_organisations") or ()))
        if not facts.get("perpetrator_organisations"):
            pairs = list(dict.fromkeys(pairs))
        found = []
        for code, name in pairs:
            kind = "COMPANY" if code in ("COMPANY", "CONTRACTOR") else None
            organisation = self._names.organisation(name, kind, facts.get("country")) if name else None
            found.append(PerpetratorGiven(code, organisation, degree))
        return [one for one in found if one.perpetrator_type or one.organisation]

    def _victims(self, row: Row) -> list[VictimGiven]:
        return [victim for one in (row, *row.further) for victim in self._victims_of(one, row.facts)]

    def _victims_of(self, row: Row, incident: dict[str, Any]) -> list[VictimGiven]:
        facts = row.facts
        counts = {name: facts[name] for name in COUNTS if name in facts}
        victims = [VictimGiven(group_label=group) for group in facts.get("group") or ()]
        if is_of_a_person(row):
            people = (facts.get(name) or () for name in ("pseudonym", "legal_name", "document"))
            country = facts.get("country") or incident.get("country")
            victims += [VictimGiven(person=self._person(facts, country, *person)) for person in zip_longest(*people)]
        if counts:
            # The numbers of a row are those of all in it together: they stand once, with a group where there is one.
            victims = victims or [VictimGiven()]
            victims[0] = replace(victims[0], **counts)
        return victims

    def _person(
        self, facts: dict[str, Any], country: str | None, pseudonym: str, legal_name: str | None, document: str | None
    ) -> Person:
        """Each row its own person: two of one name are two until somebody who knows says otherwise."""
        person = Person(
            team_id=self.team_id,
            pseudonym=pseudonym,
            kind=facts.get("person_kind") or "INDIVIDUAL",
            country=country,
            gender=facts.get("gender"),
            age_group=facts.get("age_group"),
            defender_groups=facts.get("defender_groups"),
            rights_defended=facts.get("rights_defended"),
            peoples=facts.get("peoples"),
            created_by_id=self.user.id,
            updated_by_id=self.user.id,
        )
        self.ledger.made(person)
        if legal_name or document:
            person.identity = PersonIdentity(legal_name=legal_name, document=document)
        return person

    def _sources_of(self, facts: dict[str, Any]) -> list[SourceGiven]:
        columns = {name: facts.get(name) or [] for name in (*SOURCE_COLUMNS, "source_credibility")}
        told = zip_longest(*columns.values())
        return [given for cells in told if (given := self._source(dict(zip(columns, cells, strict=True)), facts))]

    def _source(self, told: dict[str, Any], facts: dict[str, Any]) -> SourceGiven | None:
        if not (told["source_citation"] or told["source_url"]):
            return None
        values = {column: told[name] for name, column in SOURCE_COLUMNS.items()}
        values["citation"] = values["citation"] or values["url"]
        key = tuple(values.values())
        if key not in self._sources:
            self._sources[key] = self._known_source(values) or self._new_source(values, facts)
        source = self._sources[key]
        return SourceGiven(source.citation, source=source, credibility=told["source_credibility"])

    def _known_source(self, values: dict[str, Any]) -> Source | None:
        """The same source in the team, as an earlier import or a colleague's record brought it."""
        same = visible(Source, self.user).where(
            Source.team_id == self.team_id, *(getattr(Source, column) == value for column, value in values.items())
        )
        found: Source | None = db.session.scalars(same.order_by(Source.id).limit(1)).first()  # type: ignore[assignment]
        return found

    def _new_source(self, values: dict[str, Any], facts: dict[str, Any]) -> Source:
        source = Source(
            **values,
            team_id=self.team_id,
            country=facts.get("country"),
            is_public=bool(facts.get("source_is_public")),
            created_by_id=self.user.id,
            updated_by_id=self.user.id,
        )
        self.ledger.made(source)
        db.session.add(source)
        return source


def _submit(incident: Incident, user: User) -> None:
    """Send to review what is complete enough, as its author would."""
    move = check_move(incident, MOVES, "submit", user)
    step = ReviewNote(move="submit", from_state=incident.state, to_state=move.target, by_id=user.id)
    incident.reviews.append(step)
    incident.state, incident.submitted_at = move.target, now()
