"""Fields for days, as lower rooms have them."""

from app.people.days import Day, WhenField, read_when, typed

__all__ = ["Day", "WhenField", "read_when", "typed"]
