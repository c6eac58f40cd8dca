"""A phone's browser, and a server that packs what it sends as the server of a published book does."""

import gzip
import mimetypes
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

import find_browsers
from playwright.sync_api import sync_playwright

# The phone that Lighthouse takes for a cheap one.
PHONE = {
    "viewport": {"width": 412, "height": 823},
    "device_scale_factor": 1.75,
    "is_mobile": True,
    "has_touch": True,
}
# Root has no sandbox. Only this machine can be reached.
ARGUMENTS = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
TEXT = ("text/", "application/json", "application/javascript", "image/svg")


def packed(content):
    return gzip.compress(content, 6, mtime=0)


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments, change, elsewhere, kept, **options):
        self.change, self.elsewhere, self.kept = change, elsewhere, kept
        super().__init__(*arguments, **options)

    def log_message(self, *_):
        """Write no line for each request."""

    def do_GET(self):
        if self.path not in self.kept:
            self.kept[self.path] = self._answer()
        content, headers = self.kept[self.path]
        self.send_response(200 if content is not None else 404)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def _answer(self):
        """Return what is sent, packed if it is text, and its headers; None for what is not there."""
        address = unquote(urlsplit(self.path).path)
        file = self.elsewhere(address) or Path(self.translate_path(self.path))
        if not file.is_file():
            return None, {}
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        headers = {"Content-Type": f"{kind}; charset=utf-8", "Cache-Control": "max-age=600"}
        content = file.read_bytes()
        if kind.startswith(TEXT):
            content = packed(self.change(content))
            headers["Content-Encoding"] = "gzip"
        return content, headers


@contextmanager
def served(folder, change=lambda content: content, elsewhere=lambda address: None):
    """Serve a folder; give its address.

    Parameters
    ----------
    folder : pathlib.Path
    change : callable, optional
        What is done with each text before it is sent, such as giving other addresses to its scripts.
    elsewhere : callable, optional
        Returns the file of an address that is not in the folder, or None.
    """
    handler = partial(_Handler, directory=folder, change=change, elsewhere=elsewhere, kept={})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def chromium():
    path = find_browsers.CHROMIUM.find()
    if path is None:
        raise SystemExit(find_browsers.CHROMIUM.remedy)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def phone(browser, **options):
    """Give an empty page in a phone's browser that has cached nothing."""
    context = browser.new_context(**PHONE | options)
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


@cache
def chromium_version():
    with chromium() as browser:
        return browser.version
