// The classic experiments in a row: each with a small line of its activations' std, layer by layer, on a log axis. They are the
// same in every answer, so what was measured of them travels in an element of its own, once, and the board looks it up here.
import { button, el } from "shared/dom.js";
import { svg } from "shared/plot_marks.js";
import { unpack } from "shared/unpack.js";

const WIDE = 56, TALL = 22, DECADES = 7;
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

/** What Streamlit calls with those that are measured by now. @param {{data: Uint8Array}} component */
export default function keep({ data }) {
  const { meta, arrays } = unpack(data);
  place.$stepcnnExperiments = { views: meta.views, arrays };
  globalThis.dispatchEvent(new Event(COME));
}

/** @param {(name: string) => void} choose */
export function makeStarts(choose) {
  const host = el("div", "starts");
  host.setAttribute("role", "group");
  let built = "";

  return {
    host,
    /**
     * @param {any} meta
     * @param {string} chosen
     * @param {(name: string) => ArrayLike<number>|null} std
     */
    update(meta, chosen, std) {
      host.setAttribute("aria-label", meta.labels.presets);
      const now = JSON.stringify([meta.presets, Object.keys(experiments().views)]);
      if (now !== built) {
        built = now;
        const root = /** @type {ShadowRoot} */ (host.getRootNode());
        const focused = /** @type {HTMLElement|null} */ (root.activeElement)?.dataset?.name;
        host.replaceChildren(...meta.presets.map((/** @type {any} */ preset) => {
          const title = el("span", "", el("b", "", preset.title), el("small", "", preset.note));
          const made = button("start", "", () => choose(preset.name), spark(std(preset.name)), title);
          made.dataset.name = preset.name;
          return made;
        }));
        if (focused) /** @type {HTMLElement|null} */ (host.querySelector(`[data-name="${focused}"]`))?.focus();
      }
      for (const child of /** @type {Iterable<HTMLElement>} */ (host.children)) {
        child.setAttribute("aria-pressed", String(child.dataset.name === chosen));
      }
    },
  };
}

/** @param {ArrayLike<number>|null} values */
function spark(values) {
  const picture = svg("svg", { class: "spark", viewBox: `0 0 ${WIDE} ${TALL}`, "aria-hidden": "true" });
  if (!values) return /** @type {any} */ (picture);
  const x = (/** @type {number} */ i) => 2 + (i / (values.length - 1)) * (WIDE - 4);
  const y = (/** @type {number} */ v) => 3 + (Math.min(DECADES, Math.max(0, -Math.log10(v || 1e-9))) / DECADES) * (TALL - 6);
  const points = Array.from(values, (v, i) => `${x(i).toFixed(1)} ${y(v).toFixed(1)}`);
  picture.append(svg("path", { d: `M${points.join("L")}` }));
  return /** @type {any} */ (picture);
}
