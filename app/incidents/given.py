"""From the form to what is given: words become places, persons, organisations, dates and numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from app.access import may, reads_in_full, visible
from app.accounts.models import User
from app.cases.models import Case
from app.dates import UncertainDate
from app.db import db, fold
from app.evidence.models import Source
from app.incidents import typed
from app.incidents.form_fields import chosen
from app.incidents.forms import GROUP, IncidentForm
from app.incidents.models import Incident
from app.incidents.operations import COUNTS, IncidentGiven, PerpetratorGiven, SourceGiven, VictimGiven
from app.incidents.persons import NOT_ASKED, PersonGiven, person_called, standing_level
from app.incidents.place_part import PlacePart
from app.incidents.typed import NotReadable
from app.organisations.models import Organisation, Project
from app.organisations.near import organisations_like, projects_like
from app.organisations.operations import record_organisation, record_project
from app.organisations.queries import organisation_named, project_named
from app.people.models import Person
from app.people.near import near_words, people_like
from app.vocabulary.offered import NameField

SAME_NAME = (
    "title_es", "title_en", "narrative", "language", "notes", "summary_es", "summary_en", "main_type", "country",
    "community", "sector", "urgency", "protest", "emergency", "threats_before", "threat_type", "threat_channel",
    "threat_credibility",
)  # fmt: skip
_PERSON = re.compile(r"\(?\b([A-Z]{3}-D-[0-9A-Z]{5})\)?$")


class Reading:
    """What a form gives. Problems stand at their fields; what could not be read stays as it was in the record."""

    def __init__(self, form: IncidentForm, user: User, incident: Incident | None, cases: dict[str, Case]) -> None:
        self.form, self.user, self.incident = form, user, incident
        self.given = IncidentGiven()
        self.case = cases.get(form.case.data or "")
        self.team_id = self._team()
        self.unread: set[str] = set()
        self.persons: dict[str, Person] = {}
        """The person on record that a line means, by the name of its field."""
        self.new_names = {fold(field.data) for field in self._names() if field.meant == NameField.NEW}
        form.validate()
        self._read_plain()
        self._read_when()
        self._read_where()
        self._read_victims()
        self._read_perpetrators()
        self._read_business()
        self._read_sources()
        self._keep_unread()
        mark_rows(form)

    @property
    def is_sound(self) -> bool:
        return not self.form.errors

    def _team(self) -> int:
        if self.incident is not None:
            return self.incident.team_id
        if self.case is not None:
            return self.case.team_id
        chosen = [team.id for team in writing_teams(self.user) if team.handle == self.form.team.data]
        return (chosen or [team.id for team in writing_teams(self.user)])[0]

    # --- one value

    def _attempt(self, field: Any, name: str, read: Callable[[], Any]) -> Any:
        """The value; None when it cannot be read, with the reason at its field."""
        if field.errors:
            self.unread.add(name)
            return None
        try:
            return read()
        except NotReadable as problem:
            complain(field, str(problem))
            self.unread.add(name)
            return None

    def _read_plain(self) -> None:
        form, given = self.form, self.given
        for name in SAME_NAME:
            field = form[name]
            setattr(given, name, field.data or None)
            if field.errors:
                self.unread.add(name)
        given.other_types = chosen(form.other_types)
        given.reprisals = chosen(form.reprisals)
        if not (given.title_es or given.title_en):
            complain(form.title, _("Write a title; for a draft it is enough."))
        text = form.embargo_until.data or ""
        given.embargo_until = self._attempt(
            form.embargo_until, "embargo_until", lambda: typed.read_day(text) if text else None
        )

    def _read_when(self) -> None:
        form, text = self.form, self.form.happened_text.data or None
        first, last, precision = form.first_day.data, form.last_day.data, form.precision.data or ""
        self.given.happened = UncertainDate(text=text)
        start = self._attempt(form.first_day, "happened", lambda: typed.read_when(first) if first else UncertainDate())
        end = self._attempt(form.last_day, "happened", lambda: typed.read_when(last) if last else UncertainDate())
        if start is None or end is None:
            return
        if last:
            found = self._attempt(form.last_day, "happened", lambda: typed.between(start, end, precision, text))
        else:
            found = self._attempt(form.first_day, "happened", lambda: typed.as_precise(start, precision, text))
        self.given.happened = found or self.given.happened

    def _read_where(self) -> None:
        form, given = self.form, self.given
        part = PlacePart(form)
        given.place, form.place_guess = part.place, part.guess
        if part.problem:
            complain(form.place, part.problem)
            self.unread.add("place")
        given.region_text = (form.region_text.data or (form.place.data if not part.has_tree else "")) or None
        if part.place is not None:
            given.region_text = None
        given.latitude = self._attempt(
            form.latitude, "latitude", lambda: typed.read_degrees(form.latitude.data or "", 90)
        )
        given.longitude = self._attempt(
            form.longitude, "longitude", lambda: typed.read_degrees(form.longitude.data or "", 180)
        )
        if (given.latitude is None) != (given.longitude is None) and not {"latitude", "longitude"} & self.unread:
            lonely = form.longitude if given.longitude is None else form.latitude
            complain(lonely, _("Latitude and longitude belong together: write both."))
            self.unread |= {"latitude", "longitude"}
        point = given.latitude is not None and given.longitude is not None
        given.coordinate_precision = (form.coordinate_precision.data or None) if point else None

    # --- rows

    def _read_victims(self) -> None:
        known = {act.person.reference: act.person for act in self.incident.acts if act.person} if self.incident else {}
        for entry in self.form.victims:
            if (victim := self._victim(entry.form, known)) is not None:
                self.given.victims.append(victim)
        if self.given.victims and self.form.nobody.data:
            complain(self.form.nobody, _("Somebody is named above. Empty those lines, or take this tick away."))

    def _victim(self, row: Any, known: dict[str, Person]) -> VictimGiven | None:
        who = (row.who.data or "").strip()
        counts: dict[str, Any] = {name: self._count(row[name]) for name in COUNTS}
        is_counted = any(counts[name] != (None, None) for name in COUNTS)
        if not who and not is_counted:
            if row.rights.data or row.consent.data or row.act_type.data:
                complain(row.who, _("Write a pseudonym, a reference, or what the group is called."))
            return None
        victim = VictimGiven(act_type=chosen(row.act_type), **counts)
        if row.kind.data == GROUP or not who:
            victim.group_label = who or None
            return victim
        victim.person = self._person(row, who, known)
        if victim.person is not None:
            self.persons[row.who.name] = victim.person
        if victim.person is None and row.who.errors:
            return None
        victim.who = PersonGiven(who, chosen(row.kind), chosen(row.rights), row.consent.data or None)
        return victim

    def _person(self, row: Any, who: str, known: dict[str, Person]) -> Person | None:
        """The person whom the line means, if on record: by reference, or by the pseudonym in incident and case."""
        reference = _PERSON.search(who.upper())
        linked = known.get(row.person.data or "")
        if reference:
            statement = visible(Person, self.user).where(Person.reference == reference.group(1))
            person: Person | None = _one(statement)
            if person is None or (person.reference not in known and self._would_open(person)):
                complain(row.who, _("No person with this reference is on record."))
                return None
        elif linked is not None and fold(linked.pseudonym) == fold(who):
            person = linked
        else:
            person = person_called(self.user, self.case, who, list(known.values())) or self._person_meant(row.who, who)
        if person is not None and row.consent.data == NOT_ASKED and (level := standing_level(person)):
            complain(row.consent, _("There is an answer on record: %(level)s. Choose what holds now.", level=level))
        return person

    def _person_meant(self, field: Any, who: str) -> Person | None:
        """Somebody whose name is like this one, where that was chosen; asked about before anybody is recorded twice."""
        alike = people_like(self.user, who)
        alike = [(person, called) for person, called in alike if not self._would_open(person)]
        if chosen := next((person for person, _called in alike if person.reference == field.meant), None):
            field.data = f"{chosen.pseudonym} ({chosen.reference})"
            return chosen
        if alike:
            field.offered = [(person.reference, near_words(person, called)) for person, called in alike]
        if alike and field.meant != NameField.NEW:
            complain(field, _("“%(name)s” may be on record already. Choose who it is, or that it is new.", name=who))
        return None

    def _would_open(self, person: Person) -> bool:
        """Whether a line in one's own record would open somebody of the team whom the user reads without identity."""
        return may(self.user, "records.write", person.team_id) and not reads_in_full(self.user, person)

    def _count(self, field: Any) -> tuple[int | None, int | None]:
        if field.errors:
            return (None, None)
        try:
            return typed.read_count(field.data or "")
        except NotReadable as problem:
            complain(field, str(problem))
            return (None, None)

    def _read_perpetrators(self) -> None:
        for entry in self.form.perpetrators:
            row = entry.form
            name = (row.organisation.data or "").strip()
            kind, degree = chosen(row.perpetrator_type), chosen(row.degree)
            if not (kind or degree or name):
                continue
            found = self._organisation(row.organisation, name) if name else None
            self.given.perpetrators.append(PerpetratorGiven(kind, found, degree))

    def _read_business(self) -> None:
        for field in self.form.companies:
            if name := (field.data or "").strip():
                self.given.companies.append(self._organisation(field, name))
        for field in self.form.projects:
            if name := (field.data or "").strip():
                self.given.projects.append(self._project(field, name))
        self.given.companies = [company for company in self.given.companies if company is not None]
        self.given.projects = [project for project in self.given.projects if project is not None]

    def _organisation(self, field: Any, name: str) -> Any:
        """The one in the record already, the one of that name, or the name of one that shall be recorded."""
        linked = [one.organisation for one in self.incident.involvements] if self.incident else []
        linked += self.incident.companies if self.incident else []
        known = next((one for one in linked if one is not None and one.name_folded == fold(name)), None)
        known = known or organisation_named(self.user, name)
        return known or self._meant(field, name, organisations_like, organisation_named)

    def _project(self, field: Any, name: str) -> Any:
        linked = self.incident.projects if self.incident else []
        known = next((one for one in linked if one.name_folded == fold(name)), None)
        known = known or project_named(self.user, name)
        return known or self._meant(field, name, projects_like, project_named)

    def _meant(self, field: Any, name: str, like: Callable[..., Any], named: Callable[..., Any]) -> Any:
        """What was chosen for a name that is not on record: another record, or the name itself as a new one."""
        if field.meant != NameField.NEW and field.meant and (found := named(self.user, field.meant)):
            is_enough = named(self.user, found.name) is found
            field.data = found.name if is_enough else f"{found.name} ({found.reference})"
            return found
        field.offered = [(row.reference, _words(row, called)) for row, called in like(self.user, name)]
        if fold(name) in self.new_names and not field.errors:
            return name
        if field.offered:
            complain(field, _("“%(name)s” is not on record. Choose what you mean, or that it is new.", name=name))
        else:
            complain(field, _("“%(name)s” is not on record. Correct it, or tick that it is new.", name=name))
        return None

    def _names(self) -> list[Any]:
        rows = [entry.form.organisation for entry in self.form.perpetrators]
        return [*rows, *self.form.companies, *self.form.projects]

    def _read_sources(self) -> None:
        linked = {link.source.reference: link.source for link in self.incident.source_links} if self.incident else {}
        for entry in self.form.sources:
            if (source := self._source(entry.form, linked)) is not None:
                self.given.sources.append(source)

    def _source(self, row: Any, linked: dict[str, Source]) -> SourceGiven | None:
        citation, url = (row.citation.data or "").strip(), (row.url.data or "").strip()
        facts: dict[str, Any] = {name: chosen(row[name]) for name in ("kind", "reliability", "credibility")}
        facts["origin_group"] = row.origin_group.data or None
        if not citation and not url:
            if any(facts.values()):
                complain(row.citation, _("Write what the source is, or its address."))
            return None
        if url and not re.match(r"^https?://[^\s/]+\S*$", url):
            complain(row.url, _("Write the whole address, beginning with https://."))
        if row.url.errors:
            url = ""
        source = linked.get(row.source.data or "")
        return SourceGiven(
            citation=citation or url,
            url=url or None,
            source=source,
            revise=source is not None,
            published_on=source.published_on if source else None,
            **facts,
        )

    # --- at the end

    def _keep_unread(self) -> None:
        for name in self.unread:
            setattr(self.given, name, getattr(self.incident, name) if self.incident else getattr(IncidentGiven(), name))
        if "happened" in self.unread and not self.form.happened_text.errors:
            # The source's own words are no date to be read: they stand, whatever is wrong beside them.
            found, text = self.given.happened, self.form.happened_text.data or None
            self.given.happened = UncertainDate(found.earliest, found.latest, found.precision, text)

    def record_new_names(self) -> None:
        """Make organisations and projects of the names that shall be new. Called when the form is saved."""
        given = self.given
        made: dict[str, Organisation] = {}

        def company(found: Any, kind: str | None) -> Organisation:
            if not isinstance(found, str):
                return found
            if fold(found) not in made:
                facts: dict[str, Any] = {"name": found, "aliases": [], "kind": kind, "country": given.country}
                made[fold(found)] = record_organisation(self.user, self.team_id, facts)
            return made[fold(found)]

        given.companies = [company(found, "COMPANY") for found in given.companies]
        for perpetrator in given.perpetrators:
            if perpetrator.organisation is not None:
                kind = "COMPANY" if perpetrator.perpetrator_type in ("COMPANY", "CONTRACTOR") else None
                perpetrator.organisation = company(perpetrator.organisation, kind)
        given.projects = [self._project_of(found) for found in given.projects]

    def _project_of(self, found: Any) -> Project:
        if not isinstance(found, str):
            return found
        return record_project(self.user, self.team_id, {"name": found, "aliases": [], "companies": [], "places": []})


def people_meant(user: User, case: Case | None, incident: Incident | None, rows: list[Any]) -> list[Person]:
    """The persons on record whom the lines of a form mean, as far as the user sees them; nothing is complained of."""
    known = [act.person for act in incident.acts if act.person] if incident else []
    found = []
    for row in rows:
        who = (row.who.data or "").strip()
        reference = _PERSON.search(who.upper())
        if not who or row.kind.data == GROUP:
            continue
        if reference:
            found.append(_one(visible(Person, user).where(Person.reference == reference.group(1))))
        else:
            found.append(person_called(user, case, who, known))
    return [person for person in dict.fromkeys(found) if person is not None]


def _words(row: Any, called: str) -> str:
    """A record with its name, and the other name under which it was found."""
    if called == row.name:
        return f"{row.name} · {row.reference}"
    return _("%(name)s, also called %(alias)s · %(reference)s", name=row.name, alias=called, reference=row.reference)


def complain(field: Any, words: str) -> None:
    field.errors = [*field.errors, words]


def _one(statement: Any) -> Any:
    return db.session.scalars(statement).unique().one_or_none()


def mark_rows(form: IncidentForm) -> None:
    """A list of rows has errors when one of its rows has."""
    for rows in (form.victims, form.perpetrators, form.companies, form.projects, form.sources):
        rows.errors = [entry.errors for entry in rows.entries] if any(entry.errors for entry in rows.entries) else []


def writing_teams(user: User) -> list[Any]:
    """The teams in which the user may log, by name."""
    teams = {membership.team.id: membership.team for membership in user.memberships}
    return sorted((team for team in teams.values() if may(user, "records.write", team.id)), key=lambda one: one.name)


def writing_cases(user: User, team_id: int | None = None) -> dict[str, Case]:
    """The cases that the user may log into, by reference."""
    teams = [team_id] if team_id else [team.id for team in writing_teams(user)]
    statement = visible(Case, user).where(Case.full_to(user), Case.team_id.in_(teams)).order_by(Case.id)
    cases: Any = db.session.scalars(statement)
    return {case.reference: case for case in cases}
