// A chart of curves over training steps. Its axes stand still while the curves grow.
import { THEME } from "../shared/colours.js";

/** @typedef {import("../shared/colours.js").Mode} Mode */
/**
 * @typedef {object} Curve
 * @property {ArrayLike<number>} x
 * @property {ArrayLike<number>} y
 * @property {"faint"|"plain"|"strong"} look
 */
/**
 * @typedef {object} Drawing
 * @property {Curve[]} curves
 * @property {number} steps            the right end of the axis
 * @property {number} stepsPerEpoch
 * @property {number} top              the upper end of the axis
 * @property {{y: number, label: string}} reference  what guessing would give
 * @property {ArrayLike<number>} changes  steps at which the learning rate was changed
 * @property {(y: number) => string} write
 * @property {string} axis
 */

/**
 * @param {HTMLElement} host
 * @param {ReturnType<import("./lens.js").makeLens>} lens
 * @param {string} label
 * @param {(step: number) => [string, string]} tell  the words for a step
 */
export function makeChart(host, lens, label, tell) {
  const canvas = document.createElement("canvas");
  canvas.className = "chart";
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  host.append(canvas);
  const me = {};
  /** @type {Drawing|null} */
  let drawing = null;
  /** @type {Mode} */
  let mode = "light";
  let cursor = -1;
  let rem = 15;
  let width = 0;
  let height = 0;
  let box = { left: 0, right: 0, top: 0, bottom: 0 };

  const last = () => {
    const x = drawing?.curves[0].x;
    return x && x.length ? x[x.length - 1] : 0;
  };
  const across = (/** @type {number} */ step) =>
    box.left + (step / (drawing?.steps || 1)) * (box.right - box.left);
  const up = (/** @type {number} */ y) => {
    const top = drawing?.top ?? 1;
    return box.bottom - (Math.min(y, top) / top) * (box.bottom - box.top);
  };

  function fit() {
    rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    width = host.clientWidth || 300;
    height = host.clientHeight || 200;
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    draw();
  }

  function draw() {
    if (!drawing) return;
    const d = drawing;
    const palette = THEME.palettes[mode];
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = `${0.72 * rem}px ${THEME.fonts.sans}`;
    box = { left: 2.3 * rem, right: width - 0.5 * rem, top: 0.5 * rem, bottom: height - 1.25 * rem };

    pen.textBaseline = "middle";
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      const y = up(d.top * share);
      line(pen, [[box.left, y], [box.right, y]], palette.line, 1);
      pen.fillStyle = palette.mute;
      pen.textAlign = "right";
      if (share * 4 % 2 === 0) pen.fillText(d.write(d.top * share), box.left - 0.4 * rem, y);
    }
    const epochs = d.steps / d.stepsPerEpoch;
    const every = [1, 2, 5, 10, 20, 50, 100].find((n) => epochs / n <= 6) ?? 200;
    pen.textAlign = "center";
    const end = `${epochs} ${d.axis}`;
    const room = box.right - pen.measureText(end).width - 0.8 * rem;
    for (let epoch = 0; across(epoch * d.stepsPerEpoch) < room; epoch += every) {
      pen.fillText(String(epoch), across(epoch * d.stepsPerEpoch), height - 0.5 * rem);
    }
    pen.textAlign = "right";
    pen.fillText(end, box.right, height - 0.5 * rem);

    const y = up(d.reference.y);
    pen.setLineDash([3, 3]);
    line(pen, [[box.left, y], [box.right, y]], palette.mute, 1);
    for (let i = 0; i < d.changes.length; i += 1) {
      const x = across(d.changes[i]);
      line(pen, [[x, box.top], [x, box.bottom]], palette.accent, 1);
    }
    pen.setLineDash([]);
    for (const curve of d.curves) {
      const looks = { faint: [palette.line2, 1], plain: [palette.mute, 1.5], strong: [palette.ink, 2.25] };
      const [stroke, weight] = looks[curve.look];
      /** @type {[number, number][]} */
      const points = [];
      for (let i = 0; i < curve.x.length; i += 1) points.push([across(curve.x[i]), up(curve.y[i])]);
      line(pen, points, String(stroke), Number(weight));
      if (curve.look === "strong" && points.length) {
        const [x1, y1] = points[points.length - 1];
        pen.fillStyle = palette.ink;
        pen.beginPath();
        pen.arc(x1, y1, 3.2, 0, 7);
        pen.fill();
      }
    }
    // The reference's words stand on a ground of their own, above whatever the curves do.
    pen.textAlign = "right";
    const words = pen.measureText(d.reference.label).width;
    const below = y - box.top < rem ? y + 0.65 * rem : y - 0.65 * rem;
    pen.globalAlpha = 0.85;
    pen.fillStyle = palette.panel;
    pen.fillRect(box.right - words - 4, below - 0.5 * rem, words + 4, rem);
    pen.globalAlpha = 1;
    pen.fillStyle = palette.mute;
    pen.fillText(d.reference.label, box.right - 2, below);
    if (cursor >= 0) {
      const x = across(cursor);
      line(pen, [[x, box.top], [x, box.bottom]], palette.ink, 1);
    }
  }

  /** @param {number} step */
  function go(step) {
    cursor = last() > 0 ? Math.max(1, Math.min(last(), step)) : -1;
    draw();
    if (cursor < 0) return;
    const place = canvas.getBoundingClientRect();
    const near = new DOMRect(place.left + across(cursor), place.top + box.top, 1, box.bottom - box.top);
    const [name, value] = tell(cursor);
    lens.show(me, near, name, value, null, mode);
  }
  function leave() {
    cursor = -1;
    draw();
    lens.hide(me);
  }

  canvas.addEventListener("pointermove", (event) => {
    const x = event.clientX - canvas.getBoundingClientRect().left;
    go(Math.round(((x - box.left) / (box.right - box.left)) * (drawing?.steps ?? 0)));
  });
  canvas.addEventListener("pointerleave", leave);
  canvas.addEventListener("blur", leave);
  canvas.addEventListener("focus", () => { if (canvas.matches(":focus-visible")) go(last()); });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10, Home: -1e9, End: 1e9 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    go((cursor < 0 ? last() : cursor) + step);
  });
  new ResizeObserver(fit).observe(host);

  return {
    /** @param {Drawing} next @param {Mode} now */
    update(next, now) {
      drawing = next;
      mode = now;
      if (cursor >= 0) go(cursor);
      else draw();
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {[number, number][]} points
 * @param {string} stroke
 * @param {number} width
 */
function line(pen, points, stroke, width) {
  pen.strokeStyle = stroke;
  pen.lineWidth = width;
  pen.lineJoin = "round";
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.stroke();
}
