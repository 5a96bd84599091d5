"""The one blueprint of this room."""

from flask import Blueprint

bp = Blueprint("protection", __name__, url_prefix="/protection", template_folder="templates")
