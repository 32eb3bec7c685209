// The few settings of a scene, and buttons: a number that steps, one of several names, something to do.
import { button, el } from "./dom.js";

/**
 * One setting. A knob without `kind` "button" is set at once; what follows from it comes from the server.
 * @typedef {Object} Knob
 * @property {"step"|"choice"|"select"|"button"} kind
 * @property {string} name
 * @property {string} label
 * @property {any} [value]
 * @property {number} [low]
 * @property {number} [high]
 * @property {number} [by] how much one step is
 * @property {[string, string][]} [options] value and word
 * @property {boolean} [flagged] it doesn't fit: see the notes
 * @property {string} [said] what a screen reader says where no label is written
 */
/** @typedef {Record<string, string>} Labels */
/** @typedef {{set: (name: string, value: any) => void, act: (name: string) => void}} On */

/**
 * @param {HTMLElement} host
 * @param {Knob[]} knobs
 * @param {Labels} labels
 * @param {On} on
 */
export function drawKnobs(host, knobs, labels, on) {
  const focused = /** @type {any} */ (host.getRootNode()).activeElement?.dataset?.knob;
  host.replaceChildren(...knobs.map((knob) => {
    const made = el("div", `knob${knob.flagged ? " flagged" : ""}`);
    made.dataset.name = knob.name;
    if (knob.kind !== "button" && knob.label) made.append(el("span", "", knob.label));
    made.append(...KINDS[knob.kind](knob, labels, on));
    return made;
  }));
  if (focused) /** @type {HTMLElement|null} */ (host.querySelector(`[data-knob="${focused}"]`))?.focus();
}

/** @type {Record<Knob["kind"], (knob: Knob, labels: Labels, on: On) => HTMLElement[]>} */
const KINDS = {
  step(knob, labels, on) {
    const value = el("b", "", String(knob.value));
    const turn = (/** @type {number} */ by, /** @type {string} */ sign) => {
      const made = button("turn", `${knob.label} ${by < 0 ? labels.less : labels.more_of}`, () => {
        knob.value += by * (knob.by ?? 1);
        value.textContent = String(knob.value);
        refresh();
        on.set(knob.name, knob.value);
      }, sign);
      made.dataset.knob = `${knob.name}${by}`;
      return made;
    };
    const less = turn(-1, "−"), more = turn(1, "+");
    const refresh = () => {
      less.disabled = knob.value <= /** @type {number} */ (knob.low);
      more.disabled = knob.value >= /** @type {number} */ (knob.high);
    };
    refresh();
    return [less, value, more];
  },

  choice(knob, labels, on) {
    const made = el("div", "choices");
    made.setAttribute("role", "group");
    made.setAttribute("aria-label", knob.label || (knob.said ?? ""));
    for (const [value, word] of /** @type {[string, string][]} */ (knob.options)) {
      const choose = button("pill", "", () => {
        for (const other of made.children) other.setAttribute("aria-pressed", String(other === choose));
        on.set(knob.name, value);
      }, word);
      choose.dataset.knob = `${knob.name}.${value}`;
      choose.setAttribute("aria-pressed", String(value === knob.value));
      made.append(choose);
    }
    return [made];
  },

  select(knob, labels, on) {
    const made = /** @type {HTMLSelectElement} */ (el("select"));
    made.setAttribute("aria-label", knob.label || (knob.said ?? ""));
    made.dataset.knob = knob.name;
    for (const [value, word] of /** @type {[string, string][]} */ (knob.options)) {
      const option = /** @type {HTMLOptionElement} */ (el("option", "", word));
      option.value = value;
      option.selected = value === knob.value;
      made.append(option);
    }
    made.onchange = () => on.set(knob.name, made.value);
    return [made];
  },

  button(knob, labels, on) {
    const made = button("pill", "", () => on.act(knob.name), knob.label);
    made.dataset.knob = knob.name;
    return [made];
  },
};
