// @ts-check
/* Play: a slider of time moves by itself, until its end or until the reader touches it. */

// A step lasts long enough to be read; whoever asks for less motion gets slower, still steps.
const STEP = 700;
const CALM = 1500;

/** @param {Figure} figure @param {HTMLInputElement} slider */
function addPlay(figure, slider) {
  let timer = 0;
  const button = added(document.createElement("button"));
  button.type = "button";
  button.className = "explorer-play";

  /** @param {boolean} playing */
  function label(playing) {
    button.textContent = playing ? "Stop" : "Play";
    button.dataset.playing = playing ? "yes" : "no";
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    label(false);
  }

  function step() {
    const before = slider.value;
    slider.stepUp();
    if (slider.value === before) return stop();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    if (slider.value === slider.max) stop();
  }

  function play() {
    if (Number(slider.value) >= Number(slider.max)) {
      slider.value = slider.min;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    timer = setInterval(step, calm ? CALM : STEP);
    label(true);
  }

  label(false);
  button.setAttribute("aria-describedby", slider.id);
  button.addEventListener("click", () => (timer ? stop() : play()));
  // Whatever else the reader does with the figure ends the play; so does a page that is put away.
  for (const act of ["pointerdown", "keydown"]) {
    figure.addEventListener(act, ({ target }) => {
      if (timer && !button.contains(/** @type {Node} */ (target))) stop();
    });
  }
  document.addEventListener("visibilitychange", () => document.hidden && stop());
  slider.after(button);
}
