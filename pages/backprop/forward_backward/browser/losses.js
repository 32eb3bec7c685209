// The loss after each repeated step, as a small curve that says its first and last number.
import { format } from "shared/numbers.js";
import { el, markup } from "shared/dom.js";

/** @param {number[]} losses @param {Record<string, string>} labels */
export function lossCurve(losses, labels) {
  const width = 300, height = 84, left = 6, right = 6, top = 8, bottom = 8;
  const finite = losses.filter((v) => v !== null), most = Math.max(...finite, 1e-6);
  const x = (i) => left + (i / Math.max(1, losses.length - 1)) * (width - left - right);
  const y = (v) => height - bottom - (v / most) * (height - top - bottom);
  const points = losses.map((v, i) => (v !== null ? `${x(i).toFixed(1)},${y(v).toFixed(1)}` : "")).filter(Boolean);
  const dots = points.map((point, i) => `<circle cx="${point.split(",")[0]}" cy="${point.split(",")[1]}" r="2.6"><title>${i}: ${format(losses[i], 4)}</title></circle>`);
  const last = losses[losses.length - 1];
  const caption = `${labels.loss} ${format(losses[0], 3)} → ${last !== null ? format(last, 3) : labels.not_finite} · ${losses.length - 1} ${labels.steps}`;
  const svg = markup("div", "curve", `<svg viewBox="0 0 ${width} ${height}" role="img"><line x1="${left}" x2="${width - right}" y1="${height - bottom}" y2="${height - bottom}"/><polyline points="${points.join(" ")}"/>${dots.join("")}</svg>`);
  svg.querySelector("svg").setAttribute("aria-label", caption);
  return el("div", "", svg, el("div", "caption", caption));
}
