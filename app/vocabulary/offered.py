"""What a form offers to choose from."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice

NOTHING = SelectChoice("", _l("Choose…"))


def offered(pairs: Iterable[tuple[object, str]], *, or_none: bool = False) -> list[SelectChoice]:
    """(value, words) as choices of a field; with *or_none* the first one is no answer."""
    found = [SelectChoice(str(value), str(words)) for value, words in pairs]
    return [NOTHING, *found] if or_none else found
