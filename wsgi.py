"""The door for servers: `waitress-serve wsgi:app`, `gunicorn wsgi:app`, `flask --app wsgi`."""

import sys

from app import create_app
from config import SettingError, Settings

try:
    app = create_app(Settings.from_environment())
except SettingError as error:
    sys.exit(str(error))
