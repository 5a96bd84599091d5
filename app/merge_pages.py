"""What the pages of every room share on which two records of one thing become one, and two again."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from flask import abort, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from app import web
from app.access import visible
from app.db import ReasonMissing, db
from app.merging import CannotMerge
from app.side_by_side import Fact, choices_in


class MergeForm(FlaskForm):
    """Each room adds `reason`, as `how_it_is_known` makes it."""

    kept_version = HiddenField()
    gone_version = HiddenField()

    def say(self, sentence: str) -> None:
        """What hinders, beside the reason."""
        self["reason"].errors = [sentence]


def how_it_is_known(question: Any, description: Any) -> TextAreaField:
    return TextAreaField(
        question,
        [DataRequired(_l("Write how you know it; it is recorded with your name.")), Length(max=1000)],
        filters=[lambda text: (text or "").strip()],
        description=description,
    )


def merged(form: MergeForm, kept: Any, gone: Any, merge: Callable[[str], Any], address: str) -> Any:
    """The way to the record that stays; None where the form is to be shown, with what hinders it.

    *merge* is given the reason, and may raise ReasonMissing or CannotMerge.
    """
    if not form.validate_on_submit():
        return None
    if (form.kept_version.data, form.gone_version.data) != (str(kept.version), str(gone.version)):
        form.say(_("Somebody changed one of them meanwhile. Look again at what stands below."))
        return None
    try:
        merge(form["reason"].data or "")
    except (ReasonMissing, CannotMerge) as problem:
        form.say(str(problem))
        return None
    db.session.commit()
    web.say(_("%(gone)s went into this record. It can be taken back below.", gone=gone.reference))
    return redirect(address, 303)


def chosen_so_far(form: MergeForm, kept: Any, gone: Any, facts: Iterable[Fact]) -> dict[str, str]:
    """What was chosen already, for a form that names the two as they are now."""
    form.kept_version.data, form.gone_version.data = str(kept.version), str(gone.version)
    return choices_in(request.form, facts) if request.method == "POST" else {}


def merge_or_404(model: Any, kept: Any, uid: str) -> Any:
    """The merge of that number that went into this record."""
    try:
        number = uuid.UUID(uid)
    except ValueError:
        abort(404)
    statement = visible(model, current_user).where(model.kept_id == kept.id, model.uid == number)
    return db.session.scalars(statement).unique().one_or_none() or abort(404)


def taken_back(merge: Any, unmerge: Callable[[], int], address: Callable[[str], str]) -> Any:
    """The way to the record that had gone. *address*: of a reference; *unmerge* may raise CannotMerge."""
    try:
        stayed = unmerge()
    except CannotMerge as problem:
        abort(409, str(problem))
    gone = merge.gone.reference
    db.session.commit()
    web.say(_("They are two records again. This is the one that had gone; what was its own is back."))
    if stayed:
        web.say(
            ngettext(
                "%(num)s value was changed since and stays as it is now.",
                "%(num)s values were changed since and stay as they are now.",
                stayed,
            ),
            "info",
        )
    return redirect(address(gone), 303)
