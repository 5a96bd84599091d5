"""Why a field is proposed for a column, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from app.fields import Field
from app.imports.kinds import RecordKind
from app.imports.proposing import Candidate

Sentence = Callable[[Mapping[str, Any]], str]

WHY: Mapping[str, Sentence] = {
    "HEADING": lambda d: _("The heading is a name of this field."),
    "NEAR": lambda d: _("The heading is near “%(usual)s”.", usual=d["usual"]),
    "NOT_IN_CELLS": lambda d: _("The heading says so, the cells do not look like it."),
    "DATES": lambda d: _("%(part)s %% of the different cells are dates.", part=d["part"]),
    "COUNTRIES": lambda d: _("%(part)s %% of the different cells are countries.", part=d["part"]),
    "PLACES": lambda d: _("%(part)s %% of the different cells are places of the list: %(field)s.", **d),
    "UBIGEO": lambda d: _("%(part)s %% of the different cells are UBIGEO codes.", part=d["part"]),
    "PAIRS": lambda d: _("%(part)s %% of the different cells hold latitude and longitude.", part=d["part"]),
    "ADDRESSES": lambda d: _("%(part)s %% of the different cells are web addresses.", part=d["part"]),
    "LONG_TEXTS": lambda d: _("%(part)s %% of the different cells are long texts.", part=d["part"]),
    "OF_A_LIST": lambda d: _("%(part)s %% of the different cells stand in the list of this field.", part=d["part"]),
}


def why(candidate: Candidate) -> str:
    return WHY[candidate.reason](candidate.details)


def target_words(target: str, kind: RecordKind) -> str:
    """«Latitude and longitude», for what a column brings."""
    fields: list[Field] = [kind.fields[name] for name in target.split("+")]
    labels = [str(one.label) for one in fields]
    if len(labels) == 1:
        return labels[0]
    return _("%(first)s and %(last)s", first=", ".join(labels[:-1]), last=labels[-1])
