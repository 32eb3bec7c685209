// The few words that every component says in the frame's name, in the reader's language. They come once for the whole
// page (ui/components/tab), before or after the component that says them.
import { fill } from "./dom.js";

const COME = "stepcnn-words";
const place = /** @type {{$stepcnnWords?: Record<string, string>}} */ (globalThis);

/** @param {string} name @param {Record<string, string|number>} [values] for its gaps */
export function word(name, values = {}) {
  return fill(place.$stepcnnWords?.[name] ?? "", values);
}

/** @param {Record<string, string>} words */
export function bringWords(words) {
  place.$stepcnnWords = words;
  globalThis.dispatchEvent(new Event(COME));
}

/** @param {() => void} come called when there are others; returns how to stop that */
export function whenWordsCome(come) {
  globalThis.addEventListener(COME, come);
  return () => globalThis.removeEventListener(COME, come);
}
