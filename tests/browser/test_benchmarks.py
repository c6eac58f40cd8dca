"""The parts of `make bench`: that they measure at all. How fast anything is, no test says."""

import gzip
import json
import urllib.request
from pathlib import Path

import browsing
import moves
import pages
import pytest
import run
import shown_by_stock
import stock
from row import Row

import book

# Where a test needs one page only.
FEWEST = min(book.covering_chapters(), key=lambda chapter: len(book.figures_shown(chapter)))


@pytest.fixture(scope="module")
def seen(chromium, book_server):
    """What the benchmark finds on one page, over http."""
    return pages.look(chromium, f"{book_server}/{FEWEST.page}")


def test_a_page_is_weighed_woken_and_moved(seen):
    assert seen.charts == seen.alive == len(FEWEST.explorers)
    assert seen.slider and not seen.wrongs and not seen.outside
    page, vega = (
        len(gzip.compress((book.BUILT / name).read_bytes(), 6)) / 1000
        for name in (FEWEST.page, "_static/vega.js")
    )
    assert seen.first > page
    # Vega is what a page keeps back until a reader acts.
    assert seen.awake - seen.first == pytest.approx(vega, rel=0.2)


def test_a_move_is_timed_and_its_work_counted(chromium, book_server):
    with browsing.phone(chromium) as page:
        page.goto(f"{book_server}/{FEWEST.page}")
        figure = moves.one_figure(page, FEWEST.name, 0, speeds=(1,), moves=6)
    assert figure.title == FEWEST.explorers[0].title
    assert figure.times[1] and min(figure.times[1]) > 0
    work = figure.work
    assert 0 < work["script"] + work["style"] + work["layout"] < work["all"]
    assert figure.frames > 0 and figure.nodes > 0


def test_each_figure_has_one_row_and_the_worst_is_named():
    figures = [
        moves.Figure("page", title, 9, {4: times}, {}, 0, 0)
        for title, times in (("Fast", [20.0, 30.0]), ("Slow", [90.0]), ("Dead", []))
    ]
    together, *single = moves._time_rows(figures[:2], 4)
    assert not together.met and "1 of 2 within" in together.measured
    assert "worst 90.0 (page: Slow)" in together.measured
    assert [row.met for row in single] == [True, False]
    *_, dead = moves._time_rows(figures, 4)
    assert not dead.met and "no move" in dead.measured


def test_what_is_met_is_not_printed_one_by_one():
    rows = [
        Row("time", "all", "1 s", "2 s", False),
        Row("time", "a", "1 s", "0.5 s", True, detail=True),
        Row("time", "b", "1 s", "2 s", False, detail=True),
    ]
    assert run.printed(rows) == [rows[0], rows[2]]
    assert "1 of 3 within budget, 2 missed." in run.table(rows, "")


def test_a_missed_budget_makes_the_program_fail(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(run, "machine", lambda: "a machine")
    monkeypatch.setattr(run, "RESULT", tmp_path / "benchmarks.md")
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "parsed", lambda: (["page"], []))
    for met in (True, False):
        rows = [Row("time", "here", "1 s", "2 s", met)]
        monkeypatch.setitem(run.PARTS, "page", lambda _, rows=rows: rows)
        with pytest.raises(SystemExit) as end:
            run.main()
        assert bool(end.value.code) != met
    assert "**MISSED**" in run.RESULT.read_text(encoding="utf-8")
    assert "1 missed" in capsys.readouterr().out


def test_parts_and_pages_can_be_chosen():
    assert run.parsed([]) == ([*run.PARTS], [])
    words = ["--only", "moves", "page", "--pages", FEWEST.name]
    assert run.parsed(words) == (["moves", "page"], [FEWEST])


def test_server_packs_text_and_changes_it(tmp_path):
    (tmp_path / "page.html").write_text("old " * 999, encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"old")
    elsewhere = {"/elsewhere/one.js": tmp_path / "picture.png"}.get
    with browsing.served(tmp_path, lambda text: text.replace(b"old", b"new"), elsewhere) as home:
        with urllib.request.urlopen(f"{home}/page.html") as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(answer.read()) == b"new " * 999
        for name in ("picture.png", "elsewhere/one.js"):
            with urllib.request.urlopen(f"{home}/{name}") as answer:
                assert answer.read() == b"old" and not answer.headers["Content-Encoding"]


# ---- the stock book


def test_stock_charts_carry_their_rows():
    """Altair checks them; they read nothing that only the engine would hand over."""
    for explorer in FEWEST.explorers:
        spec = shown_by_stock.chart_of(explorer).to_dict()
        assert len(spec["datasets"][spec["data"]["name"]]) == len(
            explorer.rows_shown(explorer.at_default)
        )
        assert not [param for param in spec.get("params", []) if param["name"] == "model"]


def test_stock_chapter_has_one_cell_more(chapter):
    cells = stock.stock_notebook(chapter).cells
    assert len(cells) == len(book.cells(chapter)) + 1
    assert "stock()" in cells[1].source and cells[1].metadata.tags == ["remove-cell"]


def test_stock_book_has_none_of_our_extensions():
    told = stock.configuration()
    assert "sphinx" not in told and "html" not in told and told["execute"]


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/book/index.html", None),
        ("cdn.jsdelivr.net/npm/vega@6?noext", "vega@6/build/vega.min.js"),
        ("cdn.jsdelivr.net/npm/mathjax@3/es5/tex-mml-chtml.js", "mathjax@3/es5/tex-mml-chtml.js"),
        ("cdn.jsdelivr.net/npm/@a/b@1.0.6/dist/c.js", "@a/b@1.0.6/dist/c.js"),
        ("cdn.example.org/a.js", None),
    ],
)
def test_addresses_of_other_servers_lead_to_copies(monkeypatch, address, file):
    monkeypatch.setattr(stock, "package", lambda name, wanted: Path(f"{name}@{wanted}"))
    monkeypatch.setattr(stock, "_main", lambda folder: "build/vega.min.js")
    changed = address if address.startswith("/") else f'"https://{address}" integrity="sha256-x"'
    served = stock.with_copies(changed.encode()).decode().strip('"').partition("?")[0]
    assert "https:" not in served and "integrity" not in served
    assert stock.copy_of(served) == (file and Path(file))


# ---- Lighthouse


def test_lighthouse_is_pinned_and_only_the_benchmark_has_it():
    folder = book.ROOT / "benchmarks"
    wanted = json.loads((folder / "package.json").read_text(encoding="utf-8"))["dependencies"]
    locked = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all(version[0].isdigit() for version in wanted.values())
    assert locked[""]["dependencies"] == wanted
    assert "lighthouse" not in (book.ROOT / "package.json").read_text(encoding="utf-8")
