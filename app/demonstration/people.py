"""The demonstration's people: public figures that public reports name, with what these say of their parts and ties."""

from __future__ import annotations

from typing import Any

from app.accounts.models import User
from app.cases.models import Case
from app.db import db
from app.demonstration.problem import DemonstrationProblem
from app.organisations.models import Organisation
from app.organisations.queries import organisation_named
from app.people.models import CaseRole, Person, PersonIdentity, PersonLeadership, PersonOrganisation

Row = dict[str, str]


def load_person(row: Row, cases: dict[str, Case], origin: str) -> Person:
    """The name stands apart like everybody's; in the open too for who holds a public office or has a public voice."""
    own_cases = [cases[key] for key in _parts(row["cases"])]
    team_id = own_cases[0].team_id
    person = Person(
        team_id=team_id,
        pseudonym=row["pseudonym"],
        kind=row["kind"],
        country="PE",
        gender=row["gender"] or None,
        defender_groups=_parts(row["defender_groups"]) or None,
        peoples=_parts(row["indigenous_people"]) or None,
        is_public_figure=True,
        open_name=row["name"] if row["open_name_source"] else None,
        open_name_source=row["open_name_source"] or None,
        note=row["public_role_es"] or None,
        external_source=origin,
        external_id=row["key"],
        created_by_id=own_cases[0].created_by_id,
    )
    person.identity = PersonIdentity(legal_name=row["name"])
    person.set_aliases(_parts(row["aliases"]))
    person.case_roles = [CaseRole(case=case, role=row["case_role"]) for case in own_cases if case.team_id == team_id]
    db.session.add(person)
    return person


def load_tie(row: Row, by: User, person: Person, events: dict[str, Row], origin: str) -> None:
    """A post, or an organisation to which the person belongs. Raises DemonstrationProblem for an unknown event."""
    if row["event"] not in events:
        raise DemonstrationProblem(f"{row['person']}: {row['event']!r} is no event")
    event = events[row["event"]]
    facts: dict[str, Any] = {
        "person_id": person.id,
        "kind": row["kind"],
        "since": row["since"] or None,
        "until": row["until"] or None,
        "note": event["source_1_citation"] or event["source_1_title"],
    }
    if row["tie"] == "post":
        db.session.add(PersonLeadership(title=row["title_es"] or None, **facts))
    else:
        db.session.add(PersonOrganisation(organisation=_organisation(row, by, person, origin), **facts))


def _organisation(row: Row, by: User, person: Person, origin: str) -> Organisation:
    """The one of that name, or a new one of the person's team."""
    found = organisation_named(by, row["organisation"])
    if found is None:
        found = Organisation(team_id=person.team_id, kind=row["organisation_kind"], country="PE", created_by_id=by.id)
        found.rename(row["organisation"])
        found.external_source, found.external_id = origin, f"{row['person']} {row['kind']}"
        db.session.add(found)
        db.session.flush()
    return found


def _parts(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]
