"""What the tests of the pack share: a pack as its receiver opens it."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from app.db import db, now
from app.upr.filters import Filters
from app.upr.pack import Built, build

YEAR = (date(2024, 1, 1), date(2024, 12, 31))


@dataclass
class Opened:
    built: Built

    def file(self, path):
        return next(file.content for file in self.built.files if file.path == path)

    def lines(self, path="incidents.csv"):
        text = self.file(path).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=self.built.filters.delimiter))

    @property
    def rows(self):
        return {row["incident_ref"]: row for row in self.lines()}

    @property
    def manifest(self):
        return json.loads(self.file("manifest.json"))

    @property
    def excluded(self):
        return {reason: number for reason, number in self.manifest["counts"]["excluded"].items() if number}

    @property
    def all_bytes(self):
        return b"".join(file.content for file in self.built.files)


@pytest.fixture
def open_pack(app):
    """`open_pack(user, …)` builds a pack (of 2024 unless told) and opens it; nothing is noted."""

    def opened(user, *period, country="PE", language="en", **wishes):
        db.session.commit()
        return Opened(build(user, Filters(country, *(period or YEAR), language, **wishes)))

    return opened


@pytest.fixture
def make_public(world):
    """Said by one person and approved by another."""

    def made(incident):
        incident.public_set_by_id, incident.public_approved_by_id = world.coordinator.id, world.second_coordinator.id
        incident.public_set_at = incident.public_approved_at = now()
        db.session.commit()
        return incident

    return made


@pytest.fixture
def tomorrow():
    from app.dates import today

    return today() + timedelta(days=1)


@pytest.fixture
def leaving(world):
    """`leaving(**values)` makes a verified incident that a consent of C3 lets out."""
    from tests import factories

    def made(consent="C3", **values):
        case = factories.a_case(world.south, world.caseworker)
        incident = factories.an_incident(world.caseworker, **{"case": case, "state": "VERIFIED", **values})
        factories.a_victim(incident, factories.a_person(world.caseworker, consent=consent))
        return incident

    return made
