"""What may be typed of links: what is proposed, on what evidence, and how the list is narrowed."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired

from app.contracts.link_evidence import Evidence
from app.contracts.linking import LONGEST
from app.contracts.links import L3, L4
from app.incidents.texts import area
from app.vocabulary.offered import offered


class ProposalForm(FlaskForm):
    level = RadioField(
        _l("What is proposed"),
        [DataRequired(_l("Choose what you propose."))],
        choices=[
            SelectChoice(L3, _l("The unit named in the contract took part")),
            SelectChoice(L4, _l("It acted for the company: payment, order, base, vehicle, or held on its premises")),
        ],
    )
    evidence = SelectField(
        _l("Evidence"),
        description=_l("A source or a file of the incident or of the contract. It may follow later; until then the "
                       "proposal rests on facts only, and nobody can confirm it."),
    )  # fmt: skip
    reason = area(
        _l("What the evidence shows"),
        LONGEST,
        description=_l("In your own words: who was where, how it is known, and what is not known."),
    )

    def offer(self, evidence: Iterable[Evidence]) -> None:
        pairs = [("", _("Facts only, no evidence yet")), *((one.key, one.words) for one in evidence)]
        self.evidence.choices = offered(pairs)
