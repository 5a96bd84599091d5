"""Word by word: which code the words of a sheet mean; what was said once is proposed again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from app import web
from app.access import allow
from app.db import begin_again, db
from app.imports.intake import PERMISSION, FileProblem
from app.imports.map_writing import toml_of
from app.imports.maps import MapProblem, SheetMap
from app.imports.meanings import meanings_of, remember
from app.imports.saved_map_views import save_if_asked
from app.imports.uploads import Upload
from app.imports.value_words import (
    BY_MEMORY,
    LEFT_EMPTY,
    NEARLY,
    UNDECIDED,
    CodedColumn,
    Word,
    coded_columns,
    with_meanings,
)
from app.imports.views import bp
from app.imports.waiting import keep_instead, map_of, sheet_of, upload_or_404
from app.imports.words import map_words
from app.vocabulary.names import list_name
from app.vocabulary.queries import entries, grouped_choices, label

ASKED_AT_ONCE, SHOWN = 40, 100
"""Words of a column: those to be decided, and those that are settled."""


@bp.get("/<token>/values")
@allow(PERMISSION)
def values(token: str) -> Any:
    upload = upload_or_404(token)
    shown = [(column, *_parted(column)) for column in _columns(upload, map_of(upload))]
    return render_template(
        "imports/values.html",
        upload=upload,
        columns=shown,
        asked=ASKED_AT_ONCE,
        shown=SHOWN,
        choices=grouped_choices,
        labels=lambda name, codes: ", ".join(label(name, code) for code in codes.split("+")),
        list_name=list_name,
        LEFT_EMPTY=LEFT_EMPTY,
        NEARLY=NEARLY,
        BY_MEMORY=BY_MEMORY,
    )


@bp.post("/<token>/values")
@allow(PERMISSION)
def choose_values(token: str) -> Any:
    begin_again(writing=False)
    upload = upload_or_404(token)
    sheet_map = map_of(upload)
    columns = _columns(upload, sheet_map)
    said = _said(columns)
    begin_again(writing=True)
    remember(current_user, upload.team_id, columns, said)
    found = with_meanings(sheet_map, columns, said)
    changes: dict[str, Any] = {"map_text": toml_of(found)}
    if upload.map_text is None and upload.map_filename:
        changes["map_filename"] = f"{sheet_map.name}.toml"
    more = any(len(_parted(column)[0]) > ASKED_AT_ONCE for column in columns)
    try:
        db.session.commit()
    except IntegrityError:
        # Somebody of the team said the same at this moment. The answers count for this sheet all the same.
        db.session.rollback()
    token = keep_instead(upload, **changes)
    asked = save_if_asked(upload, sheet_of(upload), found)
    return web.back_to(".values" if more or asked else ".show", token=token)


def has_words_to_decide(upload: Upload) -> bool:
    """Whether somebody should look at the words before the dry run."""
    return any(_parted(column)[0] for column in _columns(upload, map_of(upload)))


def _columns(upload: Upload, sheet_map: SheetMap) -> list[CodedColumn]:
    try:
        return coded_columns(sheet_of(upload), sheet_map, meanings_of(upload.team_id))
    except MapProblem as problem:
        raise FileProblem(map_words(problem), to_be_chosen=True) from problem


def _parted(column: CodedColumn) -> tuple[list[Word], list[Word]]:
    """To be looked at, those without a meaning first; and settled."""
    open_ones = [word for word in column.words if not word.is_settled]
    open_ones.sort(key=lambda word: word.meaning != UNDECIDED)
    return open_ones, [word for word in column.words if word.is_settled]


def _said(columns: list[CodedColumn]) -> Mapping[tuple[str, str], str]:
    """What the form says of the words that it showed; whatever is no code of the list decides nothing."""
    said = {}
    for column in columns:
        known = {code for code, one in entries(column.list_name).items() if one.active and one.selectable}
        for word in column.words:
            meaning = request.form.get(f"{column.field.name}-{word.key}")
            if meaning is not None:
                is_code = set(meaning.split("+")) <= known
                said[column.field.name, word.key] = meaning if meaning == LEFT_EMPTY or is_code else UNDECIDED
    return said
