"""The frame of every page: its head, its one style sheet, its scripts, and what all of it weighs."""

import gzip
import re
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from why_people_move import addresses, head, scripts, sheet

import book

# Kilobytes that a page may fetch, gzipped: to be read, and to be alive. A phone in the country gets
# a hundred a second.
FIRST_LOAD, AWAKE = 300, 600


@pytest.fixture(scope="module")
def framed(pages, book_folder):
    """The pages without the door, which only leads to the first of them."""
    return {file: page for file, page in pages.items() if file != book_folder / "index.html"}


@pytest.fixture(scope="module")
def style(book_folder):
    return (book_folder / "_static" / "book.css").read_text(encoding="utf-8")


# ---- the head


def test_encoding_comes_first_and_the_viewport_once(pages):
    for file, page in pages.items():
        assert file.read_bytes().find(b"<meta charset=") < 1024, file.name
        assert page.head.find(True).get("charset", "").lower() == "utf-8", file.name
        assert len(page.find_all("meta", attrs={"name": "viewport"})) == 1, file.name
        assert page.html["lang"] == "en" and page.title.get_text().strip(), file.name


def test_every_page_says_what_it_is_about(framed):
    seen = {}
    for file, page in framed.items():
        content = {
            tag.get("name") or tag.get("property"): tag["content"]
            for tag in page.find_all("meta", content=True)
        }
        assert content["og:title"] and content["og:site_name"] == "Why People Move", file.name
        if content.get("robots") == "noindex" and file.stem == "search":
            continue
        about = content["description"]
        assert about == content["og:description"]
        assert 25 <= len(about) <= head.LONGEST, f"{file.name}: {about}"
        assert about[-1] in ".?!…" and "$" not in about and "<" not in about, about
        assert about not in seen, f"{file.name} and {seen[about]} say the same"
        seen[about] = file.name


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Almaty grows.", "Almaty grows."),
        ("Almaty grows. Many come from the south.", "Almaty grows."),
        ("In 2022 it grew by 1.5 percent. Many come.", "In 2022 it grew by 1.5 percent."),
        ("Almaty grows because many come from the south of the country.", "Almaty grows because many come…"),
    ],
)  # fmt: skip
def test_a_long_description_ends_with_a_sentence_or_a_word(text, short):
    assert head.shortened(text, longest=33) == short


# ---- one style sheet


def test_pages_have_one_style_sheet(framed):
    for file, page in framed.items():
        sheets = [link["href"] for link in page.select("link[rel=stylesheet]")]
        assert len(sheets) == 1 and "_static/book.css?v=" in sheets[0], (file.name, sheets)


def test_what_a_style_sheet_asks_for_is_there(style, book_folder):
    asked = {
        address
        for address in re.findall(r"url\([\"']?([^)\"']+)", style)
        if not address.startswith(("data:", "#"))
    }
    assert asked and "@import" not in style
    assert not [address for address in asked if not (book_folder / "_static" / address).is_file()]


def test_style_keeps_what_pages_use_and_drops_the_rest():
    css = (
        ".kept{color:red} .dropped{color:red} p.kept > b{color:red} [data-theme=dark] .kept{color:red}"
        ".by-script{color:var(--used)} :root{--used:red;--read-elsewhere:red;--unused:red}"
    )
    words = ["p", "b", "class", "kept", "by-script", "data-theme", "dark"]
    kept = sheet.purged(css, words, ["--read-elsewhere"])
    assert kept.count(".kept") == 3 and ".by-script" in kept and "--used" in kept
    assert "--read-elsewhere" in kept
    assert "dropped" not in kept and "--unused" not in kept


def test_a_font_that_no_rule_names_is_dropped():
    face = '@font-face{font-family:"%s";src:url(a.woff2)}'
    css = face % "Main" + face % "Fraktur" + ".katex{font:normal 1em Main, serif}"
    assert sheet._families_in_use(css) == face % "Main" + ".katex{font:normal 1em Main, serif}"


def test_fonts_draw_every_letter_that_a_page_shows(pages, style, book_folder):
    """No letter of a formula and no icon falls back to a font of the system."""
    folder = book_folder / "_static"
    fonts = {path.name: set(TTFont(path).getBestCmap()) for path in folder.rglob("*.woff2")}
    formulas = set().union(*(codes for name, codes in fonts.items() if name.startswith("KaTeX")))
    shown = {
        letter
        for page in pages.values()
        for formula in page.select(".katex-html")
        for letter in formula.get_text()
    }
    # What takes no ink: spaces, and marks that only keep a place.
    missing = {letter for letter in shown if ord(letter) not in formulas and letter.isprintable()}
    assert shown and not {letter for letter in missing if letter.strip()}
    icons = set().union(*(codes for name, codes in fonts.items() if name.startswith("fa-")))
    assert set(map(ord, re.findall("[\ue000-\uf8ff]", style))) <= icons
    classes = {
        name
        for page in pages.values()
        for icon in page.select("i[class*=fa-]")
        for name in icon["class"]
        if re.fullmatch(r"fa-[a-z-]+", name)
        and name not in ("fa-solid", "fa-brands", "fa-lg", "fa-fw")
    }
    for name in classes:
        rule = re.search(rf'\.{name}:{{1,2}}before[^{{]*\{{\s*content:\s*"\\([0-9a-f]+)"', style)
        assert rule and int(rule[1], 16) in icons, name


# ---- scripts


def test_no_script_holds_up_the_text(framed):
    for file, page in framed.items():
        waiting = [
            tag["src"] for tag in page.find_all("script", src=True) if not tag.has_attr("defer")
        ]
        assert not waiting, file.name
        inline = [
            tag for tag in page.find_all("script", src=False) if "json" not in tag.get("type", "")
        ]
        assert len(inline) == 1 and len(inline[0].get_text()) < 2000, file.name


def test_scripts_that_wait_keep_their_order():
    html = '<script src="a.js"></script><script defer src="b.js"></script><script>x</script>'
    wanted = (
        '<script defer src="a.js"></script><script defer src="b.js"></script><script>x</script>'
    )
    assert scripts.deferred(html) == wanted == scripts.deferred(wanted)


def test_every_script_in_the_book_is_for_some_page(framed, book_folder):
    """What others bring along and no page asks for is not published."""
    asked = {
        (file.parent / unquote(urlsplit(tag["src"]).path)).resolve()
        for file, page in framed.items()
        for tag in page.find_all("script", src=True)
    }
    # These are fetched by the page's own script, and the code of a chapter's figures.
    later = {"vega.js", "boundaries.js"} | {f"figures.{one.name}.js" for one in book.chapters()}
    left = {
        path.name
        for path in (book_folder / "_static").rglob("*.js")
        if path.resolve() not in asked and path.name not in later | {"design-tabs.js"}
    }
    assert not left
    assert not [
        *(book_folder / "_static").rglob("*.map"),
        *(book_folder / "_static").glob("locales"),
    ]


# ---- weight


def gzipped(path):
    return len(gzip.compress(path.read_bytes(), 6)) / 1000


def loaded(file, page, style, folder):
    """Return the files that a page fetches to be read, and those it fetches to be alive."""
    static = folder / "_static"
    first = {file, static / "book.css"}
    for tag, attribute in (("script", "src"), ("img", "src"), ("link", "href")):
        for found in page.find_all(tag, attrs={attribute: True}):
            wanted = tag != "link" or found.get("rel") == ["icon"]
            if wanted and not found[attribute].startswith("data:"):
                first.add((file.parent / unquote(urlsplit(found[attribute]).path)).resolve())
    formulas = bool(page.select_one(".katex"))
    first |= {
        path for path in static.rglob("*.woff2") if formulas or not path.name.startswith("KaTeX")
    }
    awake = {static / "vega.js"} if page.select_one("figure.explorer") else set()
    if '"boundaries":null' in str(page):
        awake.add(static / "boundaries.js")
    return first, awake


def test_pages_are_light(book_folder, framed, style, chapter):
    file = book_folder / chapter.page
    first, awake = loaded(file, framed[file], style, book_folder)
    weight = sum(map(gzipped, first))
    detail = {path.name: round(gzipped(path)) for path in sorted(first, key=gzipped)[-4:]}
    assert weight <= FIRST_LOAD, f"{weight:.0f} kB before anything moves: {detail}"
    assert weight + sum(map(gzipped, awake)) <= AWAKE, f"{weight:.0f} kB and {awake}"


# ---- addresses


@pytest.mark.parametrize(
    ("named", "address"),
    [
        ("", ""),
        ("https://someone.github.io/why-people-move", "https://someone.github.io/why-people-move/"),
        ("https://example.org/", "https://example.org/"),
    ],
)
def test_environment_names_the_address(named, address):
    assert addresses.book_address({"BOOK_ADDRESS": named}) == address
    assert addresses.book_address({}) == ""


@pytest.mark.parametrize(
    "named", ["example.org", "file:///srv/book", 'https://a"onload=x', "https://"]
)
def test_what_is_no_address_is_refused(named):
    with pytest.raises(ValueError, match="BOOK_ADDRESS"):
        addresses.book_address({"BOOK_ADDRESS": named})


def test_site_map_lists_the_pages():
    root = ElementTree.fromstring(
        addresses.site_map("https://example.org/", ["book/lee.html"]).encode()
    )
    assert [place.text for place in root.iter() if place.tag.endswith("loc")] == [
        "https://example.org/book/lee.html"
    ]


def test_door_leads_to_the_first_page(book_folder):
    door = BeautifulSoup((book_folder / "index.html").read_text(encoding="utf-8"), "html.parser")
    target = door.find("meta", attrs={"http-equiv": "refresh"})["content"].partition("url=")[2]
    assert (book_folder / target).is_file() and door.a["href"] == target


def test_page_for_all_others_works_from_any_depth(pages, book_folder):
    page = pages[book_folder / "404.html"]
    bases = page.find_all("base")
    assert len(bases) == 1 and bases[0]["href"].startswith("/")
    # It stands before everything that has an address.
    assert not bases[0].find_all_previous(attrs={"href": True})
    assert not bases[0].find_all_previous(attrs={"src": True})
    listed = {(book_folder / link["href"]).resolve() for link in page.select("nav a[href]")}
    assert {book_folder / chapter.page for chapter in book.chapters()} <= listed


# ---- translation


def test_formulas_are_not_translated(framed):
    for file, page in framed.items():
        for formula in page.select(".katex"):
            outer = formula.find_parent(attrs={"translate": "no"})
            assert outer and "notranslate" in outer["class"], file.name


def test_folds_are_named_by_their_text(framed):
    for file, page in framed.items():
        for summary in page.select("summary"):
            assert not summary.has_attr("aria-label") and summary.get_text().strip(), file.name
