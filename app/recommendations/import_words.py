"""An import of recommendations in words: for the page and for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.recommendations.intake import Plan
from app.recommendations.models import RecommendationImport
from app.recommendations.telling import MATRIX, UHRI, UPR_INFO
from app.recommendations.words import POSITIONS, state_words
from app.vocabulary.queries import labels

KINDS: Mapping[str, Any] = {
    UPR_INFO: _l("Export of UPR Info"),
    UHRI: _l("Workbook of the Universal Human Rights Index"),
    MATRIX: _l("Thematic list of OHCHR"),
}

FACTS: Mapping[str, Any] = {
    "text": _l("Text"),
    "text_language": _l("Language of the text"),
    "position": _l("Position"),
    "position_source": _l("Where the position stands"),
    "issues": _l("Issues of UPR Info"),
    "themes": _l("Themes of the United Nations"),
    "affected_persons": _l("Affected persons"),
    "sdgs": _l("Sustainable Development Goals"),
    "action_category": _l("Kind of action"),
    "topics": _l("Topics"),
    "states": _l("Recommended by"),
}


def fact_words(name: str) -> str:
    return str(FACTS[name])


def value_words(name: str, value: Any) -> str:
    if value is None or value == []:
        return str(_("not on record"))
    if name == "position":
        return str(POSITIONS[value])
    if name == "states":
        return ", ".join(state_words(code) for code in value)
    if name == "topics":
        return labels("upr_topics", value)
    return "; ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def counted_words(plan: Plan) -> list[str]:
    """What would become of the file, and what of it is left aside."""
    kept = len(plan.changes) - len(plan.to_change)
    said = [
        ngettext("%(num)s new recommendation", "%(num)s new recommendations", len(plan.new)),
        ngettext("%(num)s would change", "%(num)s would change", len(plan.to_change)),
        ngettext("%(num)s is there already", "%(num)s are there already", plan.there),
    ]
    if kept:
        said.append(
            ngettext(
                "%(num)s differs only in what somebody wrote here, and stays",
                "%(num)s differ only in what somebody wrote here, and stay",
                kept,
            )
        )
    if plan.telling.refused:
        said.append(ngettext("%(num)s row cannot be read", "%(num)s rows cannot be read", len(plan.telling.refused)))
    for why, number in plan.telling.passed_over.items():
        said.append(ngettext("%(num)s row passed over, %(why)s", "%(num)s rows passed over, %(why)s", number, why=why))
    if plan.telling.unknown_columns:
        columns = ", ".join(f"“{one[:60]}”" for one in plan.telling.unknown_columns[:20])
        said.append(_("columns that are not known and bring nothing: %(columns)s", columns=columns))
    return [*said, *plan.telling.remarks]


def done_words(done: RecommendationImport) -> str:
    return " ".join(
        [
            ngettext("%(num)s recommendation was added.", "%(num)s recommendations were added.", done.added),
            ngettext("%(num)s was changed.", "%(num)s were changed.", done.changed),
        ]
    )
