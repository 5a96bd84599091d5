"""Note a pack before it leaves: who took it, what it held, and which records it carried."""

from __future__ import annotations

from sqlalchemy import select

from app import audit
from app.access import visible
from app.accounts.models import User
from app.db import db
from app.incidents.models import Act
from app.people.exports import UPR, note_export
from app.people.models import Person
from app.upr.models import Pack, PackRecord
from app.upr.pack import Built
from app.upr.rule import teams_of


def record_pack(user: User, built: Built, sha256: str | None = None) -> Pack:
    """Commit this before the first byte is given away; *sha256*: of the archive, where the pack leaves in one."""
    teams = teams_of(user)
    filters = built.filters
    pack = Pack(
        uid=built.uid,
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
    db.session.add_all(PackRecord(pack_id=pack.id, incident_id=number) for number in built.survey.incident_ids)
    note_export(
        user,
        UPR,
        pack.name,
        select(Act.person_id).where(Act.incident_id.in_(built.survey.incident_ids)),
        rows=pack.rows,
        period=(filters.first, filters.last),
        named=built.survey.printed_persons,
        form="zip" if sha256 else None,
        sha256=sha256,
    )
    audit.note_read(db.session, "export_taken", pack, kind="upr", pack=pack.name, rows=pack.rows)
    if built.survey.printed_persons:
        for person in db.session.scalars(visible(Person, user).where(Person.id.in_(built.survey.printed_persons))):
            audit.note_read(db.session, "name_published", person, reason=pack.name)
    return pack
