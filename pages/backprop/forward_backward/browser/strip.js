// The whole network in one strip: values above, gradients beneath, dW below; what isn't computed yet is a ghost.
import { colour, css } from "shared/colours.js";
import { format } from "shared/numbers.js";
import { el } from "shared/dom.js";
import { limitOf, mosaic, thumbnail } from "shared/thumbnail.js";

/** @typedef {import("./board.js").Stage} Stage */
/** A layer as the page sends it: where its values, its gradient and its weights' gradient stand, and at which stops.
 * @typedef {{name: string, shape: number[], cursor: string, value: [string, string], gradient: [string, string]|null,
 *   parameter: [string, string]|null}} Column */

/** @param {HTMLElement} strip @param {Stage} stage */
export function drawStrip(strip, stage) {
  const { meta } = stage, labels = meta.labels, rows = [];
  /** @type {Column[]} */
  const columns = meta.columns;
  const reached = (/** @type {string} */ stop) => stage.indexOf(stop) <= stage.index;
  /** @param {string} stop @param {HTMLElement} picture @param {string} kind @param {Column} column */
  const box = (stop, picture, kind, column) => {
    const classes = `box ${kind}${stop === stage.stop.id ? " current" : ""}${reached(stop) ? "" : " ghost"}`;
    const made = /** @type {HTMLButtonElement} */ (el("button", classes, picture));
    made.type = "button";
    made.setAttribute("aria-label", `${labels.go_to} ${stage.nameOf(stop)}`);
    made.title = stage.nameOf(stop);
    made.onclick = (event) => {
      /** @type {HTMLElement|null} */
      const map = /** @type {HTMLElement} */ (event.target).closest("[data-channel]");
      if (map) stage.cursors[column.cursor] = Number(map.dataset.channel);
      stage.go(stop);
    };
    return made;
  };
  /** @param {string} strong @param {string} text @param {string} kind */
  const label = (strong, text, kind) => el("div", `row-label ${kind}`, el("b", "", strong), text);
  rows.push(el("div", "row-label"));
  for (const { name, shape } of columns) {
    rows.push(el("div", "column-head", labels[`column_${name}`] ?? name, " ", el("small", "", shape.join("×"))));
  }
  rows.push(label(labels.values, labels.forward_arrow, "values"));
  columns.forEach((column, i) => {
    const [array, stop] = column.value;
    rows.push(box(stop, picture(stage, array, column), `values${i < columns.length - 1 ? " arrow" : ""}`, column));
  });
  rows.push(label(labels.gradients, labels.backward_arrow, "gradients"));
  columns.forEach((column) => {
    if (!column.gradient) rows.push(lossBox(stage, reached));
    else rows.push(box(column.gradient[1], picture(stage, column.gradient[0], column), "gradients arrow back", column));
  });
  rows.push(label("dW", "", "gradients"));
  columns.forEach((column) => {
    if (!column.parameter) rows.push(el("div", "gradients"));
    else rows.push(box(column.parameter[1], weights(stage, column.parameter[0]), "gradients param", column));
  });
  strip.style.setProperty("--columns", String(columns.length));
  const back = ["backward", "update"].includes(stage.stop.phase) || stage.stop.id === "logits.gradient";
  strip.className = `strip ${back ? "backwards" : "forwards"}`;
  strip.replaceChildren(...rows);
  fit(strip, stage.narrow);
  const current = /** @type {HTMLElement|null} */ (strip.querySelector(".current"));
  if (!current || strip.scrollWidth <= strip.clientWidth) return;
  strip.scrollLeft = current.offsetLeft - strip.clientWidth / 2 + current.offsetWidth / 2;
}

const SMALL = 0.66, SMALLEST = 0.5;

/**
 * Shrink the strip until the whole network fits, at last with the shapes under the names, whose type doesn't shrink;
 * a phone scrolls along it instead.
 * @param {HTMLElement} strip @param {boolean} narrow
 */
function fit(strip, narrow) {
  if (narrow) strip.style.setProperty("--fit", "1");
  if (narrow || shrunk(strip, SMALL)) return;
  strip.classList.add("tall");
  shrunk(strip, SMALLEST);
}

/** As small as it must be, whether that is enough. @param {HTMLElement} strip @param {number} least */
function shrunk(strip, least) {
  strip.style.setProperty("--fit", "1");
  // Gaps and borders don't shrink with the type, so one division seldom does.
  for (let fitting = 1; strip.scrollWidth > strip.clientWidth; ) {
    if (fitting <= least) return false;
    fitting *= 0.98 * (strip.clientWidth / strip.scrollWidth);
    strip.style.setProperty("--fit", String(fitting));
  }
  return true;
}

/** All maps of a layer, or its bars. @param {Stage} stage @param {string} array @param {Column} column */
function picture(stage, array, column) {
  const { data } = stage.arrays[array], shape = column.shape, made = el("div", "thumbs maps");
  if (shape.length === 1) return bars(stage, data, array);
  const [count, height, width] = shape, across = Math.ceil(count / 2), down = Math.ceil(count / across);
  const wide = across * (width + 1) - 1, tall = down * (height + 1) - 1;
  made.style.width = `${count === 1 ? 3.67 : across * (count <= 8 ? 1.86 : 1.28)}em`;
  made.append(mosaic(data, count, height, width, across, limitOf(data), array === "v:x" ? "sequential" : "diverging", stage.mode));
  for (let c = 0; c < count; c++) {
    const map = el("span", count > 1 && stage.cursors[column.cursor] === c ? "chosen" : "");
    map.dataset.channel = String(c);
    map.style.left = `${(100 * (c % across) * (width + 1)) / wide}%`;
    map.style.top = `${(100 * Math.floor(c / across) * (height + 1)) / tall}%`;
    map.style.width = `${(100 * width) / wide}%`;
    map.style.height = `${(100 * height) / tall}%`;
    made.append(map);
  }
  return made;
}

/** @param {Stage} stage @param {import("shared/unpack.js").Numbers} data @param {string} array */
function bars(stage, data, array) {
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", "mini")), scale = 2;
  const width = 96 * scale, height = 44 * scale;
  canvas.width = width;
  canvas.height = height;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const limit = array === "p" || array === "d:z" ? 1 : limitOf(data);
  const signed = Array.from(data).some((v) => v < -1e-3), zero = signed ? 0.5 : 1, step = width / data.length;
  data.forEach((v, i) => {
    const tall = Math.max(2, (Math.min(Math.abs(v), limit) / limit) * height * zero * 0.94);
    const shade = Math.abs(v) < 0.02 * limit ? 0.18 * limit : array === "p" ? Math.max(v, 0.5) : v;
    context.fillStyle = css(colour(shade, limit * 0.8, array === "p" ? "sequential" : "diverging", stage.mode));
    context.fillRect(i * step + 1, v >= 0 ? height * zero - tall : height * zero, step - 3, tall);
  });
  return el("div", "thumbs", canvas);
}

/** All kernels of a layer's gradient in one mosaic. @param {Stage} stage @param {string} array */
function weights(stage, array) {
  const { data, shape } = stage.arrays[array];
  let height, width, values = data;
  if (shape.length === 4) {
    const [K, C, kh, kw] = shape, across = Math.ceil(Math.sqrt(K * C * 4)), down = Math.ceil((K * C) / across);
    height = down * kh;
    width = across * kw;
    values = new Float32Array(height * width);
    for (let n = 0; n < K * C; n++) {
      for (let a = 0; a < kh; a++) {
        const row = (Math.floor(n / across) * kh + a) * width + (n % across) * kw;
        for (let b = 0; b < kw; b++) values[row + b] = data[(n * kh + a) * kw + b];
      }
    }
  } else [height, width] = shape;
  const canvas = thumbnail(values, height, width, limitOf(data) * 0.7, "diverging", stage.mode);
  return el("div", "thumbs mosaic", canvas);
}

/** @param {Stage} stage @param {(stop: string) => boolean} reached */
function lossBox(stage, reached) {
  const { meta } = stage, after = stage.stop.id === "after";
  const written = (/** @type {number|null} */ loss) => (loss === null ? meta.labels.not_finite : format(loss, 3));
  const made = el("div", "box gradients loss", meta.labels.loss, el("b", "", reached("loss") ? written(meta.loss) : "·"));
  if (after) made.append(el("span", "", `${meta.labels.after_step} ${written(meta.loss_after)}`));
  made.classList.toggle("ghosted", !reached("loss"));
  return made;
}
