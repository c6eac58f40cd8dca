// @ts-check
/* The controls of an explorer: reading, setting and labeling them. */

/** @typedef {{ name: string, kind: string, default: number, format?: string, suffix?: string, time?: boolean, options?: string[] }} Control */
/** @typedef {HTMLInputElement | HTMLSelectElement} Input */

/** The number at which a control stands: a slider's value, an option's position, 1 or 0 of a switch.
 * @param {Input} input */
function settingOf(input) {
  return input instanceof HTMLInputElement && input.type === "checkbox" ? Number(input.checked) : Number(input.value);
}

/** @param {Input} input @param {number} value */
function putSetting(input, value) {
  if (input instanceof HTMLInputElement && input.type === "checkbox") input.checked = value !== 0;
  else input.value = String(value);
}

/** Let the HTML say what the control says: a page that a reader saves keeps its settings.
 * @param {Input} input @param {number} value */
function writeSetting(input, value) {
  if (input instanceof HTMLSelectElement) {
    [...input.options].forEach((option, i) => {
      if (option.defaultSelected !== (i === value)) option.defaultSelected = i === value;
    });
    putSetting(input, value);
  } else if (input.type === "checkbox") input.defaultChecked = value !== 0;
  else if (input.defaultValue !== input.value) input.defaultValue = input.value;
}

/** Write a control's value beside it, and where a screen reader finds it.
 * @param {Control} control @param {Input} input @param {number} value @param {HTMLElement | null} output */
function labelControl(control, input, value, output) {
  writeSetting(input, value);
  if (!output) return;
  const text = formatNumber(value, control.format || "") + control.suffix;
  input.setAttribute("aria-valuetext", text);
  write(output, text);
}

/** A finger that scrolls the page may touch a slider first, which jumps to it: put the slider back.
 * @param {HTMLElement} figure */
function undoScrolledSliders(figure) {
  /** @type {{ slider: HTMLInputElement, value: string } | null} */
  let touched = null;
  figure.addEventListener(
    "pointerdown",
    ({ target }) => {
      const isSlider = target instanceof HTMLInputElement && target.type === "range";
      touched = isSlider ? { slider: target, value: target.value } : null;
    },
    true
  );
  figure.addEventListener("pointercancel", () => {
    if (!touched) return;
    const { slider, value } = touched;
    touched = null;
    // A browser may still tell the slider of the last touch after it has told the page.
    for (const pause of [0, 60]) {
      setTimeout(() => {
        if (slider.value === value) return;
        slider.value = value;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      }, pause);
    }
  });
}
