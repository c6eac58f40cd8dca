"""Firefox and WebKitGTK, each driven by the W3C protocol that it speaks by itself.

Firefox speaks WebDriver BiDi and tells of every request and every message on its console.
WebKitGTK's driver speaks WebDriver and tells of neither: there the page watches itself.

Playwright, which drives Chromium for `Visit`, wants builds of its own of the two: it gives Firefox
commands that a released one may not know, waits in vain for a page that Back takes from the cache,
and cannot start WebKitGTK. Selenium needs a driver of Firefox that Debian lacks.
"""

import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from base64 import b64decode
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

import websocket
from visiting import PAGE_SIDE

# How long a browser may take to start, and to answer, in seconds.
PATIENCE = 60
# How long WebKit's driver may look for its browser before it is started again; it takes 2 or 3.
SEARCH = 20
# The only network is this machine: all other addresses go to a proxy that is not there.
NO_NETWORK = {
    "proxyType": "manual",
    "httpProxy": "127.0.0.1:9",
    "sslProxy": "127.0.0.1:9",
    "noProxy": ["127.0.0.1"],
}
# What a page may ask for: files of this machine, and what it carries itself.
INSIDE = ("http://127.0.0.1:", "file:", "data:", "blob:")

# The names of keys, the same in both protocols.
KEYS = {"End": "\ue010", "Home": "\ue011"}
# What Firefox is to tell: among it is all that may go wrong.
TOLD = (
    "log.entryAdded",
    "network.beforeRequestSent",
    "network.responseCompleted",
    "network.fetchError",
)
# Results travel as JSON text: each protocol has its own way of writing objects.
CALL = """async (text) => {
    const answer = await (%s)(...JSON.parse(text));
    return JSON.stringify(answer ?? null, (key, value) => (value === undefined ? null : value));
}"""


class Engine:
    """A window of a browser in which a page of the book is open.

    What is said to the browser for it is in the subclasses: ``_go``, ``_go_back``, ``_go_again``,
    ``call``, ``press``, ``_told``.
    """

    def open(self, address):
        """Open a page."""
        self._go(address)
        self._arrive()

    def back(self):
        """Press the button Back."""
        self._go_back()
        self._arrive()

    def reload(self):
        """Press the button Reload."""
        self._go_again()
        self._arrive()

    def _arrive(self):
        self.call(f"() => {{ {PAGE_SIDE} }}")

    def ask(self, function, *arguments):
        """Call a function of ``page_side.js`` and return its answer."""
        return self.call(f"(...all) => window.reader.{function}(...all)", *arguments)

    def is_live(self, name):
        """Return whether the chart of an explorer is live."""
        return self.call("(name) => document.getElementById(name).dataset.live === 'yes'", name)

    def wait_until_live(self, name):
        """Wait until the chart of an explorer is live."""
        end = time.monotonic() + PATIENCE
        while not self.is_live(name):
            assert time.monotonic() < end, f"{name} does not come to life"
            time.sleep(0.02)

    def see(self, name):
        """Scroll to an explorer and wait until its chart is live."""
        self.call("(name) => document.getElementById(name).scrollIntoView()", name)
        self.wait_until_live(name)

    def assert_nothing_went_wrong(self):
        """Fail with all that the browser has told and that must not happen, since the last call."""
        wrongs = self._told()
        assert not wrongs, "\n".join(wrongs)


class Firefox(Engine):
    """Firefox over WebDriver BiDi, https://w3c.github.io/webdriver-bidi/."""

    def __init__(self, connection):
        self._connection = connection
        self._number = 0
        self._events = []
        self._send("session.new", capabilities={"alwaysMatch": {"proxy": NO_NETWORK}})
        self._send("session.subscribe", events=TOLD)
        self._tab = self._send("browsingContext.getTree")["contexts"][0]["context"]

    def _send(self, method, **parameters):
        """Give a command and return its result; note down what Firefox tells meanwhile."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": parameters}
        self._connection.send(json.dumps(command))
        while (answer := json.loads(self._connection.recv())).get("id") != self._number:
            self._events.append(answer)
        if answer["type"] == "error":
            raise RuntimeError(f"Firefox refuses {method}: {answer['message']}")
        return answer["result"]

    def _go(self, address):
        self._send("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def _go_back(self):
        self._send("browsingContext.traverseHistory", context=self._tab, delta=-1)

    def _go_again(self):
        self._send("browsingContext.reload", context=self._tab, wait="complete")

    def call(self, function, *arguments):
        """Call a JavaScript function in the page and return its answer."""
        result = self._send(
            "script.callFunction",
            functionDeclaration=CALL % function,
            arguments=[{"type": "string", "value": json.dumps(arguments)}],
            target={"context": self._tab},
            awaitPromise=True,
        )
        if result["type"] == "exception":
            raise RuntimeError(result["exceptionDetails"]["text"])
        return json.loads(result["result"]["value"])

    def press(self, selector, key):
        """Press a key on an element."""
        self.call("(selector) => document.querySelector(selector).focus()", selector)
        strokes = [{"type": kind, "value": KEYS[key]} for kind in ("keyDown", "keyUp")]
        keyboard = {"type": "key", "id": "keyboard", "actions": strokes}
        self._send("input.performActions", context=self._tab, actions=[keyboard])

    def print(self):
        """Return the page as a PDF."""
        return b64decode(self._send("browsingContext.print", context=self._tab)["data"])

    def _told(self):
        self._send("session.status")
        events, self._events = self._events, []
        return [wrong for event in events if (wrong := self._wrong(**event))]

    def _wrong(self, method, params, **_):
        """Return what is wrong about something that Firefox tells, or None."""
        if method == "log.entryAdded":
            # Firefox counts the parts of a formula of which it has read the beginning only.
            unfinished = "Incorrect number of children for <m" in params["text"]
            wrong = params["level"] in ("error", "warn") and not unfinished
            return f"console {params['level']}: {params['text']}" if wrong else None
        address = params["request"]["url"]
        if address.endswith("/favicon.ico"):
            # Firefox asks every site for it when a page comes back from the cache.
            return None
        if method == "network.beforeRequestSent":
            return None if address.startswith(INSIDE) else f"leaves the book: {address}"
        if method == "network.fetchError":
            return f"{params['errorText']}: {address}"
        status = params["response"]["status"]
        return f"{status}: {address}" if status >= 400 else None


# What a page that watches itself writes down, from the moment it is open.
WATCH = """() => {
    if (window.wrongs) return;
    window.wrongs = [];
    const note = (text) => window.wrongs.push(text);
    addEventListener("error", (event) => note(`script error: ${event.message || event.target.src}`), true);
    addEventListener("unhandledrejection", (event) => note(`script error: ${event.reason}`));
    addEventListener("securitypolicyviolation", (event) => note(`refused: ${event.blockedURI}`));
    for (const level of ["error", "warn"]) {
        console[level] = (...all) => note(`console ${level}: ${all.join(" ")}`);
    }
}"""
# That, and what the page has asked for, which the browser remembers from its beginning.
WATCHED = """() => {
    if (!window.wrongs) return [[], []];
    const asked = performance.getEntriesByType("resource").map((entry) => entry.name);
    performance.clearResourceTimings();
    return [window.wrongs.splice(0), asked];
}"""


@cache
def _is_there(address):
    """Ask for an address once more: WebKit does not say what it got."""
    direct = build_opener(ProxyHandler({}))
    try:
        direct.open(Request(address, method="HEAD"), timeout=PATIENCE).close()
    except OSError:
        return False
    return True


class WebKit(Engine):
    """WebKitGTK over WebDriver, https://www.w3.org/TR/webdriver2/."""

    def __init__(self, port):
        self._port = port
        self._session = ""
        self._wrongs = []
        self._patience = SEARCH
        capabilities = {"alwaysMatch": {"proxy": NO_NETWORK}}
        answer = self._send("POST", "/session", capabilities=capabilities)
        self._patience = PATIENCE
        self._session = f"/session/{answer['sessionId']}"

    def _send(self, method, path, **parameters):
        """Give a command and return its result."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=self._patience)
        try:
            body = json.dumps(parameters) if method == "POST" else None
            connection.request(method, self._session + path, body)
            answer = connection.getresponse()
            value = json.loads(answer.read())["value"]
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"WebKit refuses {path}: {value['error']} {value['message']}")
        return value

    def _go(self, address):
        self._leave("/url", url=address)

    def _go_back(self):
        self._leave("/back")

    def _go_again(self):
        self._leave("/refresh")

    def _leave(self, command, **parameters):
        self._note()
        self._send("POST", command, **parameters)

    def _note(self):
        """Note down what went wrong on the page that is open."""
        wrongs, asked = self.call(WATCHED)
        outside = [address for address in asked if not address.startswith(INSIDE)]
        missing = [
            address for address in asked if address not in outside and not _is_there(address)
        ]
        self._wrongs += wrongs
        self._wrongs += [f"leaves the book: {address}" for address in outside]
        self._wrongs += [f"is not there: {address}" for address in missing]

    def _arrive(self):
        self.call(WATCH)
        super()._arrive()

    def call(self, function, *arguments):
        """Call a JavaScript function in the page and return its answer."""
        script = """
            const [text, done] = arguments;
            (%s)(text).then((answer) => done([answer, null]), (error) => done([null, String(error)]));
        """
        script %= CALL % function
        values = [json.dumps(arguments)]
        answer, error = self._send("POST", "/execute/async", script=script, args=values)
        if error:
            raise RuntimeError(error)
        return json.loads(answer)

    def press(self, selector, key):
        """Press a key on an element."""
        element = self._send("POST", "/element", using="css selector", value=selector)
        [name] = element.values()
        self._send("POST", f"/element/{name}/value", text=KEYS[key])

    def _told(self):
        self._note()
        wrongs, self._wrongs = self._wrongs, []
        return wrongs


# ---- starting and ending


@contextmanager
def _running(*command, log, **variables):
    """Run a program, and end it with all that it started."""
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **variables},
            start_new_session=True,
        )
    try:
        yield process
    finally:
        for kind in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, kind)
                process.wait(10)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue


def _wait(process, log, ready):
    """Wait until the program is ready, and return what ``ready`` then gives."""
    end = time.monotonic() + PATIENCE
    while not (answer := ready()):
        if process.poll() is not None or time.monotonic() > end:
            said = log.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{process.args[0]} does not start. It says:\n{said}")
        time.sleep(0.02)
    return answer


@contextmanager
def _folder():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def firefox(program):
    """Run a Firefox with a profile of its own; it chooses a free port and writes it down."""
    with _folder() as home:
        log = home / "log"
        options = ["--headless", "--no-remote", "--remote-debugging-port=0"]
        command = [program, *options, "--profile", str(home)]
        # It refuses root in the home of somebody else.
        with _running(*command, log=log, HOME=str(home)) as process:
            listening = re.compile(r"WebDriver BiDi listening on (ws://\S+)\n")
            found = _wait(process, log, lambda: listening.search(log.read_text(errors="replace")))
            connection = websocket.create_connection(
                f"{found[1]}/session",
                timeout=PATIENCE,
                suppress_origin=True,
                http_no_proxy=["127.0.0.1"],
            )
            yield Firefox(connection)
            connection.close()


@contextmanager
def _screen(folder):
    """Run a screen that nobody sees and give its name; it chooses a free number and writes it down."""
    log = folder / "screen"
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with _running(*command, log=log) as process:
        number = re.compile(r"^(\d+)\n", re.MULTILINE)
        yield f":{_wait(process, log, lambda: number.search(log.read_text()))[1]}"


@contextmanager
def webkit(program):
    """Run WebKitGTK's driver and its browser, which keeps nothing on the disk, on a screen of its own."""
    with _folder() as folder, _screen(folder) as screen:
        for _ in range(5):
            log, port = folder / "log", _free_port()
            command = [program, f"--port={port}"]
            # No graphics card draws on such a screen.
            ways = {"GDK_BACKEND": "x11", "WEBKIT_DISABLE_COMPOSITING_MODE": "1"}
            with _running(*command, log=log, DISPLAY=screen, **ways) as process:
                _wait(process, log, lambda port=port: _listens(port))
                try:
                    browser = WebKit(port)
                except OSError:
                    # Once in a while driver and browser do not find each other; no answer comes.
                    continue
                yield browser
                return
    raise RuntimeError(f"{program} opens no window.")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
