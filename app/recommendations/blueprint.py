"""The one blueprint of this room."""

from flask import Blueprint

bp = Blueprint("recommendations", __name__, url_prefix="/recommendations", template_folder="templates")
