/* The page's side of the browser tests; `Visit` and `Figure` in visiting.py call these functions. */
window.reader = (() => {
  "use strict";

  let shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });

  const figureOf = (name) => document.getElementById(name);
  const frame = () => new Promise(requestAnimationFrame);
  const plain = (values) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, typeof value === "number" ? value : Array.from(value)]));

  /* An input event waits for the next frame; a reset event for a timeout and then for a frame. */
  async function settled(figure) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    await frame();
    await frame();
    if (figure.explorer.view()) await figure.explorer.view().runAsync();
  }

  function read(figure) {
    const inputs = [...figure.querySelectorAll("form [name]")];
    const settings = inputs.map((input) => [input.name, input.type === "checkbox" ? Number(input.checked) : Number(input.value)]);
    const readouts = inputs
      .filter((input) => input.type === "range")
      .map((input) => [input.name, [figure.querySelector(`output[for='${input.id}']`).textContent, input.getAttribute("aria-valuetext")]]);
    return {
      settings: Object.fromEntries(settings),
      readouts: Object.fromEntries(readouts),
      outputs: plain(figure.explorer.outputs()),
      sentence: figure.querySelector(".explorer-sentence").textContent,
      svg: figure.querySelector(".explorer-chart").innerHTML,
      cells: cells(figure),
    };
  }

  /* The table of numbers as a reader sees it; what is folded is not seen. */
  function cells(figure) {
    const numbers = figure.querySelector(".explorer-numbers");
    if (!numbers.open) return null;
    return [...numbers.querySelectorAll("tbody tr:not([hidden])")].map((line) => [...line.children].map((cell) => cell.textContent));
  }

  const fold = (name, open) => new Promise((resolve) => {
    const numbers = figureOf(name).querySelector(".explorer-numbers");
    if (numbers.open === open) return resolve();
    numbers.addEventListener("toggle", () => resolve(), { once: true });
    numbers.open = open;
  });

  async function shows(name) {
    await settled(figureOf(name));
    return read(figureOf(name));
  }

  function put(figure, settings) {
    for (const [name, value] of Object.entries(settings)) {
      const input = figure.querySelector(`form [name='${name}']`);
      if (input.type === "checkbox") input.checked = Boolean(value);
      else input.value = String(value);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  const wakeAll = () => Promise.all([...document.querySelectorAll("figure.explorer")].map((figure) => figure.explorer.wake()));

  /* Unfold everything, and ask for the reply of every exercise. */
  function openAll() {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
    for (const form of document.querySelectorAll("form.self-check")) form.requestSubmit();
  }

  async function resetAll() {
    const figures = [...document.querySelectorAll("figure.explorer")];
    for (const figure of figures) figure.querySelector("form").reset();
    for (const figure of figures) await settled(figure);
  }

  async function set(name, settings) {
    put(figureOf(name), settings);
    return shows(name);
  }

  async function trySettings(name, list) {
    const figure = figureOf(name);
    const answers = [];
    for (const settings of list) {
      put(figure, settings);
      await figure.explorer.refresh();
      answers.push({ ...read(figure), drawn: drawn(figure.explorer.view()) });
    }
    await settled(figure);
    return answers;
  }

  /* A unit's own scale, or the one it shares with the layers around it. */
  function scaleOf(view, unit, channel) {
    for (let prefix = unit.replace(/marks$/, ""); ; prefix = prefix.replace(/(layer|concat)_\d+_$/, "")) {
      try {
        return view.scale(prefix + channel);
      } catch {
        if (!/(layer|concat)_\d+_$/.test(prefix)) return null;
      }
    }
  }

  /* The marks as Vega placed them: row number, data, place, and the axis values of their edges. */
  function drawn(view) {
    const units = {};
    function visit(mark, parent) {
      if (/marks$/.test(mark.name || "") && mark.marktype !== "group") {
        const unit = (units[mark.name] ||= { kind: mark.marktype, axis: { x: length(mark.name, "x"), y: length(mark.name, "y") }, items: [] });
        for (const item of mark.items) unit.items.push(describe(mark.name, item, parent));
      }
      for (const item of mark.items) for (const child of item.items || []) visit(child, item);
    }
    function length(unit, channel) {
      const scale = scaleOf(view, unit, channel);
      const ends = scale && scale.invert ? scale.domain().map(Number) : [0, 0];
      return Math.abs(ends[ends.length - 1] - ends[0]);
    }
    function describe(unit, item, parent) {
      const along = (channel, size) => {
        const scale = scaleOf(view, unit, channel);
        if (!scale || !scale.invert || item[channel] === undefined) return [];
        const start = item[channel];
        return [start, start + (item[size] || 0), start + (item[size] || 0) / 2].map((place) => Number(scale.invert(place)));
      };
      // A stroke at an end of the axis reaches beyond it by half its thickness.
      const inside = (start, size, room) => room === undefined || start === undefined || (start >= -4 && start + (size || 0) <= room + 4);
      const numbers = Object.entries(item.datum).filter(([key, value]) => key !== "_i" && typeof value === "number");
      return {
        row: item.datum._i,
        data: Object.fromEntries(numbers),
        x: along("x", "width"),
        y: along("y", "height"),
        inside: inside(item.x, item.width, parent.width) && inside(item.y, item.height, parent.height),
      };
    }
    const root = view.scenegraph().root;
    visit(root, root.items[0]);
    return units;
  }

  /* What of a chart's texts cannot be read at some settings: cut by the chart's box, shortened, or over another.
     Two names of marks may meet, as marks do; what belongs to an axis or a legend may not. */
  async function unreadable(name, settings) {
    const figure = figureOf(name);
    put(figure, settings);
    await settled(figure);
    const box = figure.querySelector(".explorer-chart").getBoundingClientRect();
    // What Vega drops from a crowded axis stays there, without opacity.
    const texts = [...figure.querySelectorAll(".explorer-stage svg text:not([opacity='0'])")].map((text) => {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      // The letters themselves are lower than their line.
      const trim = 0.18 * (bottom - top);
      const isGuide = text.closest("[class*='role-axis'], [class*='role-legend']") !== null;
      return { words: text.textContent, isGuide, left, right, top: top + trim, bottom: bottom - trim };
    }).filter(({ words, left, right }) => words.trim() && left < right);
    const wrongs = [];
    texts.forEach((one, i) => {
      const beyond = Math.max(box.left - one.left, one.right - box.right, box.top - one.top, one.bottom - box.bottom);
      if (beyond > 1) wrongs.push(`"${one.words}" is ${beyond.toFixed(1)} px outside`);
      if (one.words.length > 1 && one.words.endsWith("\u2026")) wrongs.push(`"${one.words}" is shortened`);
      for (const other of texts.slice(0, i)) {
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if ((one.isGuide || other.isGuide) && across > 0.5 && down > 0.5) wrongs.push(`"${one.words}" is over "${other.words}"`);
      }
    });
    return wrongs;
  }

  /* Where everything stands, to see that nothing moves. */
  function places() {
    window.scrollTo({ top: 0, behavior: "instant" });
    const parts = document.querySelectorAll("article h1, article h2, article h3, article p, article table, article figure, article figure > *, article form, article details");
    // What Vega puts into a chart's box is not there before, and cannot move the page.
    return [...parts].filter((part) => !part.parentElement.closest(".explorer-chart")).map((part) => {
      const box = part.getBoundingClientRect();
      return [part.tagName + (part.id ? "#" + part.id : ""), box.x, box.y, box.width, box.height];
    });
  }

  /* Elements that reach beyond the right edge, drawers aside, if the page can be scrolled sideways. */
  function overflow() {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll("article *")]
      .filter((part) => part.getBoundingClientRect().right > width + 0.5)
      .map((part) => `${part.tagName.toLowerCase()}.${part.getAttribute("class")}: ${part.textContent.trim().slice(0, 60)}`)
      .concat(`the page is ${document.documentElement.scrollWidth} px wide in a window of ${width} px`);
  }

  /* The controls with their labels and with the box that a finger can hit; a checkbox counts with its label. */
  function controls() {
    return [...document.querySelectorAll("figure.explorer form :is(select, input, button)")].map((field) => {
      const label = field.id && document.querySelector(`label[for='${CSS.escape(field.id)}']`);
      const target = field.type === "checkbox" ? field.parentElement : field;
      const box = target.getBoundingClientRect();
      const seen = (part) => Boolean(part) && part.checkVisibility({ visibilityProperty: true });
      return {
        id: field.id,
        seen: seen(field),
        label: seen(label) ? label.innerText.trim() : "",
        width: box.width,
        height: box.height,
      };
    });
  }

  /* Which parts the keyboard reaches, in order, and whether the focus can be seen on them. */
  const order = [];
  function noteFocus() {
    document.addEventListener("focusin", ({ target }) => {
      // A card's link, whose text is hidden, lies over the card as something that is drawn after it.
      const looks = [getComputedStyle(target), getComputedStyle(target, "::after")];
      const seen = looks.some((look) => look.outlineStyle !== "none" || look.boxShadow !== "none");
      order.push([target.id || target.outerHTML.slice(0, 90), seen]);
    });
  }
  const focusable = () =>
    [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")].filter((part) => part.checkVisibility()).length;

  return { controls, noteFocus, focusable, focused: () => order, shows, fold, set, wakeAll, openAll, resetAll, trySettings, unreadable, places, overflow, shift: () => shift };
})();
