"""Which columns name a person, in whatever room: the tables are asked, so that no future one is forgotten."""

from __future__ import annotations

from app.db import Base
from app.people.models import Person

LEFT_ALONE = frozenset({"person_merge"})
"""Tables whose keys say what was merged: they do not move."""


def keys_to_a_person() -> list[tuple[type[Base], str]]:
    """Every mapped column that names a person: (model, attribute)."""
    found = []
    for mapper in Base.registry.mappers:
        # The kinds that share a table have their keys in it once.
        if mapper.inherits or getattr(mapper.local_table, "name", "") in LEFT_ALONE:
            continue
        for column in mapper.local_table.columns:
            if any(key.column is Person.__table__.c.id for key in column.foreign_keys):
                found.append((mapper.class_, mapper.get_property_by_column(column).key))
    return sorted(found, key=lambda one: (str(one[0].__tablename__), one[1]))
