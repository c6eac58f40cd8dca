// @ts-check
/* The menu of a figure: link, embed, picture, numbers, code, full screen. */

/** @param {string} text @param {() => unknown} act */
function buttonOf(text, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", act);
  return button;
}

/** @param {Figure} figure */
function addMenu(figure) {
  const menu = added(document.createElement("div"));
  menu.className = "explorer-menu";
  const list = document.createElement("div");
  list.className = "explorer-menu-list";
  list.id = `${figure.id}-menu`;
  list.hidden = true;
  const told = document.createElement("p");
  told.className = "explorer-told";
  told.setAttribute("role", "status");
  const opener = buttonOf("More", () => open(Boolean(list.hidden)));
  opener.className = "explorer-menu-opener";
  opener.setAttribute("aria-controls", list.id);
  opener.setAttribute("aria-expanded", "false");
  opener.setAttribute("aria-label", `More: ${textOf(figure, ".explorer-title")}`);

  /** @param {boolean} wanted */
  function open(wanted) {
    list.hidden = !wanted;
    opener.setAttribute("aria-expanded", String(wanted));
    if (wanted) tell("");
  }

  /** @param {string} text */
  function tell(text) {
    told.textContent = text;
  }

  /** @param {string} text @param {() => unknown} act @param {string} [done] */
  function offer(text, act, done) {
    list.append(
      buttonOf(text, async () => {
        open(false);
        opener.focus();
        try {
          const answer = await act();
          tell(typeof answer === "string" ? answer : done || "");
        } catch (error) {
          tell(/** @type {Error} */ (error).message);
        }
      })
    );
  }

  /** @param {string} what @param {string} text */
  async function copy(what, text) {
    const where = location.protocol === "file:" ? " It leads to a file on this computer." : "";
    try {
      await navigator.clipboard.writeText(text);
      return `${what} is copied.${where}`;
    } catch {
      showText(figure, `${what}:${where}`, text);
      return `${what} stands below; copy it from there.`;
    }
  }

  offer("Copy link", () => copy("The link", addressOf(figure, false)));
  offer("Embed", () => copy("The code for your page", frameOf(figure)));
  offer("Picture (PNG)", () => savePng(figure), "The picture is saved.");
  offer("Picture (SVG)", () => saveSvg(figure), "The picture is saved.");
  offer("Numbers (CSV)", () => saveCsv(figure), "The numbers are saved.");
  if (figure.dataset.code) offer("Code", () => showCode(figure));
  offer("Full screen", () => fillScreen(figure));

  menu.append(opener, list);
  find(figure, ".explorer-title").after(menu, added(told));
  document.addEventListener("pointerdown", ({ target }) => {
    if (!list.hidden && !menu.contains(/** @type {Node} */ (target))) open(false);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.stopPropagation();
    open(false);
    opener.focus();
  });
}

/** @param {Figure} figure */
function frameOf(figure) {
  const title = textOf(figure, ".explorer-title").replace(/&/g, "&amp;").replace(/"/g, "&quot;");
  const source = addressOf(figure, true).replace(/&/g, "&amp;");
  return `<iframe src="${source}" title="${title}" width="100%" height="${figure.offsetHeight + 60}" style="border: 0"></iframe>`;
}

/** Show a text below the figure's parts, to be read or copied.
 * @param {Figure} figure @param {string} label @param {string} text */
function showText(figure, label, text) {
  figure.querySelectorAll(".explorer-text").forEach((part) => part.remove());
  const box = added(document.createElement("div"));
  box.className = "explorer-text";
  const shown = document.createElement("pre");
  shown.textContent = text;
  shown.tabIndex = 0;
  shown.setAttribute("role", "region");
  shown.setAttribute("aria-label", label);
  const name = document.createElement("p");
  name.textContent = label;
  box.append(name, buttonOf("Close", () => box.remove()), shown);
  find(figure, ".explorer-numbers").before(box);
  shown.focus();
  if (!label.endsWith(".py")) getSelection()?.selectAllChildren(shown);
}

/** The figure's function and those of the theory that it calls; code.py has written them.
 * @param {Figure} figure */
async function showCode(figure) {
  const [module, name] = (figure.dataset.code || "").split(":");
  await load(`code/${module}.js`);
  const code = /** @type {any} */ (window).explorerCode[module][name];
  showText(figure, `${module.replace(/\./g, "/")}.py`, code);
}

/** Fill the screen with a figure, large enough to be read from the last row.
 * @param {Figure} figure */
function fillScreen(figure) {
  const leave = buttonOf("Leave full screen", end);
  leave.className = "explorer-leave";
  find(figure, ".explorer-title").after(added(leave));
  figure.classList.add("full");
  const root = document.documentElement;
  root.classList.add("explorer-filled");
  const parts = find(figure, ".explorer-parts");

  function fit() {
    const height = parseFloat(parts.style.getPropertyValue("--chart-height"));
    const scale = Math.min(2.2, (innerHeight - 200) / height, innerWidth / 700);
    parts.style.setProperty("--chart-scale", String(Math.max(1, scale)));
  }

  function end() {
    leave.remove();
    figure.classList.remove("full");
    root.classList.remove("explorer-filled");
    parts.style.removeProperty("--chart-scale");
    removeEventListener("resize", fit);
    document.removeEventListener("fullscreenchange", changed);
    document.removeEventListener("keydown", pressed, true);
    if (document.fullscreenElement === figure) document.exitFullscreen();
    figure.scrollIntoView({ block: "nearest" });
    /** @type {HTMLElement} */ (find(figure, ".explorer-menu-opener")).focus();
  }

  function changed() {
    if (document.fullscreenElement !== figure) end();
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.key === "Escape") end();
  }

  fit();
  addEventListener("resize", fit);
  document.addEventListener("keydown", pressed, true);
  figure.explorer.wake();
  leave.focus();
  // A phone that knows no full screen for a part of a page fills the window all the same.
  if (!figure.requestFullscreen) return;
  return figure.requestFullscreen().then(
    () => document.addEventListener("fullscreenchange", changed),
    () => {}
  );
}
