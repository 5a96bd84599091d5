"""The words of the history: how columns and parts of an incident are called, and how their values read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import dates
from app.access import Reader, visible
from app.accounts.models import User
from app.audit import AuditEntry
from app.cases.models import Case
from app.dates import UncertainDate
from app.db import db
from app.evidence.models import Source
from app.history import LONGEST_IN_A_SENTENCE, Picture, Readers, Row, added, change_phrase, column_read
from app.i18n import count_range, date_words, language, uncertain_date_words
from app.incidents.clarifying import field_words
from app.incidents.linking import words_from
from app.incidents.models import Incident
from app.organisations.models import Organisation, Project
from app.people.history import answer_words, answers_ended
from app.people.models import Person
from app.places.countries import country_words
from app.places.models import Place
from app.public_part import TOLD
from app.vocabulary.queries import label, labels


class Names:
    """What the numbers in the trail are called, as far as the reader may know; a handful of questions in all."""

    def __init__(self, incident: Incident, user: Reader, entries: Iterable[AuditEntry]) -> None:
        numbers = _numbers_in(entries)
        for column, value in _numbers_of(incident):
            numbers.setdefault(column, set()).add(value)
        self._users = {one.id: one.name for one in _found(select(User), User, numbers, USER_COLUMNS)}
        places = select(Place).options(joinedload(Place.department), joinedload(Place.province))
        self._places = {one.id: one.full_name for one in _found(places, Place, numbers, ("place_id",))}
        self._cases = self._seen(Case, user, numbers, "case_id", lambda case: case.title_in(language()))
        self._people = self._seen(Person, user, numbers, "person_id", lambda person: person.pseudonym)
        self._organisations = self._seen(Organisation, user, numbers, "organisation_id", lambda one: one.name)
        self._projects = self._seen(Project, user, numbers, "project_id", lambda one: one.name)
        self._number = incident.id
        seen = visible(Incident, user, withdrawn=True)
        self._incidents = {one.id: one.reference for one in _found(seen, Incident, numbers, LINK_COLUMNS)}
        self._sources = self._seen(Source, user, numbers, "source_id", lambda source: source.citation)

    @staticmethod
    def _seen(
        model: Any, user: Reader, numbers: dict[str, set[int]], column: str, words: Callable[[Any], str]
    ) -> dict[int, str]:
        found = _found(visible(model, user, withdrawn=True), model, numbers, (column,))
        return {one.id: words(one) for one in found}

    def user(self, number: int | None) -> str:
        return self._users.get(number or 0, "Amparo")

    def case(self, number: int | None) -> str:
        return self._cases.get(number or 0, _("another case"))

    def place(self, number: int | None) -> str:
        return self._places.get(number or 0, _("a place"))

    def person(self, row: Row) -> str:
        return self._people.get(row.get("person_id") or 0, _("a person"))

    def describe(self, table: str, row: Row) -> str:
        """A part of the incident in a few words."""
        ways: dict[str, Callable[[Row], str]] = {
            "act": self._act,
            "involvement": self._involvement,
            "incident_project": lambda row: self._projects.get(row.get("project_id") or 0, _("a project")),
            "incident_company": lambda row: self._organisations.get(row.get("organisation_id") or 0, _("a company")),
            "source_link": self._source_link,
            "incident_link": self._incident_link,
            "state_response": self._response,
            "answer_note": lambda row: f"{field_words(row.get('field') or '')}: {(row.get('note') or '').rstrip('.')}",
        }
        return ways[table](row)

    def _act(self, row: Row) -> str:
        number = row.get("person_id")
        who = self._people.get(number, _("a person")) if number else row.get("group_label")
        counts = [
            f"{words} {count_range(row.get(f'{what}_least'), row.get(f'{what}_most'))}"
            for what, words in _counted().items()
            if row.get(f"{what}_least") is not None or row.get(f"{what}_most") is not None
        ]
        kind = label("incident_types", row.get("act_type")) if row.get("act_type") else None
        return ", ".join(part for part in (who, kind, *counts) if part) or _("a group")

    def _involvement(self, row: Row) -> str:
        number = row.get("organisation_id")
        parts = (
            label("perpetrator_types", row.get("perpetrator_type")),
            self._organisations.get(number, "") if number else "",
            label("involvement_degree", row.get("degree")),
        )
        return ", ".join(part for part in parts if part)

    def _incident_link(self, row: Row) -> str:
        is_first = row.get("first_id") == self._number
        other = row.get("second_id") if is_first else row.get("first_id")
        words = words_from(row.get("kind") or "", is_first)
        return f"{words} {self._incidents.get(other or 0, _('another incident'))}"

    @staticmethod
    def _response(row: Row) -> str:
        parts = (label("state_responses", row.get("step")), _date(row), _shortened(row.get("note") or "").rstrip("."))
        return ", ".join(part for part in parts if part)

    def _source_link(self, row: Row) -> str:
        """With its whole grade, as it was then: `with_sources` has put the source's own part beside the link."""
        known = row.get("source_id") in self._sources
        words = _shortened((row.get("citation") if known else None) or _("a source"))
        letter, number = row.get("reliability") if known else None, row.get("credibility")
        return f"{words} ({letter or '–'}{number or '–'})" if letter or number else words


LINK_COLUMNS = ("first_id", "second_id")
USER_COLUMNS = ("assigned_to_id",)
NUMBER_COLUMNS = frozenset({
    *USER_COLUMNS, "place_id", "case_id", "person_id", "organisation_id", "project_id", "source_id",
    *LINK_COLUMNS,
})  # fmt: skip


def _numbers_in(entries: Iterable[AuditEntry]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for entry in entries:
        if entry.actor_id:
            found.setdefault("assigned_to_id", set()).add(entry.actor_id)
        for value in entry.values:
            if value.column in NUMBER_COLUMNS:
                found.setdefault(value.column, set()).update(
                    json.loads(text) for text in (value.old, value.new) if text
                )
    return found


def _numbers_of(incident: Incident) -> list[tuple[str, int]]:
    rows = [incident, *incident.acts, *incident.involvements]
    rows += [*incident.project_links, *incident.company_links, *incident.source_links]
    return [
        (column, number)
        for row in rows
        for column in NUMBER_COLUMNS
        if (number := getattr(row, column, None)) is not None
    ]


def _found(statement: Any, model: Any, numbers: dict[str, set[int]], columns: Iterable[str]) -> list[Any]:
    wanted = set().union(*(numbers.get(column, set()) for column in columns))
    return list(db.session.scalars(statement.where(model.id.in_(wanted))).unique()) if wanted else []


# --- facts ---------------------------------------------------------------------------------------


CODES = {
    "main_type": (_l("the main type"), "incident_types"),
    "sector": (_l("the sector"), "sectors"),
    "urgency": (_l("the urgency"), "urgency_levels"),
    "threat_type": (_l("the type of threat"), "threat_types"),
    "threat_channel": (_l("the channel of the threat"), "threat_channels"),
    "threat_credibility": (_l("the credibility of the threat"), "threat_credibility"),
    "protest": (_l("whether it was during a protest"), "yes_no_unknown"),
    "emergency": (_l("whether a state of emergency was in force"), "yes_no_unknown"),
    "threats_before": (_l("whether threats came before"), "yes_no_unknown"),
    "reprisals": (_l("the grounds of reprisal"), "reprisal_grounds"),
}
TEXTS = {
    "title_es": _l("the title in Spanish"),
    "title_en": _l("the title in English"),
    "narrative": _l("the narrative"),
    "notes": _l("the notes"),
    "summary_es": _l("the public summary in Spanish"),
    "summary_en": _l("the public summary in English"),
    "community": _l("the community"),
    "region_text": _l("the region"),
}
DATE_COLUMNS = ("happened_from", "happened_to", "happened_precision")
POINT_COLUMNS = ("latitude", "longitude", "coordinate_precision")


def assignment_phrases(before: Row, after: Row, names: Names) -> list[str]:
    old, new = before.get("assigned_to_id"), after.get("assigned_to_id")
    if old == new:
        return []
    return [_("assigned it to %(name)s", name=names.user(new)) if new else _("assigned it to nobody")]


def readers(names: Names) -> Readers:
    yield _l("the date"), _date
    yield _l("the date as the source says it"), column_read("happened_text")
    for column, (words, list_name) in CODES.items():
        yield words, column_read(column, partial(labels, list_name))
    for column, words in TEXTS.items():
        yield words, column_read(column)
    yield _l("the language of the narrative"), lambda row: _language(row.get("language"))
    yield _l("the country"), lambda row: country_words(row.get("country"))
    yield _l("the place"), lambda row: names.place(row["place_id"]) if row.get("place_id") else ""
    yield _l("the coordinates"), _point
    yield _l("the case"), lambda row: names.case(row["case_id"]) if row.get("case_id") else ""
    yield _l("the embargo"), lambda row: _day(row.get("embargo_until"))


def _date(row: Row) -> str:
    """The source's own words stand apart: beside a day they would not be told, and so would not their change."""
    earliest, latest, precision = (row.get(column) for column in DATE_COLUMNS)
    if not (earliest or latest):
        return ""
    return uncertain_date_words(UncertainDate(_iso(earliest), _iso(latest), precision or dates.UNKNOWN))


def _iso(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _day(text: str | None) -> str:
    return date_words(_iso(text))


def _language(code: str | None) -> str:
    return get_locale().languages.get(code, code) if code else ""


def _point(row: Row) -> str:
    latitude, longitude, precision = (row.get(column) for column in POINT_COLUMNS)
    if latitude is None or longitude is None:
        return ""
    return f"{latitude}, {longitude}" + (f" ({precision})" if precision else "")


def _counted() -> dict[str, str]:
    return {
        "affected": _("affected:"),
        "killed": _("killed:"),
        "injured": _("injured:"),
        "detained": _("detained:"),
    }


# --- sources and answers -------------------------------------------------------------------------


def with_sources(picture: Picture) -> Picture:
    """Each link to a source with what the source itself said at that time."""
    found = dict(picture)
    for key, row in picture.items():
        if key[0] == "source_link":
            source = picture.get(("source", row.get("source_id") or 0), {})
            found[key] = {"citation": source.get("citation"), "reliability": source.get("reliability"), **row}
    return found


def consent_phrases(before: Picture, after: Picture, names: Names) -> list[str]:
    """What persons of the record have answered, or taken back."""
    phrases = [
        _("wrote down an answer of %(who)s: %(answer)s", who=names.person(row), answer=answer_words(row))
        for row in added(before, after, "consent")
    ]
    return phrases + [
        _("ended an answer of %(who)s: %(answer)s", who=names.person(row), answer=answer_words(row))
        for row in answers_ended(before, after)
    ]


# --- parts and moves -----------------------------------------------------------------------------


PARTS = {
    "act": _l("affected persons and acts"),
    "involvement": _l("alleged perpetrators"),
    "incident_project": _l("projects"),
    "incident_company": _l("companies"),
    "source_link": _l("sources"),
    "incident_link": _l("links to other incidents"),
    "state_response": _l("what the State did"),
    "answer_note": _l("notes on the answers"),
}


def child_phrases(table: str, gone: list[str], come: list[str]) -> list[str]:
    what = PARTS[table]
    if len(gone) == len(come) == 1:
        return [change_phrase(what, gone[0], come[0])]
    phrases = []
    if come:
        phrases.append(_("added to %(what)s: %(new)s", what=what, new="; ".join(come)))
    if gone:
        phrases.append(_("took out of %(what)s: %(old)s", what=what, old="; ".join(gone)))
    return phrases


def note_phrase(row: Row) -> str:
    """A move of the review as something that somebody did, with what was said."""
    move = row.get("move") or ""
    done = {
        "submit": _("sent the record to review"),
        "take_back": _("took the record back as a draft"),
        "start_review": _("started the review"),
        "ask": _("asked for information"),
        "set_unverified": _("recorded it without corroboration"),
        "corroborate": _("corroborated it"),
        "verify": _("verified it"),
        "reject": _("rejected it"),
        "reopen": _("opened the review again"),
        **{name: str(words) for name, words in TOLD.items()},
    }.get(move) or _("sent it back to review by changing a key fact")
    return _("%(done)s: “%(note)s”", done=done, note=row["note"]) if row.get("note") else done


def alert_phrases(before: Picture, after: Picture) -> list[str]:
    """That the coordinators were alerted, what one of them said would be done, or that it was not urgent after all."""
    phrases = []
    for key, row in after.items():
        if key[0] != "alert":
            continue
        then = before.get(key)
        if then is None:
            phrases.append(_("alerted the coordination"))
        elif row.get("acknowledged_at") and not then.get("acknowledged_at"):
            phrases.append(_("acknowledged the alert: “%(words)s”", words=row.get("will_do") or ""))
        elif row.get("ended_at") and not then.get("ended_at"):
            phrases.append(_("ended the alert"))
    return phrases


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_IN_A_SENTENCE else text[: LONGEST_IN_A_SENTENCE - 1].rstrip() + "…"
