// @ts-check
/* A chart in a notebook: drawn once, then again whenever the kernel has computed or the room changes. */

/** The width of the picture that the notebook keeps. */
const KEPT = 700;

/** Vega, unpacked once for a window. Another widget brings it for all charts of the notebook.
 * @param {any} model */
async function load(model) {
  const bringer = await model.widget_manager.get_model(model.get("vega"));
  const loaded = (/** @type {any} */ (globalThis).explorersVega ??= {});
  return (loaded[bringer.get("name")] ??= unpack(bringer.get("packed")));
}

/** @param {DataView<ArrayBuffer>} packed a module, packed by gzip */
async function unpack(packed) {
  const text = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = new Blob([await new Response(text).arrayBuffer()], { type: "text/javascript" });
  return import(URL.createObjectURL(script));
}

/** Draw into an element, from an own copy of the specification: Vega writes into the rows.
 * @param {HTMLElement} el @param {any} model @param {number} width */
async function drawInto(el, model, width) {
  const { vegaEmbed } = await load(model);
  const spec = { ...structuredClone(model.get("spec")), width };
  const options = { renderer: "svg", actions: false, defaultStyle: false, tooltip: false };
  return (await vegaEmbed(el, spec, options)).view;
}

/** Hand the picture of the first setting to the kernel, for a notebook that is saved.
 * @param {any} model */
async function handOver(model) {
  const view = await drawInto(document.createElement("div"), model, KEPT);
  model.send({ picture: await view.toSVG() });
  view.finalize();
}

export default {
  /** @param {{ model: any }} widget */
  initialize({ model }) {
    // Safari has no such callback.
    const idle = globalThis.requestIdleCallback ?? setTimeout;
    // A kernel that has ended in the meantime takes none.
    if (model.get("wanted")) idle(() => handOver(model).catch((error) => console.warn(error.message)));
  },

  /** @param {{ model: any, el: HTMLElement }} widget */
  render({ model, el }) {
    el.setAttribute("role", "img");
    el.setAttribute("aria-label", model.get("description"));
    /** @type {Promise<any> | undefined} */
    let view;
    let width = 0;
    const draw = () => view?.then((drawn) => drawn.signal("model", model.get("model")).runAsync());
    const fit = async () => {
      if (!el.clientWidth || el.clientWidth === width) return;
      width = el.clientWidth;
      if (!view) {
        view = drawInto(el, model, width);
        view.catch((error) => (el.textContent = `The chart cannot be drawn: ${error.message}`));
        return draw();
      }
      const drawn = await view;
      // After fitting, the signal holds the plot's width. If that happens to be the new width, Vega
      // would see no change.
      if (drawn.signal("width") === width) await drawn.signal("width", width + 1).runAsync();
      drawn.signal("width", width).runAsync();
    };
    model.on("change:model", draw);
    const room = new ResizeObserver(fit);
    room.observe(el);
    return () => {
      room.disconnect();
      view?.then((drawn) => drawn.finalize());
    };
  },
};
