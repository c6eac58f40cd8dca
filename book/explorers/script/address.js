// @ts-check
/* Settings in the address: page.html?gamma=2&rule=by+year#explorer-title opens the page at this figure,
   with its controls where the link says. With only=explorer-title in place of the part behind #, the
   page shows this figure alone, for a frame in another page. */

/** The address of a figure as it stands now: settings at their defaults are left out.
 * @param {Figure} figure @param {boolean} alone whether the page shows nothing else */
function addressOf(figure, alone) {
  const address = new URL(location.href);
  const query = new URLSearchParams();
  if (alone) query.set("only", figure.id);
  const settings = figure.explorer.settings();
  for (const control of figure.explorer.controls) {
    const value = settings[control.name];
    if (value !== control.default) query.set(control.name, control.options ? control.options[value] : String(value));
  }
  address.search = query.toString();
  address.hash = alone ? "" : figure.id;
  return address.href;
}

/** The number that a link gives a control, or nothing if it gives none that the control has.
 * @param {Control} control @param {string | null} text */
function settingIn(control, text) {
  if (text === null) return undefined;
  const value = control.options ? control.options.indexOf(text) : Number(text);
  if (control.options) return value < 0 ? undefined : value;
  return text.trim() === "" || !isFinite(value) ? undefined : value;
}

/** Which figure the address speaks of, and whether of it alone. */
function figureInAddress() {
  const only = new URLSearchParams(location.search).get("only");
  let id = only;
  try {
    id = id || decodeURIComponent(location.hash.slice(1));
  } catch {
    return null; // a broken address names nothing
  }
  const found = id && document.getElementById(id);
  return found && found.matches("figure.explorer") ? { figure: /** @type {Figure} */ (found), alone: only !== null } : null;
}

/** Put a figure's controls where the address says, and show the figure. */
function openAddress() {
  const named = figureInAddress();
  if (!named) return;
  const { figure, alone } = named;
  const query = new URLSearchParams(location.search);
  /** @type {Record<string, number>} */
  const settings = {};
  for (const control of figure.explorer.controls) {
    const value = settingIn(control, query.get(control.name));
    if (value !== undefined) settings[control.name] = value;
  }
  if (alone) showAlone(figure);
  if (!alone && !Object.keys(settings).length) return;
  figure.explorer.set(settings);
  figure.explorer.wake();
  if (!alone) figure.scrollIntoView({ block: "start", behavior: "instant" });
}

/** @param {Figure} figure */
function showAlone(figure) {
  const whole = document.createElement("a");
  whole.href = `${location.pathname}#${encodeURIComponent(figure.id)}`;
  whole.target = "_blank";
  whole.rel = "noopener";
  whole.textContent = `From: ${document.title}`;
  const frame = document.createElement("main");
  frame.className = "explorer-alone";
  frame.append(figure, whole);
  for (const part of [...document.body.children]) /** @type {HTMLElement} */ (part).hidden = true;
  document.body.append(frame);
  document.documentElement.classList.add("explorer-only");
}
