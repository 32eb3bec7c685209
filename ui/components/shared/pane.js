// The formula, whose symbols light their pictures, and the live code, behind two tabs.
import { button, el, markup } from "./dom.js";

/** @typedef {{name: string, lines: string[], marked: number}} Code */
/** @typedef {{formula?: string, code?: Code|null, shapes?: string}} Pane */

/**
 * @param {import("./bench.js").Bench} bench
 * @param {Pane} scene
 * @param {() => void} again draws what holds this anew
 * @returns {HTMLElement[]}
 */
export function tabs(bench, scene, again) {
  const kinds = ["formula", "code"].filter((kind) => scene[/** @type {"formula"|"code"} */ (kind)]);
  if (!kinds.length) return [];
  if (!kinds.includes(/** @type {string} */ (bench.tab))) bench.tab = kinds[0];
  const made = el("div", "tabs");
  made.setAttribute("role", "tablist");
  for (const kind of kinds) {
    const choose = button("", "", () => {
      bench.tab = kind;
      again();
      bench.explain();
      bench.rested();
    }, bench.meta.labels[kind]);
    choose.setAttribute("role", "tab");
    choose.setAttribute("aria-selected", String(bench.tab === kind));
    made.append(choose);
  }
  return [made, bench.tab === "code" ? code(/** @type {{code: Code}} */ (scene)) : formula(bench, scene)];
}

/** @param {{code: Code}} scene */
function code(scene) {
  const lines = el("pre", "", ...scene.code.lines.map((line, i) => el(i === scene.code.marked ? "mark" : "span", "", `${line}\n`)));
  lines.tabIndex = 0;
  return el("div", "pane", el("div", "file", scene.code.name), lines);
}

/** @param {import("./bench.js").Bench} bench @param {Pane} scene */
function formula(bench, scene) {
  const made = markup("div", "formula", /** @type {string} */ (scene.formula));
  for (const symbol of made.querySelectorAll("v")) {
    const grid = () => bench.grids.find((other) => other.spec.id === symbol.getAttribute("g"));
    symbol.addEventListener("pointerenter", () => grid()?.root.classList.add("named"));
    symbol.addEventListener("pointerleave", () => grid()?.root.classList.remove("named"));
  }
  return el("div", "pane", made, el("div", "shapes", scene.shapes ?? ""));
}
