// @ts-check
/* Exercises that check themselves, and remember what was answered. */

/** @typedef {{ options: string[], answer: number, replies: string[] }} Choosing */
/** @typedef {{ answer: number, tolerance: number, hints: [number, string][], right: string, unit: string, wanted: string }} Writing */
/** @typedef {{ question: string, recall: (kept: Kept | undefined) => void }} Exercise */

/** @param {Element[]} forms */
function prepareExercises(forms) {
  if (!forms.length) return;
  /** @type {Exercise[]} */
  const exercises = [];
  const { line, show } = progressLine(forms.length, recall);
  function recall() {
    const kept = keptHere();
    exercises.forEach((exercise) => exercise.recall(has(kept, exercise.question) ? kept[exercise.question] : undefined));
    show();
  }
  forms.forEach((form, position) => exercises.push(prepareExercise(form, position, show)));
  const first = document.querySelector(".admonition.exercise");
  if (first) first.before(line);
  else forms[forms.length - 1].after(line);
  recall();
  // Another tab may answer or erase, and a browser may bring back a page that it has kept as it was.
  addEventListener("storage", recall);
  addEventListener("pageshow", (event) => event.persisted && recall());
}

/** @param {Element} form @param {number} position @param {() => void} afterAnswering @returns {Exercise} */
function prepareExercise(form, position, afterAnswering) {
  /** @type {Choosing | Writing} */
  const task = JSON.parse(find(form, "script[type='application/json']").textContent || "");
  const status = find(form, "[role='status']");
  const question = (find(form, ".task").textContent || "").trim();
  const inputs = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input")]);
  /** The answer whose reply is shown, as it was kept.
   * @type {string | null} */
  let shown = null;

  /** @returns {Verdict} */
  function judge() {
    if (!("options" in task)) return judgeNumber(inputs[0].value, task);
    const chosen = inputs.findIndex((input) => input.checked);
    if (chosen < 0) return { right: false, text: "Choose one answer first.", read: false };
    return { right: chosen === task.answer, text: task.replies[chosen], read: true };
  }

  function given() {
    return "options" in task ? task.options[inputs.findIndex((input) => input.checked)] : inputs[0].value.trim();
  }

  /** @param {Verdict} verdict */
  function say({ right, text }) {
    status.textContent = text;
    status.dataset.right = right ? "yes" : "no";
  }

  function unsay() {
    status.textContent = "";
    delete status.dataset.right;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const verdict = judge();
    say(verdict);
    if (!verdict.read) return;
    shown = given();
    const date = new Date().toISOString().slice(0, 16) + "Z";
    keep({ position, exercise: titleBefore(form), question, answer: shown, right: verdict.right, date });
    afterAnswering();
  });
  // A reply belongs to what was checked, and not to what stands there by now.
  form.addEventListener("input", unsay);
  // Without this script the button would do nothing: it comes with it.
  /** @type {HTMLButtonElement} */ (find(form, "button")).disabled = false;

  return {
    question,
    recall(kept) {
      const answer = kept ? kept.answer : null;
      if (answer === shown) return;
      shown = answer;
      unsay();
      if ("options" in task) inputs.forEach((input, i) => (input.checked = task.options[i] === answer));
      else inputs[0].value = answer || "";
      const verdict = judge();
      if (!kept || !verdict.read) return;
      say(verdict);
      // An edition of the book may judge otherwise than the one before.
      if (verdict.right !== kept.right) keep({ ...kept, right: verdict.right });
    },
  };
}

/** The title of the exercise in which a form stands, or the heading above it.
 * @param {Element} form */
function titleBefore(form) {
  const titles = [...document.querySelectorAll("h1, h2, h3, h4, .admonition.exercise > .admonition-title")];
  const before = titles.filter((title) => title.compareDocumentPosition(form) & Node.DOCUMENT_POSITION_FOLLOWING);
  return before.length ? plainText(before[before.length - 1]) : "";
}
