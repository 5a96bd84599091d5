"""Police–company contracts, as a kind of record that sheets hold."""

from __future__ import annotations

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.contracts.models import Contract
from app.imports.contract_fields import IMPORTED, LONGEST, READERS
from app.imports.contract_plan import look_around
from app.imports.contract_rows import settler, title
from app.imports.contract_writing import ContractWriter
from app.imports.kinds import KindWords, RecordKind

WORDS = KindWords(
    label=_l("Police–company contracts"),
    one=_l("Police–company contract"),
    lead=_l("Each row becomes an agreement, or an addendum to one."),
    imported=lambda number: ngettext("%(num)s contract taken in.", "%(num)s contracts taken in.", number),
    do_import=lambda number: ngettext("Take in %(num)s contract", "Take in %(num)s contracts", number),
    import_the_good=lambda number: ngettext(
        "Take in %(num)s contract and leave out the rest", "Take in %(num)s contracts and leave out the rest", number
    ),
    see=_l("See the contracts"),
    good_to_know=(
        _l(
            "Days, terms, officers and amounts may stand in words: “diciembre del 2010”, “dos años”, “una veintena de "
            "agentes”, “S/.4 millones 678 mil”. The words are kept beside what was read from them."
        ),
        _l(
            "An addendum goes to the agreement before it of the same company and project, or to the one that the "
            "column “addendum_to” names. Rows that add up others are refused."
        ),
    ),
)

CONTRACTS = RecordKind(
    name="contracts",
    model=Contract,
    words=WORDS,
    fields=IMPORTED,
    settler=settler,
    title=title,
    look_around=look_around,
    writer=ContractWriter,
    brought=lambda digest: url_for("contracts.index"),
    longest=LONGEST,
    readers=READERS,
    matches_names=True,
)
