"""Code lists, for administrators: look them up, change words, add codes, take over a new pack."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app import web
from app.access import allow
from app.db import db
from app.downloads import Table, give, name_kind
from app.vocabulary import operations, queries
from app.vocabulary.citations import cited
from app.vocabulary.forms import CodeForm, NewCodeForm
from app.vocabulary.models import LOCAL, PACK, Code
from app.vocabulary.names import FIXED, VERIFIED, list_name
from app.vocabulary.operations import CodeProblem, Outcome

CODES = "codes"
name_kind(CODES, _l("Code list"), list=(_l("List"), None))

bp = Blueprint("vocabulary", __name__, template_folder="templates", url_prefix="/codes")

PACK_COLUMNS = (
    "code", "label_en", "label_es", "definition_en", "definition_es", "parent", "sort", "selectable",
    "valid_from", "valid_to", "source", "verified", "upr",
)  # fmt: skip


@bp.get("/")
@allow("codes.manage")
def index() -> Any:
    counts = db.session.execute(queries.counts_by_list()).all()
    lists = sorted(((list_name(row[0]), *row) for row in counts), key=lambda row: row[0].casefold())
    return render_template("vocabulary/index.html", lists=lists)


@bp.post("/reload")
@allow("codes.manage")
def reload() -> Any:
    outcome = operations.load_packs(current_app.config["SETTINGS"].country)
    db.session.commit()
    web.say(_words_of(outcome))
    return web.back_to(".index")


def _words_of(outcome: Outcome) -> str:
    if not (outcome.added or outcome.changed or outcome.deactivated):
        return _("The code lists are as in the packs; %(kept)s codes stay as edited here.", kept=outcome.kept)
    return _(
        "From the packs: %(added)s codes added, %(changed)s changed, %(off)s switched off; "
        "%(kept)s stay as edited here.",
        added=outcome.added,
        changed=outcome.changed,
        off=outcome.deactivated,
        kept=outcome.kept,
    )


@bp.get("/<name>")
@allow("codes.manage")
def show(name: str) -> Any:
    rows = _rows_or_404(name)
    words = request.args.get("text", "")
    found = [row for row in rows if queries.holds(row, words)]
    labels = {row.code: row for row in rows}
    return render_template(
        "vocabulary/list.html", name=name, title=list_name(name), rows=found, total=len(rows), words=words,
        parents=labels, verified=VERIFIED, is_fixed=name in FIXED, local=LOCAL,
    )  # fmt: skip


@bp.post("/<name>/export")
@allow("codes.manage")
def export(name: str) -> Any:
    """The list with the columns of a pack, so that it can become one; then what is so only here."""
    rows = _rows_or_404(name)
    further = sorted({key for row in rows for key in row.extra or {}})
    header = (*PACK_COLUMNS, *further, "active", "origin", "edited")
    lines = [
        [getattr(row, column) for column in PACK_COLUMNS]
        + [(row.extra or {}).get(key) for key in further]
        + [row.active, row.origin, row.edited]
        for row in rows
    ]
    table = Table(
        kind=CODES,
        name=name,
        page="vocabulary.show",
        of_page={"name": name},
        header=header,
        lines=lambda: lines,
        filters={"list": name},
    )
    return give(current_user, table)


@bp.route("/<name>/new", methods=["GET", "POST"])
@allow("codes.manage")
def new(name: str) -> Any:
    rows = _rows_or_404(name)
    if name in FIXED:
        abort(404)
    form = NewCodeForm(data={"active": True})
    form.offer(_upr_codes(rows))
    form.parent.choices = [("", _("no group")), *((row.code, _label(row)) for row in rows if _heads_a_group(row, rows))]
    if form.validate_on_submit():
        try:
            operations.add_code(name, form.code.data or "", parent=form.parent.data, **form.values())
        except CodeProblem as problem:
            form.code.errors = [str(problem)]
        else:
            db.session.commit()
            web.say(_("The code is added. It can be chosen at once."))
            return web.back_to(".show", name=name)
    page = render_template("vocabulary/code.html", form=form, name=name, title=list_name(name), code=None)
    return page, 400 if form.errors else 200


@bp.route("/<name>/<code>", methods=["GET", "POST"])
@allow("codes.manage")
def edit(name: str, code: str) -> Any:
    row = _code_or_404(name, code)
    form = CodeForm(obj=row)
    form.offer(_upr_codes(list(db.session.scalars(queries.codes_in(name)))))
    if form.validate_on_submit():
        try:
            operations.edit_code(row, **form.values())
        except CodeProblem as problem:
            db.session.rollback()
            form.active.errors = [str(problem)]
        else:
            db.session.commit()
            web.say(_("Saved. Updates of the pack leave this code as it is now."))
            return web.back_to(".show", name=name, _anchor=code)
    page = render_template(
        "vocabulary/code.html", form=form, name=name, title=list_name(name), code=row, verified=VERIFIED,
        citation=cited(row.source), may_go_back=row.edited and row.origin == PACK,
    )  # fmt: skip
    return page, 400 if form.errors else 200


@bp.post("/<name>/<code>/pack-words")
@allow("codes.manage")
def pack_words(name: str, code: str) -> Any:
    row = _code_or_404(name, code)
    if row.origin != PACK:
        abort(404)
    operations.take_pack_words(row, current_app.config["SETTINGS"].country)
    db.session.commit()
    web.say(_("The code is again as the pack has it."))
    return web.back_to(".edit", name=name, code=code)


def _rows_or_404(name: str) -> list[Code]:
    return list(db.session.scalars(queries.codes_in(name))) or abort(404)


def _code_or_404(name: str, code: str) -> Code:
    return db.session.scalar(queries.code_at(name, code)) or abort(404)


def _upr_codes(rows: list[Code]) -> list[str]:
    """Codes that leave the house are agreed with others: one of those that the list has, or none."""
    return sorted({row.upr for row in rows if row.upr} - {"never"}) + ["never"]


def _heads_a_group(row: Code, rows: list[Code]) -> bool:
    return not row.selectable or any(other.parent == row.code for other in rows)


def _label(row: Code) -> str:
    entry = queries.entry(row.list, row.code)
    return entry.label if entry else row.label_en
