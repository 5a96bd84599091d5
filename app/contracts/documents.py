"""Files of contracts: which of them is the paper itself."""

from __future__ import annotations

from flask_babel import gettext as _

from app.access import find_visible
from app.accounts.models import User
from app.contracts.models import Contract
from app.contracts.operations import ContractProblem, open_review_again
from app.evidence.files import EvidenceFile, add_holder

add_holder(Contract, "contracts.show")


def name_document(user: User, contract: Contract, reference: str | None) -> None:
    """Say which of its files is the paper itself; None: that none is. Raises ContractProblem for any other file."""
    if reference is not None:
        file = find_visible(EvidenceFile, user, reference, withdrawn=False)
        if file is None or (file.holder_kind, file.holder_id) != (Contract.__tablename__, contract.id):
            raise ContractProblem("document", _("There is no such file on this contract."))
    if reference == contract.document_reference:
        return
    contract.document_reference = reference
    contract.touch(user.id)
    open_review_again(contract, user)
