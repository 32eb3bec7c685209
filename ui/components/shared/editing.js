// Type another number into a cell.
import { el } from "./dom.js";

const MOST = 1000;

/**
 * @param {HTMLElement} cell
 * @param {number} value
 * @param {Record<string, string>} labels
 * @param {(value: number) => void} done called with a new, finite number; not at all when nothing changed
 */
export function askNumber(cell, value, labels, done) {
  if (cell.querySelector("input")) return;
  const input = /** @type {HTMLInputElement} */ (el("input", "edit")), before = [...cell.childNodes];
  input.type = "text";
  input.inputMode = "decimal";
  input.value = String(Number(value.toFixed(4)));
  input.setAttribute("aria-label", labels.new_value);
  const close = () => {
    if (input.isConnected) cell.replaceChildren(...before);
  };
  const accept = () => {
    const typed = Number(input.value.trim().replace("−", "-").replace(",", "."));
    if (input.value.trim() === "" || !Number.isFinite(typed) || Math.abs(typed) > MOST) {
      input.setCustomValidity(labels.not_a_number);
      input.reportValidity();
      input.classList.add("wrong");
      return;
    }
    close();
    if (Math.abs(typed - value) > 1e-6) done(typed);
  };
  input.onkeydown = (event) => {
    event.stopPropagation();
    if (event.key === "Enter") accept();
    else if (event.key === "Escape") close();
  };
  input.oninput = () => {
    input.setCustomValidity("");
    input.classList.remove("wrong");
  };
  input.onblur = close;
  cell.replaceChildren(input);
  input.focus();
  input.select();
}
