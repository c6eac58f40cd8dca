"""Tables of the text that a phone can show: each is marked by what it holds.

Where the page is narrow, a table of words becomes a card for each row; a table of numbers keeps its
columns, can be scrolled, and holds on to its first one. The style is in ``book/_styles/tables.css``.
An author writes a table in Markdown, or lets a cell print a data frame, and marks nothing.
"""

import re

from bs4 import BeautifulSoup

# The tables of Sphinx and of pandas, with what the theme and pandas put around them. An explorer's
# table has neither class: the engine makes and styles it.
FROM_SPHINX = re.compile(
    r'<div class="pst-scrollable-table-container">(<table\b.*?</table>)\s*</div>', flags=re.DOTALL
)
FROM_PANDAS = re.compile(
    r'<style scoped>[^<]*</style>\s*(<table\b[^>]*class="dataframe".*?</table>)', flags=re.DOTALL
)
NUMBER = re.compile(r"[+\-−]?\d[\d,. ]*%?(?: ?\w)?|NaN|<NA>|[–·]?")
# More letters than this in a cell beside the first one, or in a row, do not fit a phone's line.
LONG_CELL, LONG_ROW = 30, 40


def _text(cell):
    """Return what stands in a cell; a formula, which the page holds three times, counts once."""
    copy = BeautifulSoup(str(cell), "html.parser")
    for other_copy in copy.select(".katex annotation, .katex-html"):
        other_copy.decompose()
    return " ".join(copy.get_text().split())


def _is_formula(cell):
    copy = BeautifulSoup(str(cell), "html.parser")
    for formula in copy.select(".math"):
        formula.decompose()
    return not re.search(r"\w", copy.get_text())


def _tidy_frame(table):
    """Undo what pandas prints for a reader of code: borders, a second row of headings, row numbers."""
    table.attrs = {"class": ["table"]}
    for row in table.find_all("tr"):
        row.attrs = {}
    heads = table.thead.find_all("tr")
    if len(heads) == 2 and not any(map(_text, heads[1].find_all("th")[1:])):
        # The name of the rows stands below that of the columns.
        name = heads.pop().extract().th
        heads[0].th.replace_with(name)
    rows = [heads[0], *table.tbody.find_all("tr")]
    keys = [_text(row.th) for row in rows]
    if not keys[0] and all(key.isdecimal() for key in keys[1:]):
        for row in rows:
            row.th.decompose()


def _columns_of_numbers(texts):
    columns = list(zip(*texts, strict=True))
    return [
        position
        for position, column in list(enumerate(columns))[1:]
        if all(map(NUMBER.fullmatch, column)) and re.search(r"\d", "".join(column))
    ]


def _is_of_words(texts):
    """Tell whether a table is better read row by row than down its columns."""
    columns = [[len(text) for text in column] for column in zip(*texts, strict=True)]
    if any(max(column) > LONG_CELL for column in columns[1:]):
        return True
    few_numbers = 2 * len(_columns_of_numbers(texts)) < len(columns) - 1
    return few_numbers and sum(map(max, columns)) > LONG_ROW


def _mark(html, frame=False):
    soup = BeautifulSoup(html, "html.parser")
    table = soup.table
    if frame:
        _tidy_frame(table)
    head = table.select("thead tr:last-child > *")
    rows = [row.find_all(["th", "td"]) for row in table.tbody.find_all("tr")]
    names = [_text(cell) for cell in head]
    texts = [[_text(cell) for cell in row] for row in rows]
    _name_roles(table, rows)
    # A table without a head, or with joined cells, scrolls.
    is_plain = {len(row) for row in rows} == {len(head)}
    for position in _columns_of_numbers(texts) if is_plain else ():
        for cell in [head[position], *(row[position] for row in rows)]:
            cell["class"] = sorted({*cell.get("class", []), "text-right"})
    if is_plain and _is_of_words(texts):
        table["class"].append("words")
        _label_values(names, rows, texts)
        return str(table)
    table["class"].append("numbers")
    label = "Table: " + ", ".join(filter(None, names))
    # A group and no region: a page has several tables, too many to be landmarks.
    holder = soup.new_tag("div", attrs={"class": "table-scroll", "tabindex": "0"})
    holder.attrs |= {"role": "group", "aria-label": label}
    table.wrap(holder)
    return str(holder)


def _name_roles(table, rows):
    """Say what each part is: a table whose rows are shown as cards is no table for a screen reader."""
    table["role"] = "table"
    for part in table.find_all(["thead", "tbody"]):
        part["role"] = "rowgroup"
    for row in table.find_all("tr"):
        row["role"] = "row"
    for cell in table.select("thead :is(th, td)"):
        cell["role"] = "columnheader"
    for cells in rows:
        for cell in cells:
            cell["role"] = "cell"
        # A heading needs a word; a formula alone is read as a cell.
        if cells and not _is_formula(cells[0]):
            cells[0]["role"] = "rowheader"


def _label_values(names, rows, texts):
    """Note beside each value its heading, for the cards."""
    # A short first cell is the title of its card; a long one needs its heading, too.
    is_titled = all(len(row[0]) <= LONG_CELL for row in texts)
    title = ""
    for cells, row in zip(rows, texts, strict=True):
        for name, cell, text in zip(names, cells, row, strict=True):
            if name and text and not (is_titled and cell is cells[0]):
                cell["data-heading"] = name if name.endswith(("?", "…")) else f"{name}:"
        # An empty first cell means the same as above.
        title = row[0] or title
        if is_titled and not row[0]:
            cells[0]["data-heading"] = title


def _mark_tables(app, pagename, templatename, context, doctree):
    if doctree is None:
        return
    body = FROM_SPHINX.sub(lambda found: _mark(found[1]), context["body"])
    context["body"] = FROM_PANDAS.sub(lambda found: _mark(found[1], frame=True), body)


def setup(app):
    app.connect("html-page-context", _mark_tables)
