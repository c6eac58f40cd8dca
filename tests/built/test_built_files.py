"""The files of the built book: links, sources of everything loaded, and the policy."""

import re
import zipfile
from urllib.parse import unquote, urlsplit

import book

# What makes a browser load something, and where its address stands.
LOADS = {
    "script": "src",
    "img": "src",
    "link": "href",
    "iframe": "src",
    "source": "src",
    "object": "data",
    "video": "src",
    "audio": "src",
    "embed": "src",
}


def is_elsewhere(address):
    return bool(urlsplit(address).scheme or urlsplit(address).netloc) and not address.startswith(
        "data:"
    )


def test_every_chapter_is_a_page(pages, book_folder):
    assert {book_folder / chapter.page for chapter in book.chapters()} <= set(pages)


def test_numbers_are_printed_as_numbers(pages):
    """Not as the Python objects that hold them, nor with all their digits: 0.81."""
    odd = [
        (file.name, output.get_text().strip()[:60])
        for file, page in pages.items()
        for output in page.select(".output.text_plain")
        if re.search(r"np\.\w+\(|array\(|\d\.\d{6}", output.get_text())
    ]
    assert not odd


def test_headings_of_tables_are_words(pages):
    """Not the names of variables."""
    odd = [
        (file.name, heading.get_text())
        for file, page in pages.items()
        for heading in page.select("article th")
        if re.search(r"\w_\w", heading.get_text())
    ]
    assert not odd


def test_no_page_shows_how_its_source_was_fetched(pages):
    shown = [file.name for file, page in pages.items() if "getsource" in page.get_text()]
    assert not shown


def test_nothing_is_loaded_from_elsewhere(pages, book_folder):
    foreign = [
        (file.name, tag[attribute])
        for file, page in pages.items()
        for name, attribute in LOADS.items()
        for tag in page.find_all(name)
        if is_elsewhere(tag.get(attribute, ""))
        and tag.get("rel") not in (["canonical"], ["license"])
    ]
    assert not foreign
    for style in book_folder.rglob("*.css"):
        assert not re.search(
            r"""(url\(\s*['"]?|@import\s+['"])(https?:)?//""", style.read_text(encoding="utf-8")
        ), style


def test_every_address_inside_the_book_exists(pages, book_folder):
    broken = []
    for file, page in pages.items():
        for tag in page.find_all(True):
            for attribute in ("href", "src"):
                address = tag.get(attribute)
                if (
                    address
                    and not is_elsewhere(address)
                    and not address.startswith(("data:", "mailto:"))
                    and tag.find_parent("svg") is None
                    and tag.name != "base"
                ):
                    broken += [(file.name, address)] if not _resolves(file, address, pages) else []
    assert not broken


def _resolves(file, address, pages):
    parts = urlsplit(address)
    target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
    if not target.is_file():
        return False
    if not parts.fragment or target not in pages:
        return True
    wanted = unquote(parts.fragment)
    return (
        pages[target].find(id=wanted) is not None
        or pages[target].find(attrs={"name": wanted}) is not None
    )


def test_pages_carry_a_policy_without_eval(pages):
    for file, page in pages.items():
        if not page.find("script"):
            continue
        policies = page.find_all("meta", attrs={"http-equiv": "Content-Security-Policy"})
        assert len(policies) == 1, file
        rules = dict(rule.strip().partition(" ")[::2] for rule in policies[0]["content"].split(";"))
        assert rules["default-src"] == "'none'"
        assert not re.search(r"unsafe-(inline|eval|hashes)|https?:|\*", rules["script-src"])
        # A policy counts for what comes after it.
        before = {tag.name for tag in policies[0].find_all_previous(True)}
        assert before <= {"html", "head", "meta"}, file


def test_ids_are_unique_on_each_page(pages):
    for file, page in pages.items():
        ids = [tag["id"] for tag in page.find_all(id=True)]
        double = {name for name in ids if ids.count(name) > 1}
        assert not double, f"{file.name}: {double}"


def test_no_page_needs_a_kernel_or_its_scripts(pages, book_folder):
    for file, page in pages.items():
        scripts = [tag.get("src", "") + tag.get("type", "") for tag in page.find_all("script")]
        unwanted = [
            name
            for name in scripts
            if re.search(
                "thebe|require|mathjax|fontawesome|widget-state|html-manager", name, re.IGNORECASE
            )
        ]
        assert not unwanted, f"{file.name}: {unwanted}"


def test_every_table_is_offered_as_it_is(pages, book_folder):
    tables = sorted((book.ROOT / "data").glob("*.csv"))
    linked = {
        (file.parent / unquote(tag["href"])).resolve()
        for file, page in pages.items()
        for tag in page.find_all("a", href=True)
        if not is_elsewhere(tag["href"])
    }
    with zipfile.ZipFile(book_folder / "_static" / "data.zip") as archive:
        packed = set(archive.namelist())
    for table in [*tables, book.ROOT / "data" / "datapackage.json"]:
        offered = book_folder / "_static" / "data" / table.name
        assert offered.read_bytes() == table.read_bytes()
        # Sources are listed on the page itself.
        assert offered in linked or table.stem == "sources", table.name
        assert f"data/{table.name}" in packed


def test_all_maps_share_one_copy_of_the_outlines(pages, book_folder):
    maps = [
        script
        for page in pages.values()
        for script in page.select("figure.explorer script[type='application/json']")
        if '"boundaries":' in script.text
    ]
    assert maps
    assert all('"boundaries":null' in script.text for script in maps)
    script = (book_folder / "_static" / "boundaries.js").read_text(encoding="utf-8")
    assert '["boundaries"]=[{"type":"Feature"' in script
