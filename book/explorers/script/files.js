// @ts-check
/* Files that a page hands to its reader. */

/** @param {Blob} content @param {string} name */
function download(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

/** A table as comma-separated values; only a text that needs quotes gets them.
 * @param {string[][]} lines */
function csvOf(lines) {
  const quoted = (/** @type {string} */ text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  return lines.map((line) => line.map(quoted).join(",")).join("\r\n") + "\r\n";
}

/** The mark in front tells spreadsheets that the text is UTF-8.
 * @param {string} text */
const csvFile = (text) => new Blob(["\ufeff" + text], { type: "text/csv" });
