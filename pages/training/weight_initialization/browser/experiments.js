// The classic experiments as they were measured. They are the same in every answer, so they travel in an element of their
// own, once, and the lab looks them up here.
import { unpack } from "shared/unpack.js";

const COME = "stepcnn-experiments";

/** @typedef {{views: Record<string, any>, arrays: Record<string, any>}} Experiments */

const place = /** @type {{$stepcnnExperiments?: Experiments}} */ (globalThis);

/** @returns {Experiments} those that have come by now */
export function experiments() {
  return place.$stepcnnExperiments ?? { views: {}, arrays: {} };
}

/** @param {() => void} come called when there are others; returns how to stop that */
export function whenTheyCome(come) {
  globalThis.addEventListener(COME, come);
  return () => globalThis.removeEventListener(COME, come);
}

/** @param {{data: Uint8Array}} component */
export default function keep({ data }) {
  const { meta, arrays } = unpack(data);
  place.$stepcnnExperiments = { views: meta.views, arrays };
  globalThis.dispatchEvent(new Event(COME));
}
