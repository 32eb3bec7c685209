import { watchTheme } from "../shared/colours.js";

const SHOWN_MS = 1600;

/** @param {{data: {label: string, done: string, fallback: string}, parentElement: ShadowRoot}} component */
export default function ({ data, parentElement }) {
  const button = /** @type {HTMLButtonElement} */ (parentElement.querySelector("button"));
  const field = /** @type {HTMLInputElement} */ (parentElement.querySelector("input"));
  button.textContent = data.label;

  button.onclick = async () => {
    const address = window.location.href;
    try {
      await navigator.clipboard.writeText(address);
      button.textContent = data.done;
      setTimeout(() => { button.textContent = data.label; }, SHOWN_MS);
    } catch {
      // No clipboard outside https and localhost: the reader copies by hand.
      field.hidden = false;
      field.value = address;
      field.setAttribute("aria-label", data.fallback);
      field.select();
    }
  };
  return watchTheme(parentElement, () => {});
}
