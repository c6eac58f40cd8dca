// @ts-check
/* Says so when the kernel does not answer a reader's moves: it asks after they began, and waits. */

const SILENCE = 4000;
// Once for a series of moves, and not in front of them.
const AFTER = 300;

export default {
  /** @param {{ model: any, el: HTMLElement }} widget */
  render({ model, el }) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let asking;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let waiting;
    const heard = () => {
      clearTimeout(waiting);
      waiting = undefined;
      el.textContent = "";
      el.classList.remove("explorer-silence");
    };
    const ask = () => {
      asking = undefined;
      waiting ??= setTimeout(() => {
        el.classList.add("explorer-silence");
        el.textContent =
          "The kernel does not answer, so nothing here moves. It is busy, or it has " +
          "stopped; if it has, choose Run ▸ Run All Cells.";
      }, SILENCE);
      model.set("asked", model.get("asked") + 1);
      model.save_changes();
    };
    const moved = () => (asking ??= setTimeout(ask, AFTER));
    model.on("change:answered", heard);
    const listen = () => {
      const whole = el.closest(".explorer-live");
      if (!whole) {
        requestAnimationFrame(listen);
        return;
      }
      for (const event of ["pointerdown", "keydown", "change"]) {
        whole.addEventListener(event, moved, { capture: true });
      }
    };
    listen();
  },
};
