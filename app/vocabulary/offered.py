"""What a form offers to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

NOTHING = SelectChoice("", _l("Choose…"))


def offered(pairs: Iterable[tuple[object, str]], *, or_none: bool = False) -> list[SelectChoice]:
    """(value, words) as choices of a field; with *or_none* the first one is no answer."""
    found = [SelectChoice(str(value), str(words)) for value, words in pairs]
    return [NOTHING, *found] if or_none else found


class OneOrNone(SelectField):
    """One of a list, or nothing.

    `Optional()` is no way to say so: to it a blank is nothing, and it then lets every value pass.
    """

    def pre_validate(self, form: Any) -> None:
        if self.data not in (None, ""):
            super().pre_validate(form)


class Ticks(SelectMultipleField):
    """Several of a list, as boxes; none is an answer too."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
