"""The routes of the incidents hang on this blueprint."""

from flask import Blueprint

bp = Blueprint("incidents", __name__, url_prefix="/incidents", template_folder="templates")
