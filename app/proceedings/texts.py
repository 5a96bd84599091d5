"""Fields for words, as lower rooms have them."""

from app.incidents.texts import MayBeEmpty, area, line

__all__ = ["MayBeEmpty", "area", "line"]
