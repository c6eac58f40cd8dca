// @ts-check
/* The table of an explorer's numbers. */

/** @typedef {{ name: string, heading: string, format: string, known?: string, words?: Record<string, string> }} TableColumn */

/** The text of a cell; what is not known stays empty: a gap is not a zero.
 * @param {TableColumn} column @param {Look} look @param {number} row @returns {string} */
function cellText(column, look, row) {
  if (column.known !== undefined && at(look(column.known), row) === 0) return "";
  const value = at(look(column.name), row);
  if (column.words) return column.words[String(value)];
  return typeof value === "string" ? value : formatNumber(value, column.format);
}

/** Write the numbers, and hide the rows that the chart does not show.
 * @param {HTMLElement} table @param {TableColumn[]} columns @param {number[]} rowNumbers
 * @param {string | null} drawn the result that says which rows the chart shows @param {Look} look */
function tabulate(table, columns, rowNumbers, drawn, look) {
  table.querySelectorAll("tbody tr").forEach((line, i) => {
    const row = rowNumbers[i];
    /** @type {HTMLElement} */ (line).hidden = drawn !== null && at(look(drawn), row) === 0;
    columns.forEach((column, j) => {
      // A column that the model does not compute stays as the page was made with it.
      if (look(column.name) !== undefined) write(/** @type {HTMLElement} */ (line.children[j]), cellText(column, look, row));
    });
  });
}

/** The headings and the rows now shown, as a spreadsheet reads them: numbers bare and exact, gaps empty.
 * @param {HTMLElement} table @param {TableColumn[]} columns @param {number[]} rowNumbers
 * @param {string | null} drawn @param {Look} look @returns {string[][]} */
function numbersNow(table, columns, rowNumbers, drawn, look) {
  /** @param {TableColumn} column @param {number} row @param {Element} cell */
  function bare(column, row, cell) {
    const value = look(column.name);
    if (value === undefined) return bareText(cell.textContent || "");
    if (column.words || cellText(column, look, row) === "") return cellText(column, look, row);
    const one = at(value, row);
    return typeof one === "number" ? String(Number(one.toPrecision(12))) : one;
  }
  const lines = [columns.map((column) => column.heading)];
  table.querySelectorAll("tbody tr").forEach((line, i) => {
    const row = rowNumbers[i];
    if (drawn !== null && at(look(drawn), row) === 0) return;
    lines.push(columns.map((column, j) => bare(column, row, line.children[j])));
  });
  return lines;
}

/** A written number without its commas and with a plain minus; a text stays as it is.
 * @param {string} text */
function bareText(text) {
  const plain = text.replace(/,/g, "").replace("\u2212", "-");
  return /^[+-]?[0-9]+(\.[0-9]+)?%?$/.test(plain) ? plain : text;
}
