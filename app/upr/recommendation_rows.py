"""recommendations.csv: what States recommended, what the State said to it, and what the records of the pack show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.accounts.models import User
from app.upr.filters import Filters

Row = dict[str, Any]


def rows_for(
    user: User, filters: Filters, leaving: Mapping[str, Mapping[int, str]]
) -> tuple[list[Row], list[tuple[str, str, list[str]]]]:
    """The rows; and of each piece of evidence that leaves: its reference, the recommendation, its themes."""
    return [], []


def source_of_recommendations() -> dict[str, str] | None:
    """Name and SHA-256 of the file from which recommendations were read last."""
    return None


def proposals_for(user: User, filters: Filters) -> list[Row]:
    """What the user's teams would have States recommend in the review to come, as text_es and text_en."""
    return []
