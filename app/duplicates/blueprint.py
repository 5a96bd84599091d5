"""The pages of this room."""

from flask import Blueprint

bp = Blueprint("duplicates", __name__, url_prefix="/duplicates", template_folder="templates")
