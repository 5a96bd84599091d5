"""A real browser on a real server: the demonstration, served as it is served to people."""

from __future__ import annotations

import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import update
from waitress.server import create_server

from app import create_app
from app.accounts.models import User
from app.commands import DEMO
from app.dates import today
from app.db import db
from app.demonstration.operations import PASSWORD
from config import Settings
from tests.conftest import skip_or_fail

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LANGUAGES = ("es", "en")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium():
    """One for a file of tests: as long as it is open, its event loop runs here, and other tests could not."""
    from playwright.sync_api import Error, expect, sync_playwright

    expect.set_options(timeout=30_000)  # a machine that tests on all its cores is slow

    with sync_playwright() as playwright:
        installed = next((found for name in BROWSERS if (found := shutil.which(name))), None)
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        try:
            # Chromium's own sandbox does not start as root, as in a container.
            browser = playwright.chromium.launch(executable_path=installed, args=["--no-sandbox"] if root else [])
        except Error as error:
            skip_or_fail(f"no Chromium to test with: {str(error).splitlines()[0]}")
        yield browser
        browser.close()


def beside(work):
    """Do it in a thread of its own: Playwright keeps an event loop in this one, which Flask's contexts do not bear."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


@pytest.fixture(scope="session")
def demonstration(quarters_of):
    """A data directory with the demonstration, copied for each test."""
    return beside(lambda: quarters_of("sqlite").template("demonstrated").directory)


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture
def house(demonstration, compiled_templates, tmp_path, language):
    """The demonstration, served; everybody in it reads the language of the test."""
    instance = tmp_path / "instance"
    shutil.copytree(demonstration, instance)
    (instance / "kind").write_text(DEMO, encoding="ascii")
    app = create_app(Settings(instance=instance, language=language))
    app.jinja_env.bytecode_cache = compiled_templates

    def set_language():
        with app.app_context():
            db.session.execute(update(User).values(language=language))
            db.session.commit()

    def let_go():
        with app.app_context():
            db.engine.dispose()

    beside(set_language)
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield House(app, f"http://127.0.0.1:{server.effective_port}", language)
    server.close()
    thread.join(5)
    beside(let_go)


class House:
    """A served installation."""

    def __init__(self, app, address, language):
        self.app, self.address, self.language = app, address, language

    def ask(self, question):
        """The answer of the database to *question*, a function; for what a person would know from elsewhere."""

        def asked():
            with self.app.app_context():
                return question()

        return beside(asked)

    def today(self):
        """The day of the installation: in the evening of Lima it is tomorrow on the machine that tests."""
        return self.ask(today)

    def words(self, spanish, english):
        return spanish if self.language == "es" else english


class Visitor:
    """Someone at the browser. Remembers what a page must never do: fail, or ask another origin for something."""

    def __init__(self, page, house):
        self.page, self.house, self.faults = page, house, []
        page.set_default_timeout(30_000)
        page.on("request", self._same_origin)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", lambda line: line.type == "error" and self._console(line))

    def _same_origin(self, request):
        if not request.url.startswith((self.house.address, "data:", "blob:", "about:")):
            self.faults.append(f"asked another origin: {request.url}")

    def _console(self, line):
        # A page that answers 4xx on purpose is reported as an error of loading; the journey checks the status itself.
        if "Failed to load resource" not in line.text:
            self.faults.append(f"console: {line.text}")

    def go(self, path):
        answer = self.page.goto(self.house.address + path)
        return answer

    def press(self, locator):
        """Click what leads to another page and be on it: a click alone may leave one on the page before."""
        with self.page.expect_navigation():
            locator.click()

    def sign_in(self, email):
        self.go("/sign-in")
        self.page.locator("#email").fill(email)
        self.page.locator("#password").fill(PASSWORD)
        self.press(self.page.locator("main form button[type=submit], main form .btn-primary").first)
        assert "/sign-in" not in self.page.url, self.page.locator("main").inner_text()
        return self

    def check_accessibility(self):
        """No violation of WCAG 2.2 AA or best practice that a machine can see.

        In one language: journeys go through the same pages in the other, and what is looked at here is not the words.
        """
        if self.house.language != LANGUAGES[0]:
            return
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        assert not found, "\n".join(
            f"{self.page.url}: {one['id']} – {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
            for one in found
        )

    def check_no_sideways_scrolling(self):
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} scrolls sideways by {wide} px"


@pytest.fixture
def visitor(chromium, house):
    """`visitor()` opens a browser of its own: `visitor(width=390, javascript=False)`."""
    contexts = []
    visitors = []

    def open_browser(width=1280, height=900, javascript=True, **options):
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale=house.words("es-PE", "en-GB"),
            **options,
        )
        contexts.append(context)
        visitors.append(Visitor(context.new_page(), house))
        return visitors[-1]

    yield open_browser
    faults = [fault for one in visitors for fault in one.faults]
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)
