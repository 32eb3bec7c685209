// A small histogram. Each bar has the colour that its numbers have in the pictures above it. It stays apart from
// shared/plot.js: it has no axes, points at a bar and not at a place, and nine of them are redrawn at each picture.
import { THEME, colour, css } from "shared/colours.js";
import { short } from "./plate.js";

/** @typedef {import("shared/colours.js").Mode} Mode */
/** @typedef {{low: number, high: number, counts: ArrayLike<number>, note: string}} Bars */

/**
 * @param {HTMLElement} host
 * @param {ReturnType<import("./lens.js").makeLens>} lens
 * @param {string} label
 * @param {(from: string, to: string) => string} between  words for a bar's range
 */
export function makeHistogram(host, lens, label, between) {
  const title = host.appendChild(document.createElement("div"));
  title.className = "small";
  const name = title.appendChild(document.createElement("span"));
  const note = title.appendChild(document.createElement("span"));
  name.textContent = label;
  note.className = "note";
  const canvas = host.appendChild(document.createElement("canvas"));
  canvas.className = "bars";
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  const ends = host.appendChild(document.createElement("div"));
  ends.className = "ends";
  const low = ends.appendChild(document.createElement("span"));
  const high = ends.appendChild(document.createElement("span"));
  const me = {};
  /** @type {Bars|null} */
  let bars = null;
  /** @type {Mode} */
  let mode = "light";
  let at = -1;
  let width = 0;
  let height = 0;

  function fit() {
    width = canvas.clientWidth;
    height = canvas.clientHeight;
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    draw();
  }

  function draw() {
    if (!bars) return;
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const { counts, low: from, high: to } = bars;
    const most = Math.max(1, ...Array.from(counts));
    const step = width / counts.length;
    const limit = Math.max(Math.abs(from), Math.abs(to));
    const palette = THEME.palettes[mode];
    pen.fillStyle = palette.line2;
    pen.fillRect(0, height - 1, width, 1);
    for (let i = 0; i < counts.length; i += 1) {
      const middle = from + ((to - from) * (i + 0.5)) / counts.length;
      const tall = counts[i] ? Math.max(1.5, (counts[i] / most) * (height - 2)) : 0;
      pen.fillStyle = css(colour(sign(middle) * Math.max(Math.abs(middle), 0.4 * limit), limit, "diverging", mode));
      if (i === at) pen.fillStyle = palette.accent;
      pen.fillRect(i * step, height - 1 - tall, Math.max(1, step - 1), tall);
    }
  }

  /** @param {number} index */
  function go(index) {
    at = bars && index >= 0 && index < bars.counts.length ? index : -1;
    draw();
    if (!bars || at < 0) { lens.hide(me); return; }
    const each = (bars.high - bars.low) / bars.counts.length;
    const box = canvas.getBoundingClientRect();
    const near = new DOMRect(box.left + ((at + 0.5) * box.width) / bars.counts.length, box.top, 1, box.height);
    const words = between(short(bars.low + at * each), short(bars.low + (at + 1) * each));
    lens.show(me, near, words, String(bars.counts[at]), null, mode);
  }

  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    go(Math.floor(((event.clientX - box.left) / box.width) * (bars?.counts.length ?? 0)));
  });
  canvas.addEventListener("pointerleave", () => go(-1));
  canvas.addEventListener("blur", () => go(-1));
  canvas.addEventListener("focus", () => {
    if (canvas.matches(":focus-visible")) go((bars?.counts.length ?? 0) >> 1);
  });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || !bars) return;
    event.preventDefault();
    event.stopPropagation();
    go(Math.max(0, Math.min(bars.counts.length - 1, at + step)));
  });
  new ResizeObserver(fit).observe(canvas);

  return {
    /** @param {Bars} next @param {Mode} now */
    update(next, now) {
      bars = next;
      mode = now;
      note.textContent = next.note;
      low.textContent = short(next.low);
      high.textContent = next.high > 0 ? `+${short(next.high)}` : "0";
      if (at >= 0) go(at);
      else draw();
    },
  };
}

const sign = (/** @type {number} */ v) => (v < 0 ? -1 : 1);
