// The loss after each repeated step, as a small curve that says its first and last number.
import { format } from "shared/numbers.js";
import { el, markup } from "shared/dom.js";

/** @param {(number|null)[]} losses only the last may be null, which is no number @param {Record<string, string>} labels */
export function lossCurve(losses, labels) {
  const width = 300, height = 84, left = 6, right = 6, top = 8, bottom = 8;
  const finite = losses.filter((v) => v !== null), most = Math.max(...finite, 1e-6);
  const x = (/** @type {number} */ i) => left + (i / Math.max(1, losses.length - 1)) * (width - left - right);
  const y = (/** @type {number} */ v) => height - bottom - (v / most) * (height - top - bottom);
  const points = losses.map((v, i) => (v !== null ? `${x(i).toFixed(1)},${y(v).toFixed(1)}` : "")).filter(Boolean);
  const dots = points.map((point, i) => {
    const [cx, cy] = point.split(",");
    return `<circle cx="${cx}" cy="${cy}" r="2.6"><title>${i}: ${format(finite[i], 4)}</title></circle>`;
  });
  const last = losses[losses.length - 1];
  const now = last !== null ? format(last, 3) : labels.not_finite;
  const caption = `${labels.loss} ${format(finite[0], 3)} → ${now} · ${losses.length - 1} ${labels.steps}`;
  const ground = `<line x1="${left}" x2="${width - right}" y1="${height - bottom}" y2="${height - bottom}"/>`;
  const drawn = `${ground}<polyline points="${points.join(" ")}"/>${dots.join("")}`;
  const svg = markup("div", "curve", `<svg viewBox="0 0 ${width} ${height}" role="img">${drawn}</svg>`);
  /** @type {Element} */ (svg.querySelector("svg")).setAttribute("aria-label", caption);
  return el("div", "", svg, el("div", "caption", caption));
}
