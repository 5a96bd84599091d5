"""The one blueprint of this room."""

from flask import Blueprint

bp = Blueprint("proceedings", __name__, url_prefix="/proceedings", template_folder="templates")
