"""What a form offers to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.utils import unset_value
from wtforms.widgets import CheckboxInput, ListWidget

from app.db import fold

NOTHING = SelectChoice("", _l("Choose…"))
LONGEST_NUMBER = 15


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


class WholeNumberField(IntegerField):
    """A whole number. One that nobody means is refused before it is compared: to compare it with a limit fails."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and len(valuelist[0].strip()) > LONGEST_NUMBER:
            self.data = None
            raise ValueError(_("This number is too long."))
        super().process_formdata(valuelist)


class NameField(StringField):
    """The name of a record. Where it names none, what it could mean is *offered*, and the choice comes back with it."""

    NEW = "NEW"

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        self.offered: list[tuple[str, str]] | None = None
        """Reference and words of what could be meant; None where there is nothing to ask."""
        self._meant, self._asked = "", ""
        if formdata is not None:
            self._meant, self._asked = formdata.get(f"{self.name}-meant", ""), formdata.get(f"{self.name}-asked", "")

    @property
    def meant(self) -> str:
        """NEW or a reference, if that was said of the name that stands here; of another name it says nothing."""
        return str(self._meant) if fold(self._asked) == fold(self.data) else ""
