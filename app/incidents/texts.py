"""Fields for words: cleaned of what a database or a reader would stumble over, nothing but blanks is nothing."""

from __future__ import annotations

from typing import Any, ClassVar

from wtforms import StringField, TextAreaField
from wtforms.validators import Length, Optional

from app.incidents.text import clean, clean_line


class MayBeEmpty:
    """Says of a field that it may stay empty. Unlike `Optional()` it lets no value pass that is not offered."""

    field_flags: ClassVar[dict[str, bool]] = {"optional": True}

    def __call__(self, form: Any, field: Any) -> None:
        pass


def line(
    label: Any, most: int = 200, *, optional: bool = True, checked_empty: bool = False, **options: Any
) -> StringField:
    """One line. What is `optional` is not checked any further when it is left empty, unless `checked_empty`."""
    return StringField(label, [*_checks(optional, checked_empty), Length(max=most)], filters=[clean_line], **options)


def area(
    label: Any, most: int = 4000, *, optional: bool = True, checked_empty: bool = False, **options: Any
) -> TextAreaField:
    return TextAreaField(label, [*_checks(optional, checked_empty), Length(max=most)], filters=[clean], **options)


def _checks(optional: bool, checked_empty: bool) -> list[Any]:
    if not optional:
        return []
    return [MayBeEmpty() if checked_empty else Optional()]
