"""What protection brings into the timeline of its case: what was asked, answered, done step by step, and promised."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.access import full_ids
from app.accounts.models import User
from app.cases.models import Case
from app.cases.queries import entries_of
from app.dates import UncertainDate
from app.db import db
from app.protection.models import Commitment, Protection, ProtectionMeasure, RiskAssessment
from app.protection.names import KINDS
from app.protection.queries import for_page, kind_words, protection_in, shown_day, shown_title, status_words
from app.timeline.moments import Moment, Stretch
from app.vocabulary.queries import label


def protection_moments(case: Case, user: User) -> Iterator[Moment]:
    found: Any = db.session.scalars(for_page(protection_in(user, case))).unique().all()
    entries: Any = db.session.scalars(entries_of(user, case))
    yield from moments_of(found, full_ids(Protection, user, found), {entry.uid for entry in entries})


def moments_of(
    records: Iterable[Protection], in_full: Collection[int], public: Collection[Any] = ()
) -> Iterator[Moment]:
    """*in_full*: ids of those that may be told with their words; *public*: entries that tell one already."""
    for record in records:
        full = record.id in in_full
        # To others its public words stand there already.
        is_told = not full and record.entry_uid in public
        if not is_told and (_has_day(record.happened) or not _has_day(record.answered)):
            yield _beginning(record, full)
        yield from _answer(record, full)
        yield from _steps(record, full)
        if isinstance(record, ProtectionMeasure) and record.has_ended:
            yield _moment(record, full, record.ended, _("Ended"), None, "facts")


def protection_stretches(case: Case, user: User) -> Iterator[Stretch]:
    """Measures of protection from the day on which they were asked for, to their end; hatched while nobody answered."""
    found: Any = db.session.scalars(for_page(protection_in(user, case))).unique().all()
    in_full = full_ids(Protection, user, found)
    for record in found:
        if not isinstance(record, ProtectionMeasure) or record.happened.earliest is None:
            continue
        full, runs = record.id in in_full, record.is_open and not record.has_ended
        if not runs and not record.has_ended:
            continue  # it is over, and nobody knows since when
        days = [record.answered, *(step.taken for step in record.steps), record.happened]
        yield Stretch(
            lane="actions",
            begins=record.happened,
            ends=record.ended,
            runs=runs,
            known_until=max(day for one in days if (day := one.latest or one.earliest)),
            title=shown_title(record, full),
            begun=shown_day(record.happened, full),
            ended=shown_day(record.ended, full) if record.has_ended else _("no end on record"),
            lasted=status_words(record),
            short=kind_words(record),
            address=url_for("protection.show", reference=record.reference),
            group=record.reference,
        )


def _has_day(value: UncertainDate) -> bool:
    return value.earliest is not None or value.latest is not None


def _moment(record: Protection, in_full: bool, day: UncertainDate, what: str, text: str | None, anchor: str) -> Moment:
    return Moment(
        lane="actions",
        happened=day,
        when=shown_day(day, in_full),
        title=f"{what}: {shown_title(record, in_full)}",
        what=what,
        address=url_for("protection.show", reference=record.reference, _anchor=anchor),
        text=text if in_full else None,
        source=(record.citation or record.url) if in_full and anchor == "facts" else None,
        source_address=record.url if in_full and anchor == "facts" else None,
        short=kind_words(record),
        group=record.reference,
        reference=record.reference,
    )


def _beginning(record: Protection, in_full: bool) -> Moment:
    moment = _moment(record, in_full, record.happened, str(KINDS[record.kind]), record.asked, "facts")
    words = status_words(record) if isinstance(record, RiskAssessment) else ""
    return replace(moment, title=" · ".join(filter(None, [shown_title(record, in_full), words])))


def _answer(record: Protection, in_full: bool) -> Iterator[Moment]:
    if not _has_day(record.answered):
        return
    if isinstance(record, Commitment):
        yield _moment(record, in_full, record.answered, status_words(record), record.answer, "answer")
    else:
        yield _moment(record, in_full, record.answered, _("Answer"), record.answer, "facts")


def _steps(record: Protection, in_full: bool) -> Iterator[Moment]:
    for step in record.steps:
        sector = label("state_sectors", step.sector)
        what = " · ".join(filter(None, [label("protection_steps", step.step), sector]))
        done = _("Really done: %(what)s", what=step.really_done) if step.really_done else None
        text = " · ".join(filter(None, [step.note, done]))
        yield _moment(record, in_full, step.taken, what, text or None, "steps")
