// A word beside a place, in front of everything, until the reader does something else.
import { el } from "./dom.js";

const GAP = 6;

/** @param {HTMLElement} anchor @param {string} text */
export function noteAt(anchor, text) {
  const root = /** @type {ShadowRoot|Document} */ (anchor.getRootNode()), made = el("div", "typing-note", text);
  made.setAttribute("role", "alert");
  made.setAttribute("popover", "manual");
  const { left, bottom, top } = anchor.getBoundingClientRect();
  (root instanceof Document ? root.body : root).append(made);
  made.showPopover?.();
  const { width, height } = made.getBoundingClientRect();
  made.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
  made.style.top = `${bottom + GAP + height > innerHeight ? top - GAP - height : bottom + GAP}px`;
  const ends = ["pointerdown", "keydown", "wheel", "scroll"];
  const end = () => {
    made.remove();
    for (const name of ends) removeEventListener(name, end, true);
  };
  for (const name of ends) addEventListener(name, end, true);
  return end;
}
