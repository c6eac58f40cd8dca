// @ts-check
/* A mark under the pointer, or under a finger, tells its row of the numbers. */

// How near the pointer must come to a dot or to a corner of a line, in pixels of the chart.
const REACH = 24;

/** The row of the mark that an event of Vega's meets, or of the nearest dot or corner of a line.
 * @param {any} view @param {HTMLElement} stage @param {MouseEvent} event @param {any} item */
function rowUnder(view, stage, event, item) {
  const isPath = item && /^(line|area|trail)$/.test(item.mark.marktype);
  // A line carries the data of its first point only.
  if (item && item.datum && item.datum._i !== undefined && !isPath) return Number(item.datum._i);
  const frame = /** @type {SVGGElement | null} */ (stage.querySelector(".role-frame.root > g"));
  const matrix = frame && frame.getScreenCTM();
  if (!matrix) return null;
  const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  let nearest = REACH;
  /** @type {number | null} */
  let row = null;
  /** @param {any} mark @param {number} left @param {number} top */
  function visit(mark, left, top) {
    for (const one of mark.items) {
      if (one.items) for (const child of one.items) visit(child, left + one.x, top + one.y);
      else if (/^(symbol|line|area|trail)$/.test(mark.marktype) && one.datum && one.datum._i !== undefined) {
        const distance = Math.hypot(left + one.x - place.x, top + one.y - place.y);
        if (distance < nearest) [nearest, row] = [distance, Number(one.datum._i)];
      }
    }
  }
  const group = view.scenegraph().root.items[0];
  for (const mark of group.items) visit(mark, 0, 0);
  return row;
}

/** @param {HTMLElement} box @param {HTMLElement} stage @param {any} view
 * @param {(row: number) => string[]} describe the lines that tell a row */
function addTooltip(box, stage, view, describe) {
  const tip = added(document.createElement("div"));
  tip.className = "explorer-tip";
  tip.setAttribute("aria-hidden", "true");
  tip.hidden = true;
  box.append(tip);

  /** @param {any} event @param {any} item */
  function show(event, item) {
    const row = rowUnder(view, stage, event, item);
    const lines = row === null ? [] : describe(row);
    tip.hidden = lines.length === 0;
    if (tip.hidden) return;
    tip.replaceChildren(...lines.map((text) => Object.assign(document.createElement("div"), { textContent: text })));
    const edge = box.getBoundingClientRect();
    const [x, y] = [event.clientX - edge.left, event.clientY - edge.top];
    // Beside the pointer, on the side with more room, and never beyond the chart's box.
    const left = x > edge.width / 2 ? x - tip.offsetWidth - 12 : x + 12;
    const top = y > edge.height / 2 ? y - tip.offsetHeight - 8 : y + 12;
    tip.style.left = `${Math.max(0, Math.min(left, edge.width - tip.offsetWidth))}px`;
    tip.style.top = `${Math.max(0, Math.min(top, edge.height - tip.offsetHeight))}px`;
  }

  const hide = () => (tip.hidden = true);
  for (const type of ["pointermove", "pointerdown"]) view.addEventListener(type, show);
  box.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hide());
  document.addEventListener("pointerdown", ({ target }) => box.contains(/** @type {Node} */ (target)) || hide());
  return hide;
}
