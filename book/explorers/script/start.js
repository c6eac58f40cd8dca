// @ts-check
/* The page: prepare every explorer and exercise at once, and draw charts from the reader's first action on. */

function start() {
  document.querySelectorAll("[data-made]").forEach((part) => part.remove());
  const figures = /** @type {Figure[]} */ ([...document.querySelectorAll("figure.explorer")]);
  figures.forEach(bringToLife);
  prepareExercises([...document.querySelectorAll("form.self-check")]);
  preparePaper();
  if (!figures.length) return;
  openAddress();
  const actions = ["pointermove", "pointerdown", "touchstart", "keydown", "scroll", "focusin"];
  /** @param {Event} event */
  function firstAction(event) {
    // The theme scrolls its list of contents to the page's own entry: that is no action of the reader's.
    if (event.type === "scroll" && event.target !== document) return;
    // A page that appears under a resting pointer is told where the pointer is: no action, either.
    if (event.type === "pointermove" && event instanceof PointerEvent && event.movementX === 0 && event.movementY === 0) return;
    actions.forEach((action) => removeEventListener(action, firstAction, true));
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          if (!entry.isIntersecting) continue;
          watcher.unobserve(entry.target);
          /** @type {Figure} */ (entry.target).explorer.wake();
        }
      },
      { rootMargin: "400px" }
    );
    figures.forEach((figure) => watcher.observe(figure));
  }
  actions.forEach((action) => addEventListener(action, firstAction, { capture: true, passive: true }));
}

/** @type {any} */ (window).explorers = { replay, formatNumber, fillSentence, judgeNumber };
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
