"""Rows that may tell what is on record already, or what another row tells: said in the dry run, decided by a person."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.access import visible
from app.accounts.models import User
from app.audit import note_read
from app.dates import UncertainDate
from app.db import begin_again, db, fold
from app.duplicates.finding import doubles_on_record
from app.duplicates.likeness import Likeness
from app.duplicates.tellings import Telling, known_codes, place_words, sounds_of_names
from app.duplicates.words import reason_words
from app.imports.planning import Plan
from app.imports.reading import Row
from app.incidents.models import Incident
from app.incidents.operations import COUNTS

MOST_COMPARED = 20_000
MOST_NAMED = 3
NAMES_COMPARED = "names_compared"


def tell_doubles(user: User, plan: Plan) -> None:
    """Only likely ones are told; all the others stand in the queue once the rows are records."""
    if not (plan.decisions.compares or plan.decisions.leaves_doubtful):
        return
    rows = plan.new[:MOST_COMPARED]
    if len(plan.new) > MOST_COMPARED:
        plan.remarks.append(
            _("Only the first %(number)s rows were compared with what is on record.", number=MOST_COMPARED)
        )
    found = doubles_on_record(user, [_telling(row) for row in rows])
    likely = {key: [one for one in others if one[1].is_likely][:MOST_NAMED] for key, others in found.items()}
    references = _references(user, {key for others in likely.values() for key, _likeness in others})
    for row in rows:
        row.doubles = [_words(key, likeness, references) for key, likeness in likely.get(f"row {row.number}", ())]
    if plan.decisions.leaves_doubtful:
        for row in (row for row in rows if row.doubles):
            row.problems += row.doubles
        plan.refused = sorted([*plan.refused, *plan.doubtful], key=lambda row: row.number)
        plan.new = [row for row in plan.new if not row.doubles]


def _words(key: Any, likeness: Likeness, references: dict[int, str]) -> str:
    if isinstance(key, int):
        return _("May tell the same as %(reference)s: %(why)s.", reference=references[key],
                 why=reason_words(likeness))  # fmt: skip
    return _("May tell the same as row %(number)s: %(why)s.", number=str(key).removeprefix("row "),
             why=reason_words(likeness))  # fmt: skip


def _references(user: User, keys: set[Any]) -> dict[int, str]:
    ids = [key for key in keys if isinstance(key, int)]
    rows = visible(Incident, user).where(Incident.id.in_(ids)).with_only_columns(Incident.id, Incident.reference)
    return dict(db.session.execute(rows).tuples().all())


def _telling(row: Row) -> Telling:
    facts = row.facts
    where = [facts.get("community"), *(facts.get("place_words") or facts.get("region_text") or "").split(", ")]
    victims = [one.facts for one in (row, *row.further)]
    latitude, longitude = facts.get("latitude"), facts.get("longitude")
    return Telling(
        key=f"row {row.number}",
        happened=facts.get("happened") or UncertainDate(),
        country=facts.get("country"),
        places=place_words(*where),
        finest=fold(next((name for name in where if name), "")),
        point=(latitude, longitude) if latitude is not None and longitude is not None else None,
        type=facts.get("main_type"),
        names=tuple(dict.fromkeys(name for one in victims for name in _names(one))),
        genders=known_codes(one.get("gender") for one in victims),
        ages=known_codes(one.get("age_group") for one in victims),
        victims=_counted(victims),
        sources=frozenset(url.rstrip("/") for url in facts.get("source_url") or () if url),
        words=place_words(facts.get("title_es") or facts.get("title_en")),
    )


def _names(facts: dict[str, Any]) -> list[tuple[str, ...]]:
    pseudonyms = () if facts.get("is_called_so_by_us") else facts.get("pseudonym") or ()
    return sounds_of_names([*(facts.get("legal_name") or ()), *pseudonyms])


def _counted(victims: list[dict[str, Any]]) -> int | None:
    for what in ("killed", *COUNTS):
        counted = [one[what][0] for one in victims if one.get(what) and one[what][0] is not None]
        if counted:
            return sum(counted)
    return sum(bool(one.get("pseudonym")) for one in victims) or None


def note_that_names_are_compared() -> None:
    """Who learns that a name sounds like one on record has learnt something of an identity: it stands in the trail.

    Ends the transaction and writes in one of its own, for a page that is only looked at cannot.
    """
    begin_again(writing=True)
    note_read(db.session, NAMES_COMPARED)
    db.session.commit()
