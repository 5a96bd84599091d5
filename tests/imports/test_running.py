"""An import of many rows runs outside the request: it says how far it is, can be stopped, and leaves all or nothing."""

import re
import signal
import subprocess
import sys
import threading
import time
from html import unescape
from types import SimpleNamespace

import pytest

from app.db import db
from app.imports import running, uploads
from app.imports.models import ImportBatch
from app.imports.running import MANY, State
from app.incidents.models import Incident
from tests.imports.test_import import number
from tests.imports.test_in_the_browser import decide, send  # noqa: F401
from tests.imports.test_killed import PATIENCE, ROOT, environment_of

LINES = [f"{n},Amenaza {n},THR.OTHER,2024-05-02,PE\n" for n in range(MANY)]
LONG = "nro,titulo,tipo principal,fecha,pais\n" + "".join(LINES)


def token_of(address):
    return address.split("/")[2]


def wait_until(is_so, patience=PATIENCE):
    end = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


def wait_for_the_end(send, address):  # noqa: F811
    answers = []

    def is_over():
        answers.append(send.browser.get(address))
        return answers[-1].status_code != 200

    wait_until(is_over)
    db.session.rollback()
    return answers


def test_many_rows_are_written_outside_the_request_and_lead_to_the_result(send):  # noqa: F811
    dry_run = send(LONG).location

    answer = decide(send, dry_run, "import")
    answers = wait_for_the_end(send, answer.location)

    assert answer.location.endswith("/progress")
    assert number(Incident) == MANY
    assert answers[-1].location.startswith("/imports/?brought=")
    assert f"{MANY} incidents imported." in unescape(send.browser.get(answers[-1].location).text)
    wait_until(lambda: not list(uploads.directory().iterdir()))
    assert send.browser.get(dry_run).status_code == 404  # the file is no longer kept


def test_what_stayed_out_waits_at_the_end(send):  # noqa: F811
    dry_run = send(LONG + "x,Sin fecha,THR.OTHER,2024-13-45,PE\n").location

    last = wait_for_the_end(send, decide(send, dry_run, "skip_bad").location)[-1]

    page = unescape(send.browser.get(last.location).text)
    assert "2024-13-45" in page
    assert number(Incident) == MANY


def test_a_second_click_is_no_second_import(send):  # noqa: F811
    dry_run = send(LONG).location
    page = send.browser.get(dry_run).text
    form = {"decision": "import", "form_token": re.search(r'name="form_token" value="([^"]+)"', page).group(1)}
    form["csrf_token"] = send.browser.token_at(dry_run)

    answers = [send.browser.post(dry_run, form) for _click in range(2)]
    wait_for_the_end(send, answers[0].location)

    assert {answer.location for answer in answers} == {answers[0].location}
    assert (number(Incident), number(ImportBatch)) == (MANY, 1)


@pytest.fixture
def at_work(send, monkeypatch):  # noqa: F811
    """An import that has been asked for, and whose thread has not begun: as one meets it while it runs."""
    waiting = []

    class Held(threading.Thread):
        def start(self):
            waiting.append(self) if self not in waiting else super().start()

    monkeypatch.setattr(running, "threading", SimpleNamespace(Thread=Held))
    dry_run = send(LONG).location
    address = decide(send, dry_run, "import").location
    monkeypatch.undo()
    (thread,) = waiting
    return address, thread


def test_the_page_says_how_far_it_is(world, send, at_work):  # noqa: F811
    address, _thread = at_work
    running._say(token_of(address), State(world.caseworker.id, running.os.getpid(), done=200, total=MANY))

    answer = send.browser.get(address)

    page = unescape(answer.text)
    assert f"200 of {MANY} rows" in page and "300 rows are left." in page
    assert answer.headers["Refresh"] == "5"
    assert "Refresh" not in send.browser.get(address + "?still=y").headers


def test_stopped_in_the_middle_it_leaves_nothing(send, at_work):  # noqa: F811
    address, thread = at_work

    send.browser.post(address, {}, form_at=address)
    stopping = unescape(send.browser.get(address).text)
    thread.start()
    thread.join(PATIENCE)
    answer = send.browser.get(address)

    assert "The import is being stopped." in stopping
    db.session.rollback()
    assert (number(Incident), number(ImportBatch)) == (0, 0)
    page = unescape(send.browser.get(answer.location).text)
    assert "The import was stopped. Nothing was imported." in page
    assert "Import 500 incidents" in page  # the file is still there, to begin again


def test_stopped_it_can_be_begun_again(send, at_work):  # noqa: F811
    address, thread = at_work
    send.browser.post(address, {}, form_at=address)
    thread.start()
    thread.join(PATIENCE)
    dry_run = send.browser.get(address).location

    wait_for_the_end(send, decide(send, dry_run, "import").location)

    assert number(Incident) == MANY


def test_nobody_else_sees_or_stops_it(world, send, at_work, sign_in):  # noqa: F811
    address, _thread = at_work
    other = sign_in(world.coordinator)

    assert other.get(address).status_code == 404
    assert other.post(address, {}, form_at="/profile").status_code == 404
    assert not running.is_asked_to_stop(token_of(address))


def test_a_process_that_is_gone_imported_nothing_and_the_page_says_so(world, send, at_work):  # noqa: F811
    address, thread = at_work
    gone = subprocess.Popen([sys.executable, "-c", "pass"])
    gone.wait()
    running._say(token_of(address), State(world.caseworker.id, gone.pid, done=200, total=MANY))

    answer = send.browser.get(address)

    assert "The server stopped in the middle. Nothing was imported." in send.browser.get(answer.location).text


def test_after_the_server_was_started_again_the_page_says_that_nothing_was_imported(send, at_work):  # noqa: F811
    address, _thread = at_work
    for path in uploads.directory().iterdir():
        path.unlink()

    answer = send.browser.get(address)

    assert answer.status_code == 404
    assert "Nothing was imported here" in unescape(answer.text)


SERVER = """
import sys, time
from wsgi import app
from app.accounts.models import User
from app.db import db
from app.imports import running, uploads, views
from sqlalchemy import select
with app.app_context(), app.test_request_context():
    user = db.session.scalar(select(User).where(User.email == sys.argv[1]))
    upload = uploads.find(sys.argv[2], user.id)
    work = running.Work(upload, user.id, "en", views._plan, views._kept_rest)
    db.session.rollback()  # a question of this session would keep the thread from writing
    running.start(work)
    time.sleep(600)
"""


def test_killed_in_the_middle_it_leaves_nothing(settings, app, world, tmp_path):
    lines = [f"{n},Amenaza {n},THR.OTHER,2024-05-02,PE\n" for n in range(4000)]
    content = ("nro,titulo,tipo principal,fecha,pais\n" + "".join(lines)).encode()
    user = world.caseworker
    token = uploads.keep(uploads.Upload(user.id, world.south.id, None, "hoja.csv", None, None, content))
    words = [sys.executable, "-c", SERVER, user.email, token]
    user_id = user.id
    db.session.rollback()

    server = subprocess.Popen(words, cwd=ROOT, env=environment_of(settings))
    wait_until(lambda: (state := running.state_of(token, user_id)) and (state.done or state.phase != "RUNNING"))
    server.send_signal(signal.SIGKILL)
    server.wait()
    state = running.state_of(token, user_id)

    assert 0 < state.done < 4000
    assert (state.phase, state.words) == ("STOPPED", "El servidor se detuvo a la mitad. No se importó nada.")
    assert (number(Incident), number(ImportBatch)) == (0, 0)
