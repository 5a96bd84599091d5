"""What proceedings bring into the timeline of their case: stages, hearings and coercive measures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import full_ids
from app.accounts.models import User
from app.cases.models import Case
from app.cases.queries import entries_of
from app.dates import UncertainDate
from app.db import db
from app.i18n import date_words
from app.proceedings.models import Measure, Proceeding
from app.proceedings.queries import for_page, proceedings_in, shown_day, shown_title
from app.timeline.moments import Moment
from app.vocabulary.queries import label


def proceeding_moments(case: Case, user: User) -> Iterator[Moment]:
    found: Any = db.session.scalars(for_page(proceedings_in(user, case))).unique().all()
    in_full = full_ids(Proceeding, user, found)
    entries: Any = db.session.scalars(entries_of(user, case))
    public = {entry.uid for entry in entries}
    for proceeding in found:
        full = proceeding.id in in_full
        yield from _stages(proceeding, full, public)
        yield from _hearings(proceeding, full)
        yield from _measures(proceeding, full)


def _address(proceeding: Proceeding, anchor: str) -> str:
    return url_for("proceedings.show", reference=proceeding.reference, _anchor=anchor)


def _stages(proceeding: Proceeding, in_full: bool, public: set[Any]) -> Iterator[Moment]:
    for stage in proceeding.stages:
        if not in_full and stage.entry_uid in public:
            continue  # its public words stand there already
        words = " · ".join(filter(None, [label("proc_stages", stage.stage), label("proc_outcomes", stage.outcome)]))
        yield Moment(
            lane="court",
            happened=stage.entered,
            when=shown_day(stage.entered, in_full),
            title=f"{words}: {shown_title(proceeding, in_full)}",
            what=_("Stage"),
            address=_address(proceeding, "stages"),
            text=stage.note if in_full else None,
            source=(stage.citation or stage.url) if in_full else None,
            source_address=stage.url if in_full else None,
            short=label("proc_outcomes", stage.outcome) or label("proc_stages", stage.stage),
        )


def _hearings(proceeding: Proceeding, in_full: bool) -> Iterator[Moment]:
    for hearing in proceeding.hearings:
        words = label("hearing_kinds", hearing.kind) or _("Hearing")
        yield Moment(
            lane="court",
            happened=UncertainDate.on(hearing.held_on),
            when=date_words(hearing.held_on),
            title=f"{words}: {shown_title(proceeding, in_full)}",
            what=_("Hearing"),
            address=_address(proceeding, "hearings"),
            text=hearing.what_happened if in_full else None,
            short=words,
        )


def _measures(proceeding: Proceeding, in_full: bool) -> Iterator[Moment]:
    """The same measure from the same day is one moment, however many it holds."""
    groups: dict[tuple[str, UncertainDate], list[Measure]] = {}
    for measure in proceeding.measures:
        groups.setdefault((measure.measure, measure.started), []).append(measure)
    for (code, started), rows in groups.items():
        words = label("coercive_measures", code)
        number = ngettext("%(num)s person", "%(num)s persons", len(rows))
        yield Moment(
            lane="court",
            happened=started,
            when=shown_day(started, in_full),
            title=f"{words} ({number}): {shown_title(proceeding, in_full)}",
            what=_("Coercive measure"),
            address=_address(proceeding, "measures"),
            short=words,
        )
