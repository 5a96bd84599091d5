"""What a team would have States recommend."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField

from app.incidents.texts import area
from app.recommendations.models import ProposedRecommendation


class ProposalForm(FlaskForm):
    version = HiddenField()
    form_token = HiddenField()
    text_es = area(
        _l("Proposal in Spanish"), 2000, description=_l("One sentence that asks for one thing, and can be checked.")
    )
    text_en = area(_l("Proposal in English"), 2000)

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if not self.text_es.data and not self.text_en.data:
            self.text_es.errors = [_("Write the proposal in one language at least.")]
            return False
        return True


def as_typed(proposal: ProposedRecommendation | None) -> dict[str, Any]:
    return {name: getattr(proposal, name) for name in ("version", "text_es", "text_en")} if proposal else {}
