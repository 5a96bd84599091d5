"""The door for servers, `waitress-serve wsgi:app` or `gunicorn wsgi:app`, and for commands: `manage.py` runs it."""

import sys

from app import commands, create_app
from config import SettingError, Settings

try:
    app = create_app(Settings.from_environment())
except SettingError as error:
    sys.exit(str(error))

if __name__ == "__main__":
    commands.command_line(app)
