"""A corrected file: its incidents follow it, field by field, and never where a person has said something else since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.access import full_ids, may, visible
from app.accounts.models import User
from app.dates import UncertainDate
from app.db import db
from app.i18n import count_range, date_words, language, uncertain_date_words
from app.imports.changes import Change, Difference
from app.imports.digests import Digester, Digests
from app.imports.incident_facts import (
    LISTS,
    OF_THE_PERSON,
    OF_THE_RECORD,
    TOLD_TOGETHER,
    facts_compared,
    is_told_of,
    on_record,
    victims_of,
)
from app.imports.incident_fields import IMPORTED
from app.imports.incident_writing import IncidentWriter
from app.imports.models import ImportBatch, ImportRow
from app.imports.planning import batches
from app.imports.reading import Row
from app.incidents.models import Act, Incident
from app.incidents.operations import COUNTS, IncidentGiven, PerpetratorGiven, SourceGiven, VictimGiven, edit_incident
from app.incidents.workflow import WITH_AUTHOR
from app.places.models import Place
from app.vocabulary.queries import labels

if TYPE_CHECKING:
    from app.imports.planning import Plan

LONGEST_SHOWN = 160
WHOLE_PERSONS = ("pseudonym", "group", "victims")
WITHOUT_LANGUAGE = {"title": ("title_es", "title_en"), "summary": ("summary_es", "summary_en")}


class IncidentCorrector:
    """Compares what rows say now with digests of what they said, and with what the records say."""

    def __init__(self, user: User, team_id: int, plan: Plan) -> None:
        self.user, self.team_id, self.plan = user, team_id, plan
        self._columns = frozenset(one.field.name for one in plan.columns.bringers)

    # --- what would change

    def changes(self, rows: Sequence[Row]) -> dict[str, Change]:
        found: dict[str, Change] = {}
        for part in batches(rows):
            records = self._records([row.external_id for row in part])
            digests = _digests_of([record.id for record in records.values()])
            for row in part:
                record = records.get(row.external_id)
                if record is not None and record.id in digests:
                    change = self._compared(row, record, digests[record.id])
                    if change.may_be_applied or change.remarks:
                        found[row.external_id] = change
        return found

    def _records(self, external_ids: Sequence[str]) -> dict[str, Incident]:
        """Those that the user may edit: the others are there already, and that is all that is said of them."""
        if not may(self.user, "records.write", self.team_id):
            return {}
        statement = visible(Incident, self.user).where(
            Incident.team_id == self.team_id,
            Incident.external_source == self.plan.source,
            Incident.external_id.in_(external_ids),
        )
        records: Any = db.session.scalars(statement.options(selectinload(Incident.acts))).unique().all()
        in_full = full_ids(Incident, self.user, records)
        return {str(one.external_id): one for one in records if one.id in in_full}

    def _compared(self, row: Row, incident: Incident, before: Digests) -> Change:
        change = Change(incident.reference, incident.title_in(language()))
        digester = Digester(self.plan.source, row.external_id)
        facts = self._in_their_language(facts_compared(row), before)
        present = on_record(incident)
        for name in (*OF_THE_RECORD, *COUNTS):
            value, said = facts.get(name), before.get(name)
            change.compared += value is not None or said is not None
            says = digester.of(name, value) if value is not None else None
            if says == said or value == present[name] or not self._is_told(name, value):
                continue
            if reason := _stands_in_the_way(incident, name, value):
                change.remarks.append(reason)
                continue
            stands = digester.of(name, present[name]) if present[name] is not None else None
            words = (_in_words(name, present[name]), _in_words(name, value))
            change.differences.append(Difference(name, _label(name), *words, by_hand=stands != said, value=value))
        self._compare_lists(change, digester, facts, before)
        self._compare_persons(change, digester, facts, before)
        return change

    def _is_told(self, name: str, value: Any) -> bool:
        if name == "language":  # without a column of its own it is that of whoever imports
            return name in self._columns
        return value is not None or is_told_of(name, self._columns)

    def _in_their_language(self, facts: dict[str, Any], before: Digests) -> dict[str, Any]:
        """A title whose column names no language stays in the language in which it was taken in, whoever imports."""
        for column, names in WITHOUT_LANGUAGE.items():
            if column not in self._columns or self._columns & set(names):
                continue
            told = [name for name in names if name in before]
            said = [name for name in names if facts.get(name) is not None]
            if len(told) == len(said) == 1 and told != said:
                facts[told[0]] = facts.pop(said[0])
        return facts

    def _compare_lists(self, change: Change, digester: Digester, facts: dict[str, Any], before: Digests) -> None:
        for name in (*LISTS, *TOLD_TOGETHER, "answer_notes", "victims"):
            entries, said = facts.get(name) or [], before.get(name) or []
            says = [digester.of(name, one) for one in entries]
            added = [one for one, digest in zip(entries, says, strict=True) if digest not in said]
            is_shorter = bool(set(said) - set(says))
            if name in WHOLE_PERSONS and added and is_shorter:
                change.remarks.append(
                    _("The file names other persons or groups now; change them in the record (%(field)s).",
                      field=_label(name))
                )  # fmt: skip
                continue
            if added:
                change.added[name] = added
                change.added_words.append(f"{_label(name)} ({len(added)})")
            if is_shorter:
                change.remarks.append(
                    _("Not in the file any more, and stays in the record: %(field)s.", field=_label(name))
                )

    def _compare_persons(self, change: Change, digester: Digester, facts: dict[str, Any], before: Digests) -> None:
        """Said without a value: a person has a page of their own, and an identity is opened with a reason only."""
        changed = [
            _label(name)
            for name in OF_THE_PERSON
            if (digester.of(name, facts[name]) if name in facts else None) != before.get(name)
            and (name in facts or is_told_of(name, self._columns))
        ]
        if changed:
            change.remarks.append(
                _("Changed in the file and not taken over; change it on the page of the person: %(fields)s.",
                  fields=", ".join(changed))
            )  # fmt: skip

    # --- letting the records follow

    def correct(self, rows: Sequence[Row], batch: ImportBatch) -> int:
        writer = IncidentWriter(self.user, self.team_id, self.plan, None, batch)
        changes, number = self.changes(rows), 0
        for part in batches(rows):
            records = self._records([row.external_id for row in part])
            for row in part:
                change = changes.get(row.external_id)
                if change is None or not change.does_something(self.plan.decisions.overwrite):
                    continue
                writer.ledger.turn_to(row)
                self._follow(records[row.external_id], row, change, writer)
                writer.ledger.changed(records[row.external_id])
                number += 1
            db.session.flush()
            writer.ledger.write_down()
        return number

    def _follow(self, incident: Incident, row: Row, change: Change, writer: IncidentWriter) -> None:
        given = _given_of(incident)
        for one in change.to_apply(self.plan.decisions.overwrite):
            _put(given, one.name, one.value)
        further = writer.given_of(_with_what_was_added(row, change))
        for name in ("other_types", "victims", "perpetrators", "sources", "projects", "companies"):
            setattr(given, name, [*getattr(given, name), *getattr(further, name)])
        why = _(
            "The corrected file “%(file)s” says so in row %(row)s.", file=self.plan.sheet.name[:100], row=row.number
        )
        edit_incident(self.user, incident, given, why=why)
        writer.tell_more(incident, _only(row.facts, change.added))


def _digests_of(ids: Sequence[int]) -> dict[int, Digests]:
    """What the latest file said of each record."""
    rows = db.session.execute(
        select(ImportRow.record_id, ImportRow.digests)
        .where(ImportRow.table_name == Incident.__tablename__, ImportRow.record_id.in_(ids))
        .order_by(ImportRow.id)
    )
    return {id_: digests for id_, digests in rows if digests is not None}


def _stands_in_the_way(incident: Incident, name: str, value: Any) -> str | None:
    if name == "main_type" and value is None and incident.state not in WITH_AUTHOR:
        return _("The file names no type any more; a record that was sent to review keeps its type.")
    if name.startswith("title") and value is None and not _other_title(incident, name):
        return _("The file has no title any more; the record keeps the one it has.")
    if name in COUNTS and len([act for act in incident.acts if getattr(act, f"{name}_least") is not None]) > 1:
        return _("Another number in the file, and several groups in the record; change it there (%(field)s).",
                 field=_label(name))  # fmt: skip
    return None


def _other_title(incident: Incident, name: str) -> str | None:
    return incident.title_en if name == "title_es" else incident.title_es


# --- an incident as it stands, to be given again -------------------------------------------------


def _given_of(incident: Incident) -> IncidentGiven:
    plain = {name: getattr(incident, name) for name in OF_THE_RECORD if name not in ("place_id", "reprisals")}
    acts = incident.acts
    return IncidentGiven(
        **plain,
        place=incident.place,
        reprisals=list(incident.reprisals or ()),
        other_types=[act.act_type for act in acts if act.act_type and not act.names_someone],
        victims=[
            VictimGiven(
                act.person,
                act.group_label,
                act.act_type,
                **_counts(act),
            )
            for act in acts
            if act.names_someone
        ],
        perpetrators=[
            PerpetratorGiven(one.perpetrator_type, one.organisation, one.degree) for one in incident.involvements
        ],
        sources=[
            SourceGiven(link.source.citation, source=link.source, credibility=link.credibility)
            for link in incident.source_links
        ],
        projects=list(incident.projects),
        companies=list(incident.companies),
    )


def _counts(act: Act) -> dict[str, Any]:
    return {what: (getattr(act, f"{what}_least"), getattr(act, f"{what}_most")) for what in COUNTS}


def _put(given: IncidentGiven, name: str, value: Any) -> None:
    if name == "place_id":
        given.place = db.session.get(Place, value) if value else None
    elif name in COUNTS:
        counted = [one for one in given.victims if getattr(one, name)[0] is not None] or given.victims[:1]
        if not counted:
            counted = [VictimGiven()]
            given.victims = counted
        setattr(counted[0], name, value or (None, None))
    elif name == "happened":
        given.happened = value or UncertainDate()
    elif name == "reprisals":
        given.reprisals = list(value or ())
    else:
        setattr(given, name, value if value is not None else getattr(IncidentGiven, name, None))


ALONG_WITH = ("country", "perpetrator_degree", "source_is_public")
"""What is told once of all entries of a list."""


def _with_what_was_added(row: Row, change: Change) -> Row:
    """Victims of rows of their own come with these rows."""
    new = change.added.get("victims") or []
    further = [one for one, victim in victims_of(row) if victim in new] if row.is_victim else []
    return replace(row, facts=_only(row.facts, change.added), further=further)


def _only(facts: dict[str, Any], added: dict[str, list[Any]]) -> dict[str, Any]:
    """The facts of a row, of its lists only what was added."""
    found: dict[str, Any] = {name: facts[name] for name in ALONG_WITH if name in facts}
    for name, entries in added.items():
        if name == "answer_notes":
            found[name] = {field: note for field, note in entries}
        elif name in TOLD_TOGETHER:
            columns = zip(TOLD_TOGETHER[name], zip(*entries, strict=True), strict=True)
            found |= {column: list(values) for column, values in columns}
        elif name != "victims":
            found[name] = list(entries)
    return found


# --- in words ------------------------------------------------------------------------------------

_FIELDS = {"place_id": "place", "pseudonym": "pseudonym", "sources": "source_citation"}


def _label(name: str) -> str:
    if name == "victims":
        return _("Persons affected")
    if name in COUNTS:
        return str(IMPORTED[f"{name}_least"].label)
    return str(IMPORTED[_FIELDS.get(name, name)].label)


def _in_words(name: str, value: Any) -> str:
    return _shortened(_words(name, value)) if value is not None else _("nothing")


def _words(name: str, value: Any) -> str:
    if name in COUNTS:
        return count_range(*value)
    if name == "place_id":
        return db.session.get_one(Place, value).full_name
    if isinstance(value, UncertainDate):
        return uncertain_date_words(value)
    if isinstance(value, date):
        return date_words(value)
    code_list = IMPORTED[name].code_list
    return labels(code_list, list(value) if isinstance(value, tuple) else value) if code_list else str(value)


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST_SHOWN else words[:LONGEST_SHOWN] + "…"
