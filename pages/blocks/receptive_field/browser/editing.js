// Building the stack where it stands: sizes typed on the layer, a plus between layers, a cross to take one out.
import { el, fill } from "shared/dom.js";
import { noteAt } from "shared/note.js";
import { word } from "shared/page_words.js";
import { typing } from "shared/typing.js";

/** What stands above each map, and between two. @param {import("./board.js").ReceptiveField} lesson */
export function heads(lesson) {
  const { meta, labels } = lesson, { limits } = meta;

  /**
   * A number that the learner may change.
   * @param {string} key @param {string} sign @param {string} name @param {number} value @param {[number, number]} limits
   * @param {(value: number) => void} change
   */
  const number = (key, sign, name, value, [low, high], change) => {
    const input = /** @type {HTMLInputElement} */ (el("input"));
    Object.assign(input, { type: "number", min: String(low), max: String(high), step: "1", value: String(value) });
    input.setAttribute("aria-label", name);
    input.dataset.focus = key;
    // What stands there and is nothing new: the layer's own number, or the one that the page was told.
    input.dataset.told = input.value;
    const label = el("label", "", sign, input);
    label.title = `${name}: ${low}–${high}`;
    let wrong = () => {};
    const fits = () => input.checkValidity() && !Number.isNaN(input.valueAsNumber);
    const tell = () => {
      if (input.value !== input.dataset.told) change(input.valueAsNumber);
      input.dataset.told = input.value;
    };
    const restore = () => {
      wrong();
      input.classList.remove("wrong");
      input.value = String(value);
      input.dataset.told = input.value;
    };
    typing(input, {
      accept: (left) => {
        wrong();
        const expected = word("typing_range", { low, high });
        if (fits()) tell();
        else if (left) noteAt(label, `${word("typing_kept", { typed: input.value, value })} ${expected}`);
        else wrong = noteAt(label, expected);
        input.classList.toggle("wrong", !fits());
        // Where the page didn't take the number, the layer still has the old one.
        if (left) restore();
      },
      discard: restore,
    });
    // The little arrows beside the number, and the arrow keys.
    input.onchange = () => { if (fits()) tell(); };
    input.oninput = () => {
      wrong();
      input.classList.remove("wrong");
    };
    return label;
  };

  const head = (/** @type {number} */ level) => {
    const role = level === 0 ? labels.input : level === lesson.last ? labels.output : "";
    const title = el("div", "level-head", ...(role ? [el("b", "role", role)] : []), el("b", "", lesson.nameOf(level)));
    if (!meta.editable || level === 0) title.append(el("span", "", `${lesson.sizes[level]}×${lesson.sizes[level]}`));
    if (!meta.editable) return el("div", "top", title);
    const fields = el("div", "fields");
    if (level === 0) {
      const grow = (/** @type {number} */ value) => lesson.edit({ kind: "size", value });
      fields.append(number("size", "n", labels.size, lesson.sizes[0], limits.size, grow));
    } else {
      const window = meta.windows[level - 1], name = lesson.nameOf(level);
      for (const field of ["kernel", "stride", "padding", "dilation"]) {
        const set = (/** @type {number} */ value) => lesson.edit({ kind: "set", at: level - 1, field, value });
        fields.append(number(`${level}.${field}`, field[0], `${name} ${labels[field]}`, window[field], limits[field], set));
      }
      const remove = () => lesson.edit({ kind: "remove", at: level - 1 });
      title.append(lesson.button("remove", fill(labels.remove, { layer: name }), remove, "×"));
    }
    return el("div", "top", title, fields);
  };

  /** Between this level and the next: a plus, where there is room for another layer. */
  const gap = (/** @type {number} */ level) => {
    const made = el("div", `gap${level === lesson.last ? " end" : ""}`);
    if (!meta.editable || meta.windows.length >= limits.layers) return made;
    const choices = el("div", "choices",
      lesson.button("pill", labels.add_conv, () => lesson.edit({ kind: "add", at: level, what: "conv" }), "conv"),
      lesson.button("pill", labels.add_pool, () => lesson.edit({ kind: "add", at: level, what: "pool" }), "pool"));
    const plus = lesson.button("plus", labels.add, () => {
      choices.hidden = !choices.hidden;
      plus.setAttribute("aria-expanded", String(!choices.hidden));
      if (!choices.hidden) choices.querySelector("button")?.focus({ preventScroll: true });
    }, "+");
    plus.setAttribute("aria-expanded", "false");
    plus.dataset.focus = `plus:${level}`;
    choices.hidden = true;
    choices.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      choices.hidden = true;
      plus.setAttribute("aria-expanded", "false");
      plus.focus();
    };
    made.append(plus, choices);
    return made;
  };

  return { head, gap };
}
