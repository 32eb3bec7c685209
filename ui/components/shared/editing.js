// Type another number into a cell. Leaving the field accepts the number, as Enter does; Escape discards it.
import { el } from "./dom.js";
import { noteAt } from "./note.js";
import { short } from "./numbers.js";
import { word } from "./page_words.js";
import { readNumber } from "./reading.js";
import { typing } from "./typing.js";

const MOST = 1000;
const FOCUSABLE = "[tabindex], button";

/** The field that is open in a picture, if there is one. @param {HTMLElement} host */
export const fieldIn = (host) => host.querySelector("input.edit");

/**
 * @param {HTMLElement} cell
 * @param {number} value
 * @param {Record<string, string>} labels
 * @param {(value: number) => void} done called with a new, finite number; not at all when nothing changed
 * @param {{low?: number, high?: number}} [range] of what is taken
 */
export function askNumber(cell, value, labels, done, { low = -MOST, high = MOST } = {}) {
  if (cell.querySelector("input")) return;
  const input = /** @type {HTMLInputElement} */ (el("input", "edit")), way = wayTo(cell);
  const first = Number.isFinite(value) ? String(Number(value.toFixed(4))) : "";
  input.type = "text";
  input.inputMode = "decimal";
  input.value = first;
  input.setAttribute("aria-label", labels.new_value);
  let within = cell, before = [...cell.childNodes], open = true, wrong = () => {};
  const usual = low === -MOST && high === MOST && labels.not_a_number;
  const expected = usual || word("typing_range", { low: short(low, 4), high: short(high, 4) });

  const close = () => {
    open = false;
    kept.disconnect();
    wrong();
    if (input.isConnected) within.replaceChildren(...before);
  };
  /** A field that goes away under the keyboard leaves it where the cell is. */
  const back = () => /** @type {HTMLElement|null} */ (within.closest(FOCUSABLE))?.focus({ preventScroll: true });
  const accept = (/** @type {boolean} */ left) => {
    if (!open) return;
    const typed = readNumber(input.value), fits = Number.isFinite(typed) && typed >= low && typed <= high;
    if (!fits && input.value !== first) {
      wrong();
      if (left) {
        close();
        noteAt(within, `${word("typing_kept", { typed: input.value.trim(), value: short(value, 4) })} ${expected}`);
        return;
      }
      wrong = noteAt(input, expected);
      input.classList.add("wrong");
      input.setAttribute("aria-invalid", "true");
      return;
    }
    close();
    if (!left) back();
    if (input.value !== first && !(Math.abs(typed - value) <= 1e-6)) done(typed);
  };
  typing(input, {
    accept,
    discard: () => {
      close();
      back();
    },
  });
  input.addEventListener("input", () => {
    wrong();
    input.classList.remove("wrong");
    input.removeAttribute("aria-invalid");
  });

  // Other numbers may come while one types: the field moves into the cell that then stands in the place of this one.
  const root = cell.getRootNode();
  const kept = new MutationObserver(() => {
    if (!open || input.isConnected) return;
    // In a picture that has left the page, the field would look for its place for ever.
    const there = root.isConnected && (within.isConnected ? within : cellAt(root, way));
    if (!there) {
      open = false;
      kept.disconnect();
      return;
    }
    const [from, to] = [input.selectionStart, input.selectionEnd];
    [within, before] = [there, [...there.childNodes]];
    there.replaceChildren(input);
    input.focus({ preventScroll: true });
    input.setSelectionRange(from, to);
  });
  kept.observe(root, { childList: true, subtree: true });

  cell.replaceChildren(input);
  input.focus();
  input.select();
}

/** Which child of which child a cell is, from the root down. @param {HTMLElement} cell */
function wayTo(cell) {
  const steps = [];
  for (let at = /** @type {Element} */ (cell); at.parentNode; at = /** @type {Element} */ (at.parentNode)) {
    steps.unshift([...at.parentNode.children].indexOf(at));
    if (!(at.parentNode instanceof Element)) break;
  }
  return { steps, kind: kindOf(cell) };
}

/** What doesn't change about a cell when its number does. @param {Element} cell */
const kindOf = (cell) => [
  cell.tagName, cell.getAttribute("role"), cell.getAttribute("aria-label"),
  JSON.stringify({ .../** @type {HTMLElement} */ (cell).dataset }),
  cell.closest("[data-grid]")?.getAttribute("data-grid"),
].join();

/** @param {Node} root @param {{steps: number[], kind: string}} way @returns {HTMLElement|null} */
function cellAt(root, { steps, kind }) {
  let at = /** @type {any} */ (root);
  for (const step of steps) at = at?.children[step];
  return at && kindOf(at) === kind ? at : null;
}
