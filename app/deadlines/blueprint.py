from flask import Blueprint

bp = Blueprint("deadlines", __name__, template_folder="templates")
