"""Fixtures of all tests: the chapters, the built book over http, and a browser."""

import functools
import threading
from contextlib import suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import find_browsers
import node_packages
import pytest
from hypothesis import settings

import book

# The same examples everywhere; how long one takes depends on what else the machine does.
settings.register_profile("patient", deadline=None, derandomize=True, database=None)
settings.load_profile("patient")

# Root has no sandbox. Only this machine can be reached: a page that needs another one breaks.
ARGUMENTS = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


def pytest_sessionstart(session):
    """Install what comes from npm, before there are several processes that could."""
    if not hasattr(session.config, "workerinput"):
        # Without a network a test that needs it fails by itself, and says so.
        with suppress(OSError):
            node_packages.install("devDependencies")


def pytest_generate_tests(metafunc):
    """Run a test that takes a ``chapter`` once for each page of ``_toc.yml``."""
    own = hasattr(metafunc.module, "pytest_generate_tests")
    if "chapter" in metafunc.fixturenames and not own:
        metafunc.parametrize("chapter", book.chapters(), ids=str, scope="module")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    """Mark what needs a browser, and keep the tests of one chapter together in one process.

    A chapter is run once and opened once for all its tests.
    """
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
        chapter = getattr(item, "callspec", None) and item.callspec.params.get("chapter")
        if chapter:
            item.add_marker(pytest.mark.xdist_group(str(chapter)))


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium without a network; a machine that lacks one fails here, it does not skip."""
    from playwright.sync_api import sync_playwright

    path = find_browsers.CHROMIUM.find()
    if path is None:
        pytest.fail(find_browsers.CHROMIUM.remedy, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def book_folder():
    """The folder of the built book, with a page for each chapter."""
    missing = [
        page for page in [c.page for c in book.chapters()] if not (book.BUILT / page).exists()
    ]
    if missing:
        pytest.fail(
            f"The book is not built ({', '.join(missing)} missing): run 'make book'.", pytrace=False
        )
    return book.BUILT


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing: the tests look at the browser's side."""


@pytest.fixture(scope="session")
def book_server(book_folder):
    """The address of the built book over http."""
    handler = functools.partial(_Quiet, directory=book_folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def offline_page(chromium):
    """An empty page that cannot reach any network."""
    context = chromium.new_context(offline=True)
    yield context.new_page()
    context.close()
