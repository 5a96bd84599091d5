"""The routes of the desk hang on this blueprint."""

from flask import Blueprint

bp = Blueprint("desk", __name__, template_folder="templates")
