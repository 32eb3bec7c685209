// The classic experiments in a row: each with a small line of its activations' std, layer by layer, on a log axis.
import { button, el } from "shared/dom.js";
import { svg } from "shared/plot_marks.js";

const WIDE = 56, TALL = 22, DECADES = 7;

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
      host.setAttribute("aria-label", meta.words.presets);
      const now = JSON.stringify([meta.presets, Object.keys(meta.views), meta.language]);
      if (now !== built) {
        built = now;
        const focused = /** @type {HTMLElement|null} */ (/** @type {ShadowRoot} */ (host.getRootNode()).activeElement)?.dataset?.name;
        host.replaceChildren(...meta.presets.map((/** @type {any} */ preset) => {
          const made = button("start", "", () => choose(preset.name), spark(std(preset.name)), el("span", "", el("b", "", preset.title), el("small", "", preset.note)));
          made.dataset.name = preset.name;
          return made;
        }));
        if (focused) /** @type {HTMLElement|null} */ (host.querySelector(`[data-name="${focused}"]`))?.focus();
      }
      for (const child of host.children) child.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (child).dataset.name === chosen));
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
