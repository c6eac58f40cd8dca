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
