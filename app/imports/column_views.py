"""What each column of an uploaded sheet brings: proposed, chosen, and kept as the map of the upload."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app import web
from app.access import allow
from app.db import begin_again, fold
from app.imports.blanks import LONGEST, USUAL
from app.imports.cells import NAMES_OF_PERSONS
from app.imports.column_choice import (
    IN_WORDS,
    PASS_OVER,
    SEPARATORS,
    ChoiceProblem,
    Choices,
    checked_targets,
    choices_of,
    map_chosen,
    targets_of,
)
from app.imports.contents import known_places
from app.imports.days import DATE_KINDS, FORMATS, order_of
from app.imports.field_groups import grouped_fields
from app.imports.intake import PERMISSION
from app.imports.kinds import RecordKind
from app.imports.layout import Sheet
from app.imports.map_writing import toml_of
from app.imports.maps import ONE_RECORD, ONE_VICTIM, SheetMap
from app.imports.proposal_words import target_words, why
from app.imports.proposing import Proposal, proposals
from app.imports.saved_map_views import save_if_asked
from app.imports.saved_maps import for_headings
from app.imports.uploads import Upload
from app.imports.value_views import has_words_to_decide
from app.imports.views import bp
from app.imports.waiting import keep_instead, map_of, sheet_of, upload_or_404

BLANKS_SHOWN = 8
SURE_SEPARATORS = frozenset({";", "/", "\n"})
LONGEST_HEADER_ROW = 7


@dataclass(frozen=True)
class Column:
    """A column as the page shows it."""

    proposal: Proposal
    target: str
    offered: list[tuple[str, str]]
    """What is likely, and what is chosen, with its words; before all other fields."""
    reason: str
    order: str = ""
    """How its days are read, in a sentence; and what was chosen about that."""
    which: str = ""

    @property
    def heading(self) -> str:
        return self.proposal.content.heading

    @property
    def is_settled(self) -> bool:
        """Nobody need look twice. In which order days are written is always shown."""
        chosen = self.proposal.chosen
        return self.proposal.is_sure and chosen is not None and chosen.target == self.target and not self.order

    @property
    def brings(self) -> str:
        return dict(self.offered).get(self.target, "")


@bp.get("/<token>/columns")
@allow(PERMISSION)
def columns(token: str) -> Any:
    upload = upload_or_404(token)
    sheet, sheet_map = sheet_of(upload), map_of(upload)
    proposed = _proposed(sheet, sheet_map)
    choices = choices_of(sheet.header, _targets(sheet, sheet_map, proposed), sheet_map)
    if not sheet_map.ways:
        choices = replace(choices, separator=_likely_separator(sheet, choices))
    return _page(upload, sheet, choices, proposed)


@bp.post("/<token>/columns")
@allow(PERMISSION)
def choose_columns(token: str) -> Any:
    begin_again(writing=False)
    upload = upload_or_404(token)
    sheet, before = sheet_of(upload), map_of(upload)
    if elsewhere := _read_elsewhere(sheet, before):
        return web.back_to(".columns", token=keep_instead(upload, map_text=toml_of(elsewhere), map_filename=None))
    choices = _said(sheet, before)
    try:
        chosen = map_chosen(sheet.header, choices, before)
    except ChoiceProblem as problem:
        return _page(upload, sheet, choices, _proposed(sheet, before), problem.sentences), 400
    name = upload.map_filename if upload.map_text is not None or not upload.map_filename else f"{before.name}.toml"
    token = keep_instead(upload, map_text=toml_of(chosen), map_filename=name)
    if save_if_asked(upload, sheet, chosen):
        return web.back_to(".columns", token=token)
    return web.back_to(".values" if has_words_to_decide(upload_or_404(token)) else ".show", token=token)


def _proposed(sheet: Sheet, sheet_map: SheetMap) -> list[Proposal]:
    return proposals(sheet.header, sheet.rows, sheet_map.record_kind, known_places())


def _targets(sheet: Sheet, sheet_map: SheetMap, proposed: Sequence[Proposal]) -> list[str]:
    """What the map says; for columns of which it says nothing, what is proposed and not taken yet."""
    said = targets_of(sheet.header, sheet_map)
    taken = {name for target in said.values() for name in target.split("+")} | set(sheet_map.ways)
    targets = []
    for one in proposed:
        chosen = one.chosen
        free = chosen is not None and not taken & set(chosen.fields)
        targets.append(said.get(one.content.heading, chosen.target if chosen and free else PASS_OVER))
    return targets


# --- what the form says --------------------------------------------------------------------------


def _said(sheet: Sheet, before: SheetMap) -> Choices:
    form = request.form
    targets = checked_targets((form.get(f"column-{at}", "") for at in range(len(sheet.header))), before.record_kind)
    language, row, separator = (form.get(name, "") for name in ("language", "row", "separator"))
    together = (form.get(f"together-{at}") and heading for at, heading in enumerate(sheet.header))
    orders = {heading: form.get(f"order-{at}", "") for at, heading in enumerate(sheet.header)}
    return Choices(
        targets=tuple(targets),
        language=language if language in ("es", "en") else None,
        empty=_empty_words(form.get("empty"), sheet, before),
        row=ONE_VICTIM if row == ONE_VICTIM else ONE_RECORD,
        together=tuple(heading for heading in together if heading),
        separator=SEPARATORS[int(separator)] if separator.isdecimal() and int(separator) < len(SEPARATORS) else None,
        orders={heading: which for heading, which in orders.items() if which in FORMATS},
    )


def _empty_words(said: str | None, sheet: Sheet, before: SheetMap) -> tuple[str, ...] | None:
    """None while they are the usual ones."""
    if said is None:
        return before.empty
    words = tuple(dict.fromkeys(word[:LONGEST] for part in said.split(",") if (word := part.strip())))
    return before.empty if list(words) == [word for word, _number in _blanks(sheet, before.empty)] else words


def _read_elsewhere(sheet: Sheet, before: SheetMap) -> SheetMap | None:
    """An empty map for another sheet of the workbook, or other headings, where somebody said so."""
    name, row = request.form.get("sheet", ""), request.form.get("header", "").strip()
    header = int(row) if row.isdecimal() and len(row) <= LONGEST_HEADER_ROW else None
    another_sheet = name in sheet.grid.sheets and name != sheet.sheet_name
    another_row = header is not None and header not in sheet.header_rows
    if not (another_sheet or another_row):
        return None
    return SheetMap(
        kind=before.kind,
        language=before.language,
        sheet=name if name in sheet.grid.sheets else None,
        header=header if another_row else None,
    )


# --- the page ------------------------------------------------------------------------------------


def _page(
    upload: Upload, sheet: Sheet, choices: Choices, proposed: Sequence[Proposal], problems: Sequence[str] = ()
) -> str:
    kind = map_of(upload).record_kind
    shown = [_column(one, choices, kind, sheet) for one in proposed]
    filled = [one for one in shown if one.proposal.content.filled]
    return render_template(
        "imports/columns.html",
        upload=upload,
        sheet=sheet,
        kind=kind,
        choices=choices,
        problems=problems,
        to_look_at=[one for one in filled if one.target and not one.is_settled],
        passed_over=[one for one in filled if not one.target],
        settled=[one for one in filled if one.target and one.is_settled],
        empty_columns=[one for one in shown if not one.proposal.content.filled],
        groups=grouped_fields(kind),
        IN_WORDS=IN_WORDS,
        blanks=_blanks(sheet, choices.empty),
        blanks_shown=BLANKS_SHOWN,
        separators=_separators(sheet, choices) if kind.takes_victims else [],
        separator_signs=SEPARATORS,
        ONE_VICTIM=ONE_VICTIM,
        suggested=[] if upload.map_filename else for_headings(current_user, upload.team_id, sheet.header, kind.name),
    )


def _column(one: Proposal, choices: Choices, kind: RecordKind, sheet: Sheet) -> Column:
    target = choices.targets[one.content.index]
    likely = [candidate.target for candidate in one.candidates]
    if target not in (PASS_OVER, IN_WORDS) and target not in likely:
        likely = [target, *likely]
    shown = one.chosen or (one.candidates[0] if one.candidates else None)
    brings = target.split("+") if target not in (PASS_OVER, IN_WORDS) else []
    is_day = any(kind.fields[name].kind in DATE_KINDS for name in brings)
    found = order_of((number, cells[one.content.index]) for number, cells in sheet.rows) if is_day else None
    return Column(
        proposal=one,
        target=target,
        offered=[(name, target_words(name, kind)) for name in likely],
        reason=why(shown) if shown else "",
        order=found.words(one.content.heading) if found else "",
        which=choices.orders.get(one.content.heading, ""),
    )


def _blanks(sheet: Sheet, said: tuple[str, ...] | None) -> list[tuple[str, int]]:
    """The words that say that nothing is known, as they stand in the sheet, and how many cells say so."""
    words = {fold(word): word for word in (USUAL if said is None else said)}
    found: Counter[str] = Counter()
    for _number, cells in sheet.rows:
        for text in cells:
            if text and len(text) <= LONGEST and (folded := fold(text)) in words:
                found[words[folded] if said is not None else text] += 1
    if said is not None:
        return [(word, found[word]) for word in said]
    return found.most_common()


def _named_in(sheet: Sheet, choices: Choices) -> list[str]:
    """The cells that name persons."""
    named = [at for at, target in enumerate(choices.targets) if NAMES_OF_PERSONS & set(target.split("+"))]
    return [cells[at] for at in named for _number, cells in sheet.rows if cells[at]]


def _likely_separator(sheet: Sheet, choices: Choices) -> str | None:
    """Signs that stand in no name; a comma may stand between surname and given name."""
    cells = _named_in(sheet, choices)
    return next((sign for sign in SEPARATORS if sign in SURE_SEPARATORS and any(sign in text for text in cells)), None)


def _separators(sheet: Sheet, choices: Choices) -> list[tuple[int, str]]:
    """The signs that may stand between persons, each with a cell of the sheet that it would take apart."""
    cells = _named_in(sheet, choices)
    found = []
    for place, sign in enumerate(SEPARATORS):
        example = next((text for text in cells if sign in text), None)
        shown = _("a new line") if sign == "\n" else sign
        if example is not None:
            parts = [part.strip() for part in example.split(sign) if part.strip()]
            words = _("%(sign)s (as in: %(parts)s)", sign=shown, parts=" · ".join(part[:30] for part in parts[:4]))
            found.append((place, words))
        elif choices.separator == sign:
            found.append((place, shown))
    return found
