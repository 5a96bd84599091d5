"""From a file to a plan: which recommendations are new, which would change and in what, which are there already."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.models import User
from app.db import db
from app.recommendations import matrix, uhri, upr_info
from app.recommendations.models import UNKNOWN, Recommendation, RecommendationImport
from app.recommendations.operations import set_states, uid_of
from app.recommendations.telling import FileProblem, Telling, Told, table_of
from app.sheet_problems import sheet_words
from app.sheets import Grid, SheetProblem, read_grid

FACTS = (
    "text", "text_language", "position", "position_source", "issues", "themes", "affected_persons", "sdgs",
    "action_category", "topics",
)  # fmt: skip
"""What a file may change of a recommendation that is on record; where the file says nothing, it changes nothing."""
LISTS = ("issues", "themes", "affected_persons", "sdgs")


@dataclass(frozen=True)
class Difference:
    """A fact that the file tells otherwise. *by_hand*: a person wrote what stands, and it stays."""

    name: str
    before: Any
    after: Any
    by_hand: bool


@dataclass
class Change:
    recommendation: Recommendation
    told: Told
    differences: list[Difference]

    @property
    def is_taken(self) -> bool:
        return any(not one.by_hand for one in self.differences)


@dataclass
class Plan:
    """What would become of each recommendation of a file."""

    telling: Telling
    country: str
    file_name: str
    sha256: str
    new: list[Told] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    there: int = 0

    @property
    def to_change(self) -> list[Change]:
        return [one for one in self.changes if one.is_taken]

    @property
    def does_something(self) -> bool:
        return bool(self.new or self.to_change)


def planned(file_name: str, content: bytes, country: str, session: int | None = None) -> Plan:
    """Read a file and compare it with what is on record. Raises FileProblem; writes nothing."""
    telling = read_file(file_name, content, country, session)
    plan = Plan(telling, country, file_name, hashlib.sha256(content).hexdigest())
    known = _Known(country)
    for told in telling.told:
        recommendation = known.same_as(told)
        if recommendation is None:
            plan.new.append(told)
        elif differences := _differences(recommendation, told):
            plan.changes.append(Change(recommendation, told, differences))
        else:
            plan.there += 1
    return plan


def read_file(file_name: str, content: bytes, country: str, session: int | None) -> Telling:
    """Raises FileProblem."""
    settings = current_app.config["SETTINGS"]
    is_document = file_name.lower().endswith((".docx", ".docm"))
    try:
        grid = read_grid(file_name, content, settings, document=is_document)
    except SheetProblem as problem:
        too_large = problem.reason in ("too_large", "unpacks_too_large")
        words = _document_words(problem) if is_document else sheet_words(problem)
        raise FileProblem(words, is_too_large=too_large) from problem
    telling = matrix.read(grid, country, session) if is_document else _of_table(grid, country)
    if not telling.told and not telling.refused:
        raise FileProblem(" ".join([_("The file holds no recommendation to this State."), *_passed_over(telling)]))
    return telling


def _of_table(grid: Grid, country: str) -> Telling:
    for kind in (uhri, upr_info):
        table = table_of(grid.lines, kind.COLUMNS, kind.NEEDED)
        if table is not None:
            return kind.read(table, country)
    raise FileProblem(
        _(
            "The columns are those of no file that is known here: UPR Info's export has To, Text, From, Response and "
            "Session, that of the Universal Human Rights Index Text, Countries Concerned, Document Symbol and Type."
        )
    )


def _passed_over(telling: Telling) -> list[str]:
    return [_("Passed over, %(why)s: %(number)s.", why=why, number=n) for why, n in telling.passed_over.items()]


def _document_words(problem: SheetProblem) -> str:
    if problem.reason in ("too_large", "empty"):
        return sheet_words(problem)
    if problem.reason == "locked":
        return _("The document is locked with a password. Save it without one and try again.")
    if problem.reason in ("unpacks_too_large", "too_slow", "too_many_rows", "too_many_columns"):
        return _("Unpacked, the document is larger than what is accepted. Save its table alone in a new document.")
    return _("This is no Word document (.docx) that can be read: it is damaged, or of another kind.")


# --- what is on record ---------------------------------------------------------------------------


class _Known:
    """Recommendations to a country, by what a file knows them by."""

    def __init__(self, country: str) -> None:
        statement = (
            select(Recommendation)
            .where(Recommendation.country == country)
            .options(selectinload(Recommendation.states))
            .order_by(Recommendation.id)
        )
        self.by_paragraph: dict[Any, Recommendation] = {}
        self.by_text: dict[Any, Recommendation] = {}
        for row in db.session.scalars(statement).unique():
            if row.symbol and row.paragraph:
                self.by_paragraph[row.symbol, row.paragraph] = row
            for text in row.texts_folded or []:
                self.by_text.setdefault((row.session, text), row)

    def same_as(self, told: Told) -> Recommendation | None:
        if told.by_text:
            return self.by_text.get((told.session, told.text_folded))
        return self.by_paragraph.get((told.symbol, told.paragraph))


def _differences(recommendation: Recommendation, told: Told) -> list[Difference]:
    by_hand = set(recommendation.set_by_hand or [])
    found: list[Difference] = []
    for name in FACTS:
        before, after = getattr(recommendation, name), getattr(told, name) or None
        if name == "position_source" and not any(one.name == "position" and not one.by_hand for one in found):
            continue  # where a position stands is said of the one that is on record
        if name == "topics" and before:  # a choice that was made is not undone by the words of a file
            continue
        if after is None or (name == "position" and after == UNKNOWN) or before == after:
            continue
        if told.by_text and recommendation.paragraph and before is not None:
            if name not in LISTS:
                continue  # the report says it better, and the row may be a part of the paragraph only
            after = _together(before, after)
            if after == before:
                continue
        found.append(Difference(name, before, after, name in by_hand))
    states = sorted({*recommendation.state_codes, *told.states})
    if states != sorted(recommendation.state_codes):
        found.append(Difference("states", sorted(recommendation.state_codes), states, "states" in by_hand))
    return found


# --- writing -------------------------------------------------------------------------------------


def take_in(user: User, plan: Plan) -> RecommendationImport:
    """Write what the plan says. Does not commit."""
    uids = set(db.session.scalars(select(Recommendation.rec_uid)))
    for told in plan.new:
        _add(told, uids)
    for change in plan.to_change:
        for one in change.differences:
            if not one.by_hand:
                _set(change, one)
    kept = RecommendationImport(
        kind=plan.telling.kind,
        country=plan.country,
        file_name=plan.file_name[:300],
        sha256=plan.sha256,
        rows=len(plan.telling.told),
        added=len(plan.new),
        changed=len(plan.to_change),
        by_id=user.id,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def _add(told: Told, uids: set[str]) -> None:
    recommendation = Recommendation(
        rec_uid=_free_uid(told, uids),
        country=told.country,
        cycle=told.cycle,
        session=told.session,
        reviewed_on=told.reviewed_on,
        symbol=told.symbol,
        paragraph=told.paragraph,
        texts_folded=[told.text_folded] if told.text_folded else None,
        **{name: getattr(told, name) or None for name in FACTS if name != "position"},
        position=told.position,
        trace_level="full_text",
        source=SOURCES[told.by_text],
    )
    set_states(recommendation, told.states)
    db.session.add(recommendation)


SOURCES = {True: "UPR Info", False: "OHCHR"}


def _free_uid(told: Told, uids: set[str]) -> str:
    part = told.paragraph or f"S{told.session}-{hashlib.sha256((told.text_folded or '').encode()).hexdigest()[:8]}"
    wanted = uid_of(told.country, told.cycle, part)
    if wanted in uids:  # the same number in another document of the cycle
        wanted = uid_of(told.country, told.cycle, f"{part}-{told.symbol or told.session}")[:80]
    uids.add(wanted)
    return wanted


def _set(change: Change, one: Difference) -> None:
    """Several rows of a file may be parts of one paragraph: none takes away what another has brought."""
    row = change.recommendation
    if one.name == "states":
        set_states(row, {*row.state_codes, *one.after})
    elif one.name in LISTS and change.told.by_text and row.paragraph:
        setattr(row, one.name, _together(getattr(row, one.name), one.after))
    else:
        setattr(row, one.name, one.after)


def _together(one: list[str] | None, other: list[str]) -> list[str]:
    return list(dict.fromkeys([*(one or []), *other]))


def last_import(country: str, kind: str) -> RecommendationImport | None:
    """The newest file of a kind that recommendations to the country were taken from."""
    return db.session.scalars(
        select(RecommendationImport)
        .where(RecommendationImport.country == country, RecommendationImport.kind == kind)
        .order_by(RecommendationImport.id.desc())
        .limit(1)
    ).first()


def imports_of(country: str) -> Any:
    return (
        select(RecommendationImport)
        .where(RecommendationImport.country == country)
        .order_by(RecommendationImport.id.desc())
    )
