// A picture's keys: they act only while the picture has the focus, and a line under it says which they are.
import { el } from "./dom.js";
import { whenWordsCome, word } from "./page_words.js";

/** Elements that need every key themselves; that need all but Escape; and that need the space bar. */
const TEXT = "input, textarea, select, [contenteditable]";
const OWN = "[role=slider], [role=spinbutton], [role=tab], [role=listbox], [role=option], [role=radio], [role=dialog], [role=menu]";
const BUTTONS = "button, a, summary";
/** Cells, written out or drawn, over which the arrow keys walk. */
export const GRID = "[role=grid], [role=application]";
/** What moves its own mark with the arrow keys. */
const WALKED = `${GRID}, canvas, svg`;

/** Keys, as they stand on the keyboard, and the word of ui/components/tab/words.py for what they do. @typedef {[string, string]} Key */

/** What the keys do where arrows go from cell to cell. @param {boolean} types @returns {Key[]} */
export const cellKeys = (types) => [["← ↑ ↓ →", "keys_cells"], ["Enter", types ? "keys_type" : "keys_hold"]];

/**
 * Whether keys of the picture do what they do while this has the focus.
 * @param {string} names @param {HTMLElement} at @param {HTMLElement} host
 */
function acts(names, at, host) {
  if (at === host || names === "Esc") return !at.matches(TEXT);
  if (at.closest(`${TEXT}, ${OWN}`)) return false;
  if (names.includes("↑") || names === "Enter") return true;
  return !at.closest(names.includes("→") ? WALKED : BUTTONS);
}

/**
 * @param {HTMLElement} host the whole picture
 * @param {Object} how
 * @param {(event: KeyboardEvent) => boolean} how.press do what a key stands for; whether it stands for anything
 * @param {(at: HTMLElement) => Key[]} how.keys what the keys do while `at` has the focus
 * @returns {{update: () => void, leave: () => void}} `update` writes the line again
 */
export function pictureKeys(host, { press, keys }) {
  const line = el("p", "keys-line"), root = /** @type {ShadowRoot} */ (host.getRootNode());
  line.id = `keys-${Math.random().toString(36).slice(2)}`;
  host.tabIndex = 0;
  host.classList.add("has-keys");
  host.setAttribute("role", "group");
  host.setAttribute("aria-describedby", line.id);
  host.after(line);
  /** What inside had the focus last. @type {HTMLElement|null} */
  let held = null;

  const update = () => {
    const at = /** @type {HTMLElement|null} */ (root.activeElement), inside = at && host.contains(at) ? at : null;
    const acting = inside ? keys(inside).filter(([names]) => acts(names, inside, host)) : [], on = acting.length > 0;
    const known = on ? acting : keys(host);
    line.hidden = !known.length;
    line.classList.toggle("on", on);
    host.classList.toggle("keys-on", on);
    const said = known.flatMap(([names, does]) => [
      ...names.split(" ").map((name) => el("kbd", "", name === "Space" ? word("key_space") : name)), el("span", "", word(does)),
    ]);
    line.replaceChildren(el("b", "", word(on ? "keys_here" : "keys_click")), ...said);
  };

  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const at = /** @type {HTMLElement} */ (event.target);
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || at.closest(TEXT)) return;
    const arrow = event.key.startsWith("Arrow"), inside = at !== host;
    if (event.key !== "Escape" && inside && (at.closest(OWN) || (arrow && at.closest(GRID)) || (!arrow && at.closest(BUTTONS)))) return;
    if (press(event)) event.preventDefault();
  };
  const onFocus = (/** @type {FocusEvent} */ event) => {
    held = /** @type {HTMLElement} */ (event.target);
    update();
  };
  // A button that is drawn anew under the finger leaves the keys with the picture, not with nobody.
  const keep = () => {
    const lost = held && !held.isConnected && (!document.activeElement || document.activeElement === document.body);
    if (!lost) return;
    held = null;
    host.focus({ preventScroll: true });
  };
  const onBlur = () => queueMicrotask(() => {
    if (held?.isConnected && !host.contains(root.activeElement)) held = null;
    keep();
    update();
  });
  host.addEventListener("keydown", onKey);
  host.addEventListener("focusin", onFocus);
  host.addEventListener("focusout", onBlur);
  const redrawn = new MutationObserver(keep);
  redrawn.observe(host, { childList: true, subtree: true });
  const deaf = whenWordsCome(update);
  update();

  return {
    update,
    leave() {
      host.removeEventListener("keydown", onKey);
      host.removeEventListener("focusin", onFocus);
      host.removeEventListener("focusout", onBlur);
      redrawn.disconnect();
      deaf();
      line.remove();
    },
  };
}
