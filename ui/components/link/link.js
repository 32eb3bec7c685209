import { watchTheme } from "shared/colours.js";
import { askAll } from "shared/resting.js";

const SHOWN_MS = 1600, LOST_MS = 10_000;

/**
 * The link of the page as it is seen: what the pictures have kept to themselves goes to the server, and the server says
 * what then belongs into the address. The address bar alone may lag behind.
 */
class Link {
  constructor() {
    this.asked = 0;
    this.copied = 0;
    this.answered = (/** @type {string} */ _address) => {};
    this.setStateValue = (/** @type {string} */ _name, /** @type {unknown} */ _value) => {};
  }

  /** @param {{asked: number, query: string}} answer @param {(name: string, value: unknown) => void} setStateValue */
  heard({ asked, query }, setStateValue) {
    this.setStateValue = setStateValue;
    const { origin, pathname } = window.location;
    if (asked === this.asked) this.answered(origin + pathname + (query && `?${query}`));
  }

  /** @returns {Promise<string>} */
  async address() {
    await askAll();
    return new Promise((answered) => {
      this.answered = answered;
      this.asked = Date.now();
      // A server that is out of reach leaves the address as it stands.
      setTimeout(() => answered(window.location.href), LOST_MS);
      this.setStateValue("asked", this.asked);
    });
  }
}

/** A browser wants to hear at once that something will be copied; what it is may follow. @param {Promise<string>} text */
const copy = (text) => (window.ClipboardItem
  ? navigator.clipboard.write([new ClipboardItem({ "text/plain": text.then((known) => new Blob([known], { type: "text/plain" })) })])
  : text.then((known) => navigator.clipboard.writeText(known)));

/** @typedef {{label: string, done: string, fallback: string, asked: number, query: string}} Data */
/** @param {{data: Data, parentElement: ShadowRoot, setStateValue: (name: string, value: unknown) => void}} component */
export default function ({ data, parentElement, setStateValue }) {
  const button = /** @type {HTMLButtonElement & {link?: Link}} */ (parentElement.querySelector("button"));
  const field = /** @type {HTMLInputElement} */ (parentElement.querySelector("input"));
  const link = (button.link ??= new Link());
  const show = () => { button.textContent = link.copied ? data.done : data.label; };
  show();
  link.heard(data, setStateValue);

  button.onclick = async () => {
    const address = link.address();
    try {
      await copy(address);
      clearTimeout(link.copied);
      link.copied = setTimeout(() => {
        link.copied = 0;
        show();
      }, SHOWN_MS);
      show();
    } catch {
      // No clipboard outside https and localhost: the reader copies by hand.
      field.hidden = false;
      field.value = await address;
      field.setAttribute("aria-label", data.fallback);
      field.select();
    }
  };
  return watchTheme(parentElement, () => {});
}
