// The few words in which the component writes its elements.

import { el } from "shared/dom.js";

export { el };

/**
 * Words in which **two stars** make a number bold; nothing else in them is read as markup.
 * @param {HTMLElement} host
 * @param {string} words
 */
export function write(host, words) {
  if (host.dataset.words === words) return;
  host.dataset.words = words;
  host.replaceChildren(...words.split("**").map((part, i) => (i % 2 ? el("b", "", part) : part)));
}

const ICONS = {
  play: "M2 0l7 5-7 5z",
  pause: "M1 0h3v10H1zM6 0h3v10H6z",
  step: "M1 0l5 5-5 5zM7 0h2v10H7z",
  epoch: "M0 0l4 5-4 5zM4 0l4 5-4 5zM8.4 0H10v10H8.4z",
  undo: "M4 0L0 3.2 4 6.4V4.3h2.2a1.9 1.9 0 0 1 0 3.8H3v1.6h3.2a3.5 3.5 0 0 0 0-7H4z",
  reset: "M5 1a4 4 0 1 1-3.9 3.1l1.2.3A2.8 2.8 0 1 0 5 2.2V4L2.4 1.7 5-.6z",
};

/** @param {keyof typeof ICONS} icon */
export function iconPath(icon) {
  return ICONS[icon];
}

/**
 * @param {keyof typeof ICONS} icon
 * @param {string} label
 * @param {() => void} click
 */
export function iconButton(icon, label, click) {
  const button = /** @type {HTMLButtonElement} */ (el("button", `round ${icon}`));
  button.type = "button";
  button.innerHTML = `<svg viewBox="0 -1 10 12" aria-hidden="true"><path d="${ICONS[icon]}"/></svg>`;
  button.title = label;
  button.setAttribute("aria-label", label);
  button.addEventListener("click", click);
  return button;
}
