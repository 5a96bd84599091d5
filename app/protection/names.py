"""What the four are called."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.protection.models import ACTION, COMMITMENT, MEASURE, RISK

KINDS: dict[str, Any] = {
    RISK: _l("Risk assessment"),
    MEASURE: _l("Protection measure"),
    ACTION: _l("Advocacy action"),
    COMMITMENT: _l("Commitment of the State"),
}
