"""Reminders by e-mail: to those who asked for them, once a day, saying nothing of what is due."""

import dataclasses
import socketserver
import threading
from datetime import timedelta
from email import message_from_bytes

import pytest

from app.dates import today
from app.db import db
from app.proceedings.models import Deadline
from tests import factories
from tests.factories import a_proceeding


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail as a mail server does, and keeps it; refuses whomever it is told to."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.kept, self.refused = [], set()

    @property
    def port(self):
        return self.server_address[1]


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 here")
        for line in self.rfile:
            word = line.decode().strip().upper()
            if word.startswith("RCPT") and any(name.upper() in word for name in self.server.refused):
                self.say("550 nobody of this name")
            elif word == "DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.kept.append(message_from_bytes(b"".join(lines)))
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 yes")

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def mail_server():
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture
def send(app, mail_server):
    values = {
        "smtp_host": "127.0.0.1",
        "smtp_port": mail_server.port,
        "smtp_security": "none",
        "mail_from": "amparo@example.org",
        "language": "en",
    }
    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], **values)

    def sent(*words):
        db.session.commit()
        return app.test_cli_runner().invoke(args=["reminders", "send", *words])

    return sent


@pytest.fixture
def proceeding(world):
    case = factories.a_case(world.south, world.caseworker, world.coordinator, by=world.caseworker, title="Secret case")
    found = a_proceeding(case, world.caseworker, title="Secret title")
    days = [today() + timedelta(days=number) for number in (-3, 2, 5, 30)]
    found.deadlines = [Deadline(rule="PE-D10", triggered_on=day, computed_on=day, due_on=day) for day in days]
    db.session.commit()
    return found


def wants_mail(browser, yes=True):
    browser.post("/deadlines/reminders", {"by_email": "yes"} if yes else {}, form_at="/deadlines/reminders")


def test_only_who_asked_is_written_to_and_told_nothing_but_numbers(world, proceeding, sign_in, send, mail_server):
    wants_mail(sign_in(world.caseworker))
    wants_mail(sign_in(world.stranger))  # has nothing due

    outcome = send()

    assert outcome.exit_code == 0 and "1 reminder was sent." in outcome.output
    assert "@" not in outcome.output
    (mail,) = mail_server.kept
    assert mail["To"] == world.caseworker.email and mail["Subject"] == "Reminder"
    text = mail.get_payload(decode=True).decode()
    assert text.splitlines() == [
        "2 dates in the next 7 days.",
        "1 date has passed and nothing is noted.",
        "Sign in to Amparo to see them.",
    ]
    for secret in ("Secret", proceeding.reference, "Appeal", world.caseworker.name, "localhost"):
        assert secret not in mail.as_string()


def test_at_most_once_a_day_and_no_more_once_it_is_switched_off(world, proceeding, sign_in, send, mail_server):
    browser = sign_in(world.caseworker)
    wants_mail(browser)
    assert "1 reminder would be sent." in send("--dry-run").output and mail_server.kept == []
    send()
    assert "0 reminders were sent." in send().output
    assert len(mail_server.kept) == 1

    wants_mail(browser, yes=False)
    assert "0 reminders would be sent." in send("--dry-run").output


def test_it_is_written_in_the_language_of_the_user(world, proceeding, sign_in, send, mail_server):
    wants_mail(sign_in(world.caseworker))
    world.caseworker.language = "es"
    send()
    (mail,) = mail_server.kept
    assert mail["Subject"] == "Recordatorio"
    assert "2 fechas en los próximos 7 días." in mail.get_payload(decode=True).decode()


def test_one_address_that_is_refused_holds_up_nobody(world, proceeding, sign_in, send, mail_server):
    wants_mail(sign_in(world.caseworker))
    wants_mail(sign_in(world.coordinator))
    mail_server.refused.add(world.caseworker.email)

    outcome = send()

    assert outcome.exit_code == 1 and "1 reminder was sent." in outcome.output
    assert "1 was refused by the mail server." in outcome.output and world.caseworker.email not in outcome.output
    assert [mail["To"] for mail in mail_server.kept] == [world.coordinator.email]
    mail_server.refused.clear()
    assert "1 reminder was sent." in send().output


def test_a_server_that_is_not_there_is_a_clear_sentence(app, world, proceeding, sign_in, send, mail_server):
    wants_mail(sign_in(world.caseworker))
    mail_server.shutdown()
    mail_server.server_close()
    outcome = send()
    assert outcome.exit_code == 1 and "The mail server did not answer as it should" in outcome.output


def test_without_settings_it_says_which_are_missing(app, world):
    outcome = app.test_cli_runner().invoke(args=["reminders", "send"])
    assert outcome.exit_code == 1 and "AMPARO_SMTP_HOST" in outcome.output
