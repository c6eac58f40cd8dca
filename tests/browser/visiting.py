"""A reader's visit to a page: opening it, moving its controls, reading what it shows.

A visit writes down everything that must not happen: a request that leaves the book, an address
that is not there, a message on the console, an error of a script.
"""

from pathlib import Path

from playwright.sync_api import expect

PATIENCE = 20_000
WIDTHS = {"desktop": 1280, "phone": 375}
PAGE_SIDE = Path(__file__).with_name("page_side.js").read_text(encoding="utf-8")


class Visit:
    """A browser window in which one page of the book is open.

    Parameters
    ----------
    browser : playwright Browser
    home : str
        Address of the built book's folder, without a slash at the end.
    width, height : int
        Size of the window.
    **options
        Further settings of the window, such as ``color_scheme="dark"``.
    """

    def __init__(self, browser, home, width=1280, height=900, **options):
        self.home = home
        self.wrongs = []
        self.requests = []
        size = {"width": width, "height": height}
        self.context = browser.new_context(viewport=size, **options)
        self.context.add_init_script(PAGE_SIDE)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("request", self._on_request)
        self.page.on("requestfailed", self._on_failure)
        self.page.on("response", self._on_response)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self._wrong(f"script error: {error}"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()

    # ---- what must not happen

    def _wrong(self, what):
        self.wrongs.append(what)

    def _on_request(self, request):
        self.requests.append(request.url)
        if not request.url.startswith((f"{self.home}/", "data:", "blob:")):
            self._wrong(f"leaves the book: {request.url}")

    def _on_failure(self, request):
        # A page that is left before it has loaded everything drops what it was waiting for.
        if request.failure != "net::ERR_ABORTED":
            self._wrong(f"{request.failure}: {request.url}")

    def _on_response(self, response):
        if response.status >= 400:
            self._wrong(f"{response.status}: {response.url}")

    def _on_console(self, message):
        if message.type in ("error", "warning"):
            self._wrong(f"console {message.type}: {message.text}")

    def assert_nothing_went_wrong(self):
        """Fail with all that went wrong since the last call."""
        wrongs, self.wrongs = self.wrongs, []
        assert not wrongs, "\n".join(wrongs)

    # ---- the page

    def open(self, page):
        """Open a page of the book, such as ``"book/index.html"``."""
        self.page.goto(f"{self.home}/{page}")

    def reload(self):
        """Open the page afresh, as before the reader's first action."""
        self.page.goto(self.page.url.partition("#")[0])
        self.page.evaluate("scrollTo({top: 0, behavior: 'instant'})")

    def ask(self, function, *arguments):
        """Call a function of ``page_side.js`` and return its answer."""
        return self.page.evaluate(f"arguments => window.reader.{function}(...arguments)", arguments)

    def explorers(self):
        """Return the names of the page's explorers, in order."""
        return self.page.eval_on_selector_all(
            "figure.explorer", "figures => figures.map(figure => figure.id)"
        )

    def wake(self):
        """Act as a reader's first action and scroll past every explorer until all charts are live."""
        self.page.mouse.move(5, 5)
        self.page.mouse.move(9, 9)
        for name in self.explorers():
            self.explorer(name).see()

    def wake_at_once(self):
        """Make all charts live by script; how a reader wakes them is a test of its own."""
        self.ask("wakeAll")

    def reset(self):
        """Put every control of the page back, as its Reset button does."""
        self.ask("resetAll")

    def explorer(self, name):
        """Return the explorer of this name."""
        return Figure(self, name)

    def open_all_folds(self):
        """Unfold every solution and every table of numbers."""
        self.page.evaluate(
            "document.querySelectorAll('details').forEach(fold => { fold.open = true })"
        )


class Figure:
    """An explorer on the page."""

    def __init__(self, visit, name):
        self.visit = visit
        self.name = name
        self.root = visit.page.locator(f"figure[id='{name}']")

    def see(self):
        """Scroll to the explorer and wait until its chart is live."""
        self.root.scroll_into_view_if_needed()
        expect(self.root).to_have_attribute("data-live", "yes")

    def control(self, name):
        """Return the input, select or checkbox of a control."""
        return self.root.locator(f"[name='{name}']")

    def set(self, settings):
        """Set controls by script, all at once; return what the explorer then shows."""
        return self.visit.ask("set", self.name, settings)

    def shows(self):
        """Wait for the redraw and return what the explorer shows.

        Returns
        -------
        dict
            ``settings``, ``outputs``, ``sentence``, ``svg``, ``cells`` (the table of numbers, if it
            is unfolded) and ``readouts``: for each slider its read-out and its ``aria-valuetext``.
        """
        return self.visit.ask("shows", self.name)

    def fold(self, shut=True):
        """Fold the table of numbers, or unfold it."""
        self.visit.ask("fold", self.name, not shut)

    def try_settings(self, settings):
        """Set the controls to each of several settings in turn.

        Returns
        -------
        list of dict
            What the explorer shows each time, and ``drawn``: its marks with their rows, data and
            the values to which their places on the axes belong.
        """
        return self.visit.ask("trySettings", self.name, settings)

    def reset(self):
        """Press the Reset button and return what the explorer then shows."""
        self.root.locator("button[type='reset']").click()
        return self.shows()
