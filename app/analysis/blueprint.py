"""The one blueprint of this room."""

from flask import Blueprint

bp = Blueprint("analysis", __name__, url_prefix="/analysis", template_folder="templates")
