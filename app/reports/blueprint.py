"""The two blueprints of this room: reports of many records, and the file of one case, which stands with its case."""

from flask import Blueprint

bp = Blueprint("reports", __name__, url_prefix="/reports", template_folder="templates")
of_case = Blueprint("case_files", __name__, url_prefix="/cases", template_folder="templates")
