// @ts-check
/* What a reader takes along from a figure: its picture and its numbers. */

/** @param {Figure} figure @param {string} extension */
const fileName = (figure, extension) => `${figure.id.replace(/^explorer-/, "")}.${extension}`;

/** @param {Figure} figure @param {string} selector */
const textOf = (figure, selector) => (figure.querySelector(selector)?.textContent || "").trim();

/** The settings in words, such as "Wage advantage of A: 10%, Year: 2020".
 * @param {Figure} figure */
function settingsInWords(figure) {
  const settings = figure.explorer.settings();
  return figure.explorer.controls.map((control) => {
    const value = settings[control.name];
    const label = textOf(figure, `label[for='${CSS.escape(`${figure.id}-${control.name}`)}']`);
    if (control.options) return `${label}: ${control.options[value]}`;
    if (control.kind === "switch") return `${label}: ${value ? "yes" : "no"}`;
    return `${label}: ${formatNumber(value, control.format || "")}${control.suffix}`;
  });
}

/** Break a text into lines of a width.
 * @param {string} text @param {number} width @param {string} font */
function linesOf(text, width, font) {
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  pen.font = font;
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(/\s+/)) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A picture that stands for itself: title, chart, sentence, settings and source, in plain colors.
 * @param {Figure} figure @returns {Promise<{ svg: string, width: number, height: number }>} */
async function pictureOf(figure) {
  await figure.explorer.wake();
  const view = figure.explorer.view();
  if (!view) throw new Error("The chart could not be loaded.");
  const chart = (await view.toSVG())
    .replace(/var\(--[\w-]+, (#\w+)\)/g, "$1")
    .replace(/currentColor/g, "#222222");
  const [, wide, high] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(chart) || ["", "0", "0"];
  const edge = 16;
  const width = Number(wide) + 2 * edge;
  /** @type {string[]} */
  const parts = [];
  let y = edge;
  /** @param {string} text @param {number} size @param {string} weight */
  function write(text, size, weight) {
    for (const line of linesOf(text, Number(wide), `${weight} ${size}px sans-serif`)) {
      y += size * 1.35;
      const plain = line.replace(/&/g, "&amp;").replace(/</g, "&lt;");
      parts.push(`<text x="${edge}" y="${y.toFixed(1)}" font-family="sans-serif" font-size="${size}" font-weight="${weight}" fill="#222222">${plain}</text>`);
    }
  }
  write(textOf(figure, ".explorer-title"), 16, "bold");
  y += 10;
  parts.push(`<g transform="translate(${edge},${y.toFixed(1)})">${chart.replace(/<\?xml[^>]*>|<!DOCTYPE[^>]*>/g, "")}</g>`);
  y += Number(high);
  write(textOf(figure, ".explorer-sentence"), 14, "normal");
  y += 6;
  for (const text of [...settingsInWords(figure), textOf(figure, ".explorer-source"), document.title]) if (text) write(text, 11, "normal");
  const height = Math.ceil(y + edge);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="#ffffff"/>${parts.join("")}</svg>`;
  return { svg, width, height };
}

/** @param {Figure} figure */
async function saveSvg(figure) {
  download(new Blob([(await pictureOf(figure)).svg], { type: "image/svg+xml" }), fileName(figure, "svg"));
}

/** @param {Figure} figure */
async function savePng(figure) {
  const { svg, width, height } = await pictureOf(figure);
  const image = new Image();
  await new Promise((resolve, reject) => {
    image.onload = resolve;
    image.onerror = () => reject(new Error("This browser cannot turn the chart into a PNG picture; take the SVG."));
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
  });
  const canvas = document.createElement("canvas");
  canvas.width = 2 * width;
  canvas.height = 2 * height;
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).drawImage(image, 0, 0, canvas.width, canvas.height);
  const content = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  download(content, fileName(figure, "png"));
}

/** The rows now shown, with title, settings and source in lines that begin with #.
 * @param {Figure} figure */
function numbersOf(figure) {
  const [title, said, source] = [".explorer-title", ".explorer-sentence", ".explorer-source"].map((part) => textOf(figure, part));
  const remarks = [title, ...settingsInWords(figure), said, source, addressOf(figure, false)];
  return remarks.filter(Boolean).map((text) => `# ${text}\r\n`).join("") + csvOf(figure.explorer.numbers());
}

/** @param {Figure} figure */
async function saveCsv(figure) {
  download(csvFile(numbersOf(figure)), fileName(figure, "csv"));
}
