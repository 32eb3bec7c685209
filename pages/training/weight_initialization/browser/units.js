// What the first units of a network have learnt: one small picture each of how its weights have moved, step by step.
import { colour, css, gradient } from "shared/colours.js";
import { el } from "shared/dom.js";
import { size } from "./words.js";

const EVERY = 5;

export function makeUnits() {
  const head = el("div", "units-head"), pictures = el("div", "units-pictures"), apart = el("p", "apart");
  const bar = el("i", "bar"), low = el("span"), high = el("span"), legend = el("div", "legend", low, bar, high);
  const range = /** @type {HTMLInputElement} */ (document.createElement("input"));
  range.type = "range";
  range.min = "0";
  const at = el("output");
  const host = el("section", "units", head, pictures, legend, el("label", "scrub", range, at), apart);
  /** @type {any} */
  let meta = null;
  /** @type {any} */
  let arrays = {};
  /** @type {import("shared/colours.js").Mode} */
  let mode = "light";
  let last = -1, whose = "";

  function draw() {
    const { data, shape } = arrays.gained, [frames, units, inputs] = shape, frame = Math.min(frames - 1, Number(range.value));
    let limit = 0;
    for (const value of data) if (Math.abs(value) > limit) limit = Math.abs(value);
    const side = Math.round(Math.sqrt(inputs)), square = side * side === inputs;
    const [rows, columns] = square ? [side, side] : [1, inputs];
    pictures.replaceChildren(...Array.from({ length: units }, (_, unit) => {
      const canvas = document.createElement("canvas");
      canvas.width = columns;
      canvas.height = rows;
      const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      for (let i = 0; i < inputs; i += 1) {
        pen.fillStyle = css(colour(data[(frame * units + unit) * inputs + i], limit || 1, "diverging", mode));
        pen.fillRect(i % columns, Math.floor(i / columns), 1, 1);
      }
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", meta.words.unit.replace("{number}", String(unit + 1)));
      return el("figure", "unit", canvas, el("figcaption", "", String(unit + 1)));
    }));
    low.textContent = size(-limit);
    high.textContent = limit ? `+${size(limit)}` : "0";
    bar.style.background = gradient("diverging", mode);
    at.textContent = `${meta.words.step} ${frame * EVERY}`;
    apart.textContent = meta.words.apart.replace("{value}", size(arrays.apart.data[frame]));
  }
  range.addEventListener("input", draw);

  return {
    host,
    /** @param {any} nextMeta @param {any} nextArrays @param {import("shared/colours.js").Mode} now */
    update(nextMeta, nextArrays, now) {
      meta = nextMeta;
      arrays = nextArrays;
      mode = now;
      head.replaceChildren(el("b", "", meta.words.gained), el("span", "", meta.recipe));
      range.setAttribute("aria-label", meta.words.scrub);
      host.classList.toggle("empty", !arrays.gained);
      if (!arrays.gained) {
        apart.textContent = meta.words.nothing;
        return;
      }
      const top = arrays.gained.shape[0] - 1, followed = Number(range.value) === last || whose !== meta.units;
      range.max = String(top);
      if (followed) range.value = String(top);
      last = top;
      whose = meta.units;
      draw();
    },
  };
}
