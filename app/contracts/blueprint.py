"""The blueprints of this room: contracts with their links, and requests for information, which have addresses below."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.access import may

bp = Blueprint("contracts", __name__, url_prefix="/contracts", template_folder="templates")
requests_bp = Blueprint("transparency", __name__, url_prefix="/contracts/requests", template_folder="templates")

LISTS = (
    ("contracts.index", _l("Contracts"), "records.read"),
    ("transparency.index", _l("Requests"), "records.write"),
    ("contracts.links", _l("Links"), "records.read"),
)
"""The lists of this room, one menu entry. Who only reads sees no request."""


@bp.app_template_global()
def contract_lists() -> list[tuple[str, str]]:
    """Those which the user may open, by the name of their page."""
    return [(endpoint, str(words)) for endpoint, words, permission in LISTS if may(current_user, permission)]
