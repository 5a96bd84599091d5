"""What proceedings bring into the timeline of their case: stages, hearings, measures, and how long they last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import full_ids
from app.accounts.models import User
from app.cases.models import Case
from app.cases.queries import entries_of
from app.dates import UncertainDate, today
from app.db import db
from app.i18n import count_range, date_words
from app.proceedings.custody import days_held
from app.proceedings.models import Measure, Proceeding
from app.proceedings.queries import for_page, proceedings_in, shown_day, shown_title, stage_told
from app.proceedings.workflow import IN_CUSTODY
from app.timeline.moments import Moment, Stretch
from app.vocabulary.queries import label

GOES_ON = frozenset({None, "PENDING", "ANNULLED"})
"""Outcomes after which a proceeding is not over."""


def proceedings_read(case: Case, user: User) -> list[Proceeding]:
    found: Any = db.session.scalars(for_page(proceedings_in(user, case))).unique().all()
    return list(found)


def proceeding_moments(case: Case, user: User) -> Iterator[Moment]:
    found = proceedings_read(case, user)
    entries: Any = db.session.scalars(entries_of(user, case))
    yield from moments_of(found, full_ids(Proceeding, user, found), {entry.uid for entry in entries})


def moments_of(
    proceedings: Iterable[Proceeding], in_full: Collection[int], public: Collection[Any] = (), *, hearings: bool = True
) -> Iterator[Moment]:
    """*in_full*: ids of those that may be told with their words; *public*: entries that tell a stage already."""
    for proceeding in proceedings:
        full = proceeding.id in in_full
        yield from _stages(proceeding, full, public)
        yield from _hearings(proceeding, full) if hearings else ()
        yield from _measures(proceeding, full)


def _address(proceeding: Proceeding, anchor: str) -> str:
    return url_for("proceedings.show", reference=proceeding.reference, _anchor=anchor)


def _stages(proceeding: Proceeding, in_full: bool, public: Collection[Any]) -> Iterator[Moment]:
    for stage in proceeding.stages:
        if not in_full and stage.entry_uid in public:
            continue  # its public words stand there already
        days = stage_told(stage)
        for day, words in days:
            is_last = (day, words) == days[-1]  # what is said of the stage is mostly said of what came out
            yield Moment(
                lane="court",
                happened=day,
                when=shown_day(day, in_full),
                title=f"{words}: {shown_title(proceeding, in_full)}",
                what=_("Stage"),
                address=_address(proceeding, "stages"),
                reference=proceeding.reference,
                text=stage.note if in_full and is_last else None,
                source=(stage.citation or stage.url) if in_full and is_last else None,
                source_address=stage.url if in_full and is_last else None,
                short=(label("proc_outcomes", stage.outcome) if is_last else "") or label("proc_stages", stage.stage),
                group=proceeding.reference,
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
            reference=proceeding.reference,
            text=hearing.what_happened if in_full else None,
            short=words,
            group=proceeding.reference,
        )


def _measures(proceeding: Proceeding, in_full: bool) -> Iterator[Moment]:
    """The days on which they began and ended; one line for all whom the same measure met on the same day."""
    begun: dict[tuple[str, UncertainDate], list[Measure]] = {}
    ended: dict[tuple[str, UncertainDate], list[Measure]] = {}
    for measure in proceeding.measures:
        begun.setdefault((measure.measure, measure.started), []).append(measure)
        if measure.has_ended:
            ended.setdefault((measure.measure, measure.ended), []).append(measure)
    for groups, what in ((begun, _("Coercive measure")), (ended, _("End of a coercive measure"))):
        for (code, day), rows in groups.items():
            words = label("coercive_measures", code)
            said = words if groups is begun else _("End: %(measure)s", measure=words)
            yield Moment(
                lane=lane_of(code),
                happened=day,
                when=shown_day(day, in_full),
                title=f"{said} ({persons_words(rows)}): {shown_title(proceeding, in_full)}",
                what=what,
                address=_address(proceeding, "measures"),
                reference=proceeding.reference,
                short=words,
            )


def lane_of(measure: str) -> str:
    return "custody" if measure in IN_CUSTODY else "limits"


def persons_words(measures: Iterable[Measure]) -> str:
    """How many they hold: counted, never named."""
    counts = [measure.accused.counted for measure in measures]
    known = [most for _least, most in counts if most is not None]
    least, most = sum(least for least, _most in counts), sum(known) if len(known) == len(counts) else None
    return ngettext(
        "%(number)s person", "%(number)s persons", most or max(least, 2), number=count_range(least or None, most)
    )


# --- what lasts ----------------------------------------------------------------------------------


def proceeding_stretches(case: Case, user: User) -> Iterator[Stretch]:
    found = proceedings_read(case, user)
    in_full = full_ids(Proceeding, user, found)
    for proceeding in found:
        full = proceeding.id in in_full
        if (whole := _whole(proceeding, full)) is not None:
            yield whole
        yield from _held(proceeding, full)


def _whole(proceeding: Proceeding, in_full: bool) -> Stretch | None:
    """From the first day that is known of it to the last; until today while it is not over.

    None where one day alone is known of what is over: it is no length of time, and stands as a moment.
    """
    day = today()
    days = [stage.entered for stage in proceeding.stages]
    days += [UncertainDate.on(hearing.held_on) for hearing in proceeding.hearings if hearing.held_on <= day]
    begins = min((one for one in days if one.earliest), key=lambda one: one.earliest or date.max, default=None)
    if begins is None:
        return None
    days += [stage.left for stage in proceeding.stages] + [measure.started for measure in proceeding.measures]
    last = max((one for one in days if one.earliest), key=lambda one: one.latest or one.earliest or date.min)
    over = proceeding.current_stage == "CLOSED" or proceeding.outcome not in GOES_ON
    if over and last.earliest == begins.earliest and last.latest == begins.latest:
        return None
    stands = label("proc_outcomes", proceeding.outcome) or label("proc_stages", proceeding.current_stage)
    return Stretch(
        lane="court",
        begins=begins,
        ends=last if over else UncertainDate(),
        runs=not over,
        known_until=last.latest or last.earliest,
        title=f"{label('proc_kinds', proceeding.kind)}: {shown_title(proceeding, in_full)}",
        begun=shown_day(begins, in_full),
        ended=shown_day(last, in_full) if over else _("not over"),
        lasted=stands,
        short=stands,
        address=_address(proceeding, "stages"),
        group=proceeding.reference,
    )


def _held(proceeding: Proceeding, in_full: bool) -> Iterator[Stretch]:
    """One bar for the same measure over the same days, however many it holds."""
    groups: dict[tuple[Any, ...], list[Measure]] = {}
    for measure in proceeding.measures:
        groups.setdefault((measure.measure, measure.started, measure.ended, measure.holds_until), []).append(measure)
    for rows in groups.values():
        one, persons = rows[0], persons_words(rows)
        if one.started.earliest is None:
            continue
        yield Stretch(
            lane=lane_of(one.measure),
            begins=one.started,
            ends=one.ended,
            runs=not one.has_ended,
            known_until=one.holds_until,
            title=f"{label('coercive_measures', one.measure)} ({persons}): {shown_title(proceeding, in_full)}",
            begun=shown_day(one.started, in_full),
            ended=_end_words(one, in_full),
            lasted=days_words(days_held(one, today())),
            short=f"{label('coercive_measures', one.measure)}, {persons}",
            address=_address(proceeding, "measures"),
        )


def _end_words(measure: Measure, in_full: bool) -> str:
    if measure.has_ended:
        return shown_day(measure.ended, in_full)
    until = measure.holds_until
    if until is None:
        return _("no end on record")
    if until < today():
        return _("ordered until %(day)s; no end on record", day=date_words(until))
    return _("ordered until %(day)s", day=date_words(until))


def days_words(held: tuple[int, int] | None) -> str:
    """«540 days», «512 to 540 days»; empty for what leaves liberty."""
    if held is None:
        return ""
    return ngettext("%(days)s day", "%(days)s days", held[1], days=count_range(*held))
