"""Note a pack before it leaves: who took it, what it held, and which records it carried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import insert, select, union

from app import audit
from app.access import unguarded, visible
from app.accounts.models import User
from app.db import db
from app.incidents.models import Act
from app.people.allowed import AGGREGATE_ONLY
from app.people.exports import UPR, note_export
from app.people.models import Person
from app.proceedings.models import Accused
from app.upr.filters import Filters
from app.upr.models import Pack, PackContract, PackProceeding, PackRecord
from app.upr.pack import Built
from app.upr.rule import teams_of

AT_ONCE = 1000
WHY = "notes which records a pack carried; they were narrowed by who takes it"


def record_pack(user: User, built: Built, sha256: str | None = None) -> Pack:
    """Commit this before the first byte is given away; *sha256*: of the archive, where the pack leaves in one."""
    teams = teams_of(user)
    filters = built.filters
    pack = Pack(
        uid=built.uid,
        profile=filters.profile,
        reason=filters.reason,
        cover=built.cover.as_kept(),
        team_id=teams[0] if len(teams) == 1 else None,
        country=filters.country_iso3,
        period_from=filters.first,
        period_to=filters.last,
        made_by_id=user.id,
        rows=len(built.survey.rows),
        sha256=built.sums.sha256,
        manifest=built.manifest,
    )
    db.session.add(pack)
    db.session.flush()
    survey = built.survey
    _note(PackRecord, "incident_id", pack, survey.reaches, survey.counted_ids)
    _note(PackProceeding, "proceeding_id", pack, survey.proceeding_reaches, survey.counted_proceedings)
    db.session.add_all(PackContract(pack_id=pack.id, contract_id=number) for number in survey.contract_ids)
    note_export(
        user,
        UPR,
        pack.name,
        _persons_in(pack),
        rows=pack.rows,
        period=(filters.first, filters.last),
        named=survey.printed_persons,
        form="zip" if sha256 else None,
        filters=_filters_kept(filters),
        sha256=sha256,
    )
    audit.note_read(db.session, "export_taken", pack, kind="upr", pack=pack.name, rows=pack.rows)
    if survey.printed_persons:
        for person in db.session.scalars(visible(Person, user).where(Person.id.in_(survey.printed_persons))):
            audit.note_read(db.session, "name_published", person, reason=pack.name)
    return pack


def _filters_kept(filters: Filters) -> dict[str, str]:
    """Country and profile, and what else was narrowed; the period stands beside."""
    usual = Filters(filters.country, filters.first, filters.last, filters.language, session=filters.session)
    written, plain = filters.as_written(), usual.as_written()
    changed = {name: value for name, value in written.items() if value != plain[name]}
    kept = {"country": filters.country_iso3, "profile": filters.profile, **changed}
    return {name: "|".join(map(str, value)) if isinstance(value, list) else str(value) for name, value in kept.items()}


def _note(model: Any, column: str, pack: Pack, rows: Mapping[int, str], counted: Iterable[int]) -> None:
    """Which records it carried, and how far each went."""
    carried = {**dict.fromkeys(counted, AGGREGATE_ONLY), **rows}
    lines = [{"pack_id": pack.id, column: number, "reach": reach} for number, reach in carried.items()]
    for start in range(0, len(lines), AT_ONCE):
        db.session.execute(unguarded(insert(model), WHY), lines[start : start + AT_ONCE])


def _persons_in(pack: Pack) -> Any:
    """Those affected in the incidents that stand there as rows, and those accused in the proceedings."""
    incidents = select(PackRecord.incident_id).where(PackRecord.pack_id == pack.id, PackRecord.reach != AGGREGATE_ONLY)
    proceedings = select(PackProceeding.proceeding_id).where(
        PackProceeding.pack_id == pack.id, PackProceeding.reach != AGGREGATE_ONLY
    )
    both = union(
        select(Act.person_id).where(Act.incident_id.in_(incidents)),
        select(Accused.person_id).where(Accused.proceeding_id.in_(proceedings)),
    ).subquery()
    return select(both.c.person_id)
