"""Fields that choose: from a code list, from a few words, one or several; what they did not offer is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, ValidationError, fields
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from app.vocabulary.queries import choices, entry, grouped_choices

NOTHING = _l("Choose…")
NOT_OFFERED = _l("Choose one of the list.")


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    return [SelectChoice(value, str(words)) for value, words in pairs]


def code_options(list_name: str, *, grouped: bool = False) -> list[SelectChoice]:
    if not grouped:
        return options(choices(list_name))
    return [
        SelectChoice(code, words, optgroup=group)
        for group, pairs in grouped_choices(list_name).items()
        for code, words in pairs
    ]


class Choice(SelectField):
    """One of a list that the view knows."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **{"choices": [], "default": "", "invalid_choice_message": NOT_OFFERED, **kwargs})


class CodeChoice(Choice):
    """One code of a list, or none. A code that is no longer offered stays where it stands already."""

    def __init__(
        self, label: Any, list_name: str, *, first: Any = NOTHING, grouped: bool = False, **kwargs: Any
    ) -> None:
        nothing = options([("", first)]) if first is not None else []
        self.list_name = list_name
        self.offered = [*nothing, *code_options(list_name, grouped=grouped)]
        super().__init__(label, **{"choices": self.offered, **kwargs})

    def process(self, formdata: Any, data: Any = "", extra_filters: Any = None) -> None:
        super().process(formdata, data or self.default or "", extra_filters)
        found = entry(self.list_name, self.data)
        if found is not None and found.selectable and not any(one.selected for one in self.iter_choices()):
            self.choices = [*self.offered, *options([(found.code, found.label)])]


class Ticks(SelectMultipleField):
    """Several of a list, as boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, list_name: str | None = None, *, grouped: bool = False, **kwargs: Any) -> None:
        offered = code_options(list_name, grouped=grouped) if list_name else kwargs.pop("choices", [])
        super().__init__(label, choices=offered, **kwargs)

    def pre_validate(self, form: Any) -> None:
        if set(self.data or []) - {one.value for one in self.iter_choices()}:
            raise ValidationError(NOT_OFFERED)

    @property
    def chosen_words(self) -> list[str]:
        return [str(one.label) for one in self.iter_choices() if one.selected]


def chosen(field: Any) -> Any:
    """What was chosen of a list: what it does not offer is left out, also where the rest of a form is kept."""
    if isinstance(field, SelectMultipleField):
        there = {one.value for one in field.iter_choices()}
        return [value for value in field.data or [] if value in there]
    return None if field.errors else field.data or None


class FieldList(fields.FieldList):
    """Lines of a form, each with its number in the names of its fields."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        # «²» is a digit, yet no number: WTForms would fall over it.
        return super()._extract_indices(prefix, [name for name in formdata if name.isascii()])


class Radios(RadioField):
    """One of a few, all of them in sight; or none of them."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **{"choices": [], "invalid_choice_message": NOT_OFFERED, **kwargs})

    def pre_validate(self, form: Any) -> None:
        if self.data:
            super().pre_validate(form)


class YesNoUnknown(CodeChoice):
    """Unknown unless somebody says it."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, "yes_no_unknown", first=None, default="UNKNOWN", **kwargs)
