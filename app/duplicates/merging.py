"""Two records of one event become one, and apart again, as they were.

Both sources stand by the record that stays. A person who is named in both is named once; people without a name are
never taken for one another, for «NN» and «NN» are two. The numbers of affected people are those of the record that
stays: added up, they would count the same people twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.access import unguarded
from app.accounts.models import User
from app.audit import give_reason, note_read
from app.db import db
from app.duplicates.facts import FACTS
from app.duplicates.models import IncidentMerge
from app.duplicates.queries import decision_of
from app.evidence.files import EvidenceFile
from app.incidents.key_facts import key_facts
from app.incidents.models import Act, Incident, Involvement
from app.incidents.operations import COUNTS, back_to_review
from app.incidents.workflow import REVIEWED
from app.merging import WHY, Changes, Key, across_teams, check_two, checked_reason, keys_to, latest_merge, take_back

MERGED, UNMERGED = "incidents_merged", "incidents_unmerged"
LEFT_ALONE = frozenset({"incident_merge", "duplicate_decision", "review_note"})
"""What was decided of the two, and the review of each, stay with each."""


def keys_to_an_incident() -> list[Key]:
    """Every column, in whatever room, that names an incident and moves with it; who did what to whom is looked at
    one by one."""
    return keys_to(Incident, LEFT_ALONE | {"act", "involvement"})


def merge_incidents(
    user: User, kept: Incident, gone: Incident, choices: Mapping[str, str], reason: str
) -> IncidentMerge:
    """*choices*: name of a fact → KEPT, GONE or BOTH. Raises CannotMerge or ReasonMissing; changes nothing then."""
    check_pair(kept, gone)
    words = checked_reason(reason, _("Write in a few words how you know that both tell one event; it is recorded."))
    before, was_reviewed = key_facts(kept), kept.state in REVIEWED
    changes = Changes()
    _move_acts(changes, kept, gone)
    _move_perpetrators(changes, kept, gone)
    changes.move(keys_to_an_incident(), kept, gone)
    _move_files(changes, kept, gone)
    changes.choose(FACTS, kept, gone, choices)
    changes.withdraw(gone, user.id, _("Recorded twice: it went into %(kept)s.", kept=kept.reference))
    give_reason(db.session, kept, words)
    if (decision := decision_of(user, kept, gone)) is not None:
        db.session.delete(decision)
    changes.settle(kept, gone)
    changed = [name for name, value in key_facts(kept).items() if value != before[name]]
    if was_reviewed and changed:
        back_to_review(user, kept, changed, words)
    for incident in (kept, gone):
        incident.touch(user.id)
    merge = IncidentMerge(kept_id=kept.id, gone_id=gone.id, reason=words, merged_by_id=user.id, changes=changes.written)
    db.session.add(merge)
    db.session.flush()
    note_read(db.session, MERGED, kept, reason=words, other=gone.reference)
    return merge


def check_pair(kept: Incident, gone: Incident) -> None:
    """Raises CannotMerge."""
    check_two(kept, gone)
    if kept.team_id != gone.team_id:
        raise across_teams()


def _move_acts(changes: Changes, kept: Incident, gone: Incident) -> None:
    """Who is not yet named; and types of acts that the other does not tell."""
    people = {act.person_id for act in kept.acts if act.person_id}
    groups = {act.group_label for act in kept.acts if act.group_label}
    counts = any(_counts(act) for act in kept.acts)
    types = set(kept.types)
    position = max((act.position for act in kept.acts), default=0)
    for act in list(gone.acts):
        if act.person_id in people or act.group_label in groups:
            continue
        if not act.person_id and not act.group_label and (counts if _counts(act) else act.act_type in types):
            continue
        position += 1
        changes.moved(act)
        changes.set(act, "incident_id", kept.id)
        changes.set(act, "position", position)
        if act.person_id and counts:
            _count_no_one_twice(changes, act)


def _move_perpetrators(changes: Changes, kept: Incident, gone: Incident) -> None:
    """Those whom the other does not name: the same ones stand once."""
    there = {(one.perpetrator_type, one.organisation_id) for one in kept.involvements}
    position = max((one.position for one in kept.involvements), default=0)
    for one in list(gone.involvements):
        if (one.perpetrator_type, one.organisation_id) not in there:
            position += 1
            changes.moved(one)
            changes.set(one, "incident_id", kept.id)
            changes.set(one, "position", position)


def _move_files(changes: Changes, kept: Incident, gone: Incident) -> None:
    """Files name their record by table and number; one that both have stays with each."""
    kind = Incident.__tablename__
    statement = select(EvidenceFile).where(
        EvidenceFile.holder_kind == kind, EvidenceFile.holder_id.in_((kept.id, gone.id))
    )
    files: Any = db.session.scalars(unguarded(statement, WHY)).all()
    there = {file.sha256 for file in files if file.holder_id == kept.id}
    for file in files:
        if file.holder_id == gone.id and file.sha256 not in there:
            changes.set(file, "holder_id", kept.id)


def _counts(act: Act) -> bool:
    return any(getattr(act, f"{what}_least") is not None for what in COUNTS)


def _count_no_one_twice(changes: Changes, act: Act) -> None:
    for what in COUNTS:
        for end in ("least", "most"):
            changes.set(act, f"{what}_{end}", None)


def unmerge(user: User, merge: IncidentMerge) -> int:
    """Put everything back that the merge changed; gives how many values stay because they were changed since.

    A review that the merge opened again stays open: what was looked at was both together. Raises CannotMerge where a
    later merge stands on this one.
    """
    keys: list[Key] = [*keys_to_an_incident(), (Act, "incident_id"), (Involvement, "incident_id")]
    stayed = take_back(user.id, merge, latest_merge(IncidentMerge, merge.kept_id), keys)
    for incident in (merge.kept, merge.gone):
        incident.touch(user.id)
    note_read(db.session, UNMERGED, merge.kept, reason=merge.reason, other=merge.gone.reference)
    return stayed


def what_comes_along(kept: Incident, gone: Incident) -> dict[str, Any]:
    """For the page: who of the other record will stand in this one too, and whose numbers count."""
    people = {act.person_id for act in kept.acts if act.person_id}
    return {
        "persons": [act.person for act in gone.acts if act.person and act.person_id not in people],
        "both": [act.person for act in gone.acts if act.person and act.person_id in people],
        "counts": any(_counts(act) for act in kept.acts),
    }
