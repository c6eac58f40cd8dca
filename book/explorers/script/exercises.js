// @ts-check
/* Exercises that check themselves; the rules are those of exercises.py. */

/** @typedef {{ options: string[], answer: number, replies: string[] }} Choosing */
/** @typedef {{ answer: number, tolerance: number, hints: [number, string][], right: string, wrong: string }} Writing */

/** @param {Element} form */
function prepareExercise(form) {
  /** @type {Choosing | Writing} */
  const task = JSON.parse(find(form, "script[type='application/json']").textContent || "");
  const status = find(form, "[role='status']");
  /** @param {boolean} right @param {string} text */
  function say(right, text) {
    status.textContent = text;
    status.dataset.right = right ? "yes" : "no";
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if ("options" in task) {
      const chosen = /** @type {HTMLInputElement | null} */ (form.querySelector("input:checked"));
      if (!chosen) return say(false, "Choose one answer first.");
      return say(Number(chosen.value) === task.answer, task.replies[Number(chosen.value)]);
    }
    const number = readNumber(/** @type {HTMLInputElement} */ (find(form, "input")).value);
    if (number === null) return say(false, "Write a number, such as 12.5.");
    const near = (/** @type {number} */ target) => Math.abs(number - target) <= task.tolerance;
    if (near(task.answer)) return say(true, task.right);
    const hint = task.hints.find(([wrong]) => near(wrong));
    say(false, hint ? hint[1] : task.wrong);
  });
}
