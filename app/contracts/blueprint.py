"""The one blueprint of this room."""

from flask import Blueprint

bp = Blueprint("contracts", __name__, url_prefix="/contracts", template_folder="templates")
