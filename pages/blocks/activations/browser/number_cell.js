// A number to take hold of: dragged sideways, moved with the arrow keys, or typed.
import { el } from "shared/dom.js";
import { askNumber } from "shared/editing.js";
import { short } from "./words.js";

const PIXELS = 4;
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };

/**
 * @param {any} board
 * @param {{name: string, label: string, step: number, decimals?: number}} what `name` is the control's
 */
export function numberCell(board, { name, label, step, decimals = 2 }) {
  const value = el("b"), made = el("span", "number-cell", el("span", "", label), value);
  const low = board.meta.ranges[name][0], high = board.meta.ranges[name][1];
  made.tabIndex = 0;
  made.setAttribute("role", "spinbutton");
  made.setAttribute("aria-label", label);
  made.setAttribute("aria-valuemin", String(low));
  made.setAttribute("aria-valuemax", String(high));
  made.title = board.meta.labels.type_value;
  made.dataset.name = name;
  let from = 0, started = 0, held = false, moved = false;
  const tidy = (/** @type {number} */ v) => +Math.max(low, Math.min(high, Math.round(v / step) * step)).toFixed(6);
  const type = () => askNumber(value, board.now[name], { new_value: label },
    (typed) => board.set(name, step === 1 ? Math.round(typed) : +typed.toFixed(6), true), { low, high });

  made.addEventListener("pointerdown", (event) => {
    if (value.querySelector("input")) return;
    [from, started, held, moved] = [event.clientX, board.now[name], true, false];
    made.setPointerCapture(event.pointerId);
  });
  made.addEventListener("pointermove", (event) => {
    if (!held || (!moved && Math.abs(event.clientX - from) < PIXELS)) return;
    moved = true;
    board.set(name, tidy(started + ((event.clientX - from) / PIXELS) * step), false);
  });
  const release = () => {
    if (!held) return;
    held = false;
    if (moved) board.set(name, board.now[name], true);
  };
  made.addEventListener("pointerup", release);
  made.addEventListener("pointercancel", release);
  made.addEventListener("click", () => { if (!moved) type(); });
  made.addEventListener("keydown", (event) => {
    if (event.target !== made) return;
    const steps = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (steps) board.set(name, tidy(board.now[name] + steps * step), true);
    else if (event.key === "Enter") type();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    element: made,
    update() {
      if (value.querySelector("input")) return;
      value.textContent = short(board.now[name], decimals);
      made.setAttribute("aria-valuenow", String(board.now[name]));
    },
  };
}
