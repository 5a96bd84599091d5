"""Which records, or rows of a sheet, are likely to tell one event; among what the reader reads in full.

Legal names are compared in memory, and only those that the reader may ask for; no page, reason or score tells one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from app.access import visible
from app.accounts.models import User
from app.dates import UncertainDate
from app.db import db, fold
from app.duplicates.likeness import POSSIBLE, Likeness, compare, pairs
from app.duplicates.tellings import Telling, known_codes, place_words, sounds_of_names
from app.evidence.models import Source
from app.incidents.models import Act, Incident, SourceLink
from app.people.models import Person, PersonAlias, PersonIdentity
from app.places.models import Place

MOST_COMPARED, MOST_OF_ALL = 5_000, 20_000
"""So many of the newest records are compared with one another for the queue; and so many where that is asked for."""
MOST_NEAR = 1_000
"""So many are compared with a single record."""
AT_A_TIME = 2_000
MARGIN, NARROW = timedelta(days=400), timedelta(days=40)


@dataclass(frozen=True)
class Pair:
    """Two records, the older number first, and how alike they are."""

    first_id: int
    second_id: int
    likeness: Likeness


def likely_pairs(user: User, ids: Sequence[int]) -> list[Pair]:
    """Of these records each two that may tell one event, the likeliest first."""
    return _ordered(pairs(tellings_of(user, ids)))


def likely_doubles(user: User, incident: Incident) -> list[Pair]:
    """The records that may tell the same event as this one."""
    ours = tellings_of(user, [incident.id])
    near = [id_ for id_ in _ids_near(user, ours, NARROW, MOST_NEAR) if id_ != incident.id]
    return _ordered(pairs(ours, tellings_of(user, near)))


def doubles_on_record(user: User, tellings: Sequence[Telling]) -> dict[object, list[tuple[object, Likeness]]]:
    """For rows that are about to be records: key → keys of other rows, or ids of records, that may tell the same."""
    found: dict[object, list[tuple[object, Likeness]]] = defaultdict(list)
    on_record = tellings_of(user, _ids_near(user, tellings))
    for one, other in pairs(tellings, on_record):
        likeness = compare(one, other)
        if likeness.score >= POSSIBLE:
            found[one.key].append((other.key, likeness))
            if not isinstance(other.key, int):
                found[other.key].append((one.key, likeness))
    for others in found.values():
        others.sort(key=lambda pair: -pair[1].score)
    return dict(found)


def _ordered(compared: Iterable[tuple[Telling, Telling]]) -> list[Pair]:
    found = []
    for one, other in compared:
        likeness = compare(one, other)
        if likeness.score >= POSSIBLE:
            first, second = sorted((int(str(one.key)), int(str(other.key))))
            found.append(Pair(first, second, likeness))
    return sorted(found, key=lambda pair: (-pair.likeness.score, -pair.second_id, -pair.first_id))


# --- which records -------------------------------------------------------------------------------


def newest_ids(user: User, most: int = MOST_COMPARED) -> list[int]:
    """Of the newest records that the user reads in full."""
    statement = _in_full(user).order_by(Incident.id.desc()).limit(most)
    return list(db.session.scalars(statement.with_only_columns(Incident.id)))


def _in_full(user: User) -> Select[Any]:
    return visible(Incident, user).where(Incident.full_to(user))


def _ids_near(
    user: User, tellings: Sequence[Telling], margin: timedelta = MARGIN, most: int | None = None
) -> list[int]:
    """Records of these times and countries, and those without a day: the others are not worth comparing."""
    days = [day for telling in tellings for day in telling.days or ()]
    statement = _in_full(user)
    if days and all(telling.days for telling in tellings):
        first, last = min(days) - min(margin, min(days) - date.min), max(days) + margin
        statement = statement.where(
            or_(
                Incident.happened_from.is_(None),
                and_(Incident.happened_from <= last, func.coalesce(Incident.happened_to, last) >= first),
            )
        )
    countries = {telling.country for telling in tellings}
    if None not in countries:
        statement = statement.where(or_(Incident.country.is_(None), Incident.country.in_(countries)))
    if most is not None:
        statement = statement.order_by(Incident.id.desc()).limit(most)
    return list(db.session.scalars(statement.with_only_columns(Incident.id)))


# --- what they tell ------------------------------------------------------------------------------

COLUMNS = (
    Incident.id, Incident.happened_from, Incident.happened_to, Incident.happened_precision, Incident.country,
    Incident.place_id, Incident.community, Incident.region_text, Incident.latitude, Incident.longitude,
    Incident.main_type, Incident.title_es, Incident.title_en,
)  # fmt: skip


def tellings_of(user: User, ids: Sequence[int]) -> list[Telling]:
    """What the records tell, in a few statements for thousands of them."""
    found = []
    for begin in range(0, len(ids), AT_A_TIME):
        found += _tellings(user, ids[begin : begin + AT_A_TIME])
    return found


def _tellings(user: User, ids: Sequence[int]) -> list[Telling]:
    rows = db.session.execute(_in_full(user).where(Incident.id.in_(ids)).with_only_columns(*COLUMNS)).all()
    acts = _acts_of(user, ids)
    sources = _sources_of(user, ids)
    places = _places(row.place_id for row in rows)
    return [_telling(row, acts.get(row.id, []), sources.get(row.id, []), places.get(row.place_id)) for row in rows]


def _telling(row: Any, acts: list[Any], sources: list[str], place: list[str] | None) -> Telling:
    names = tuple(dict.fromkeys(name for act in acts for name in act["names"]))
    counts = [act["killed"] if act["killed"] is not None else act["affected"] for act in acts]
    known = [count for count in counts if count is not None]
    where = [row.community, *(place or [row.region_text])]
    return Telling(
        key=row.id,
        happened=UncertainDate(row.happened_from, row.happened_to, row.happened_precision),
        country=row.country,
        places=place_words(*where),
        finest=fold(next((name for name in where if name), "")),
        point=(row.latitude, row.longitude) if row.latitude is not None and row.longitude is not None else None,
        type=row.main_type,
        names=names,
        genders=known_codes(act["gender"] for act in acts),
        ages=known_codes(act["age"] for act in acts),
        victims=sum(known) if known else sum(bool(act["person"]) for act in acts) or None,
        sources=frozenset(sources),
        words=place_words(row.title_es or row.title_en),
    )


def _acts_of(user: User, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    statement = (
        visible(Act, user)
        .where(Act.incident_id.in_(ids))
        .outerjoin(Person, Person.id == Act.person_id)
        .with_only_columns(
            Act.incident_id, Act.person_id, Act.affected_least, Act.killed_least, Person.pseudonym, Person.gender,
            Person.age_group, Person.open_name,
        )
    )  # fmt: skip
    rows = db.session.execute(statement).all()
    names = _names_of(user, {row.person_id for row in rows if row.person_id})
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        said = [*names.get(row.person_id, ()), row.open_name, row.pseudonym]
        found[row.incident_id].append(
            {
                "person": row.person_id,
                "names": sounds_of_names(said),
                "killed": row.killed_least,
                "affected": row.affected_least,
                "gender": row.gender,
                "age": row.age_group,
            }
        )
    return found


def names_of_people(user: User, people: Iterable[Person]) -> dict[int, list[tuple[str, ...]]]:
    """By the number of each person, the names that may be compared, as they sound."""
    known = {person.id: person for person in people}
    further = _names_of(user, known)
    return {id_: sounds_of_names([*further.get(id_, ()), one.open_name, one.pseudonym]) for id_, one in known.items()}


def _names_of(user: User, people: Iterable[int]) -> dict[int, list[str]]:
    """Further names, and legal ones that the user may ask for."""
    found: dict[int, list[str]] = defaultdict(list)
    ids = list(people)
    aliases = visible(PersonAlias, user).where(PersonAlias.person_id.in_(ids))
    identities = visible(PersonIdentity, user).where(PersonIdentity.person_id.in_(ids))
    for person_id, name in (
        *db.session.execute(aliases.with_only_columns(PersonAlias.person_id, PersonAlias.name)),
        *db.session.execute(identities.with_only_columns(PersonIdentity.person_id, PersonIdentity.legal_name)),
    ):
        if name:
            found[person_id].append(name)
    return found


def _sources_of(user: User, ids: Sequence[int]) -> dict[int, list[str]]:
    """Addresses on the web, which two reports of one event share; a citation may stand for thousands of records."""
    statement = (
        visible(SourceLink, user)
        .where(SourceLink.incident_id.in_(ids))
        .join(Source, Source.id == SourceLink.source_id)
        .with_only_columns(SourceLink.incident_id, Source.url)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for incident_id, url in db.session.execute(statement):
        if url:
            found[incident_id].append(url.rstrip("/"))
    return found


def _places(ids: Iterable[int | None]) -> dict[int, list[str]]:
    """Number of a place → its names, from the small to the large."""
    wanted = {id_ for id_ in ids if id_ is not None}
    columns = (Place.id, Place.name, Place.province_id, Place.department_id)
    rows = {row.id: row for row in db.session.execute(select(*columns).where(Place.id.in_(wanted)))}
    above = {id_ for row in rows.values() for id_ in (row.province_id, row.department_id) if id_}
    names = {id_: name for id_, name in db.session.execute(select(Place.id, Place.name).where(Place.id.in_(above)))}
    return {
        row.id: [row.name, *(names[id_] for id_ in (row.province_id, row.department_id) if id_ in names)]
        for row in rows.values()
    }
