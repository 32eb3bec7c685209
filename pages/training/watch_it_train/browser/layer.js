// One layer that learns: its weights and their gradient, its maps and theirs, three histograms, one ratio.
import { el } from "shared/dom.js";
import { makeHistogram } from "./histogram.js";
import { makePlate, short } from "./plate.js";

/** @typedef {import("shared/colours.js").Mode} Mode */
/** @typedef {Record<string, import("shared/unpack.js").NdArray>} Arrays */

const HISTOGRAMS = ["weights", "gradients", "activations"];
const GAUGE = { low: -6, high: 0 };

/** How a layer's weights are laid out: [tiles in a row, height, width, cell]. @param {number[]} shape */
function weightsLayout(shape) {
  if (shape.length === 4) {
    const one = shape[1] === 1;
    return { across: one ? 4 : shape[0], height: shape[2], width: shape[3], cell: one ? 11 : 4, gap: one ? 4 : 1.5 };
  }
  return { across: 2, height: 4, width: shape[1] / 4, cell: 5.5, gap: 3 };
}

/** @param {number[]} shape */
function mapsLayout(shape) {
  if (shape.length === 1) return { across: shape[0], height: 1, width: 1, cell: 18, gap: 1 };
  return { across: shape[0] / (shape[1] > 4 ? 2 : 2), height: shape[1], width: shape[2], cell: shape[1] > 4 ? 5.5 : 6, gap: 3 };
}

/**
 * The name of a weight: W[out, in, row, column].
 * @param {number[]} shape
 * @param {string} letter
 */
const weightName = (shape, letter) => (/** @type {number} */ tile, /** @type {number} */ row, /** @type {number} */ column) => {
  if (shape.length === 2) return `${letter}[${tile}, ${column * 4 + row}]`;
  const index = [tile % shape[0], Math.floor(tile / shape[0]), row, column];
  return `${letter}[${index.join(", ")}]`;
};

/** @param {number[]} shape @param {string} letter */
const mapName = (shape, letter) => (/** @type {number} */ tile, /** @type {number} */ row, /** @type {number} */ column) =>
  `${letter}[${shape.length === 1 ? tile : [tile, row, column].join(", ")}]`;

/**
 * Kernels stand in a grid of (input, output); a linear layer's rows as 4 pixels × its maps.
 * @param {import("shared/unpack.js").NdArray} array
 */
function asTiles({ data, shape }) {
  if (shape.length === 4 && shape[1] > 1) {
    const cells = shape[2] * shape[3];
    const out = new Float32Array(data.length);
    for (let o = 0; o < shape[0]; o += 1) {
      for (let i = 0; i < shape[1]; i += 1) {
        const from = (o * shape[1] + i) * cells;
        out.set(data.subarray(from, from + cells), (i * shape[0] + o) * cells);
      }
    }
    return out;
  }
  if (shape.length === 2) {
    const maps = shape[1] / 4;
    return Float32Array.from(data, (_, k) => {
      const inside = k % shape[1];
      return data[k - inside + (inside % maps) * 4 + Math.floor(inside / maps)];
    });
  }
  return data;
}

/**
 * @param {any} layer   what the server says about it
 * @param {Arrays} arrays
 * @param {any} words
 * @param {ReturnType<import("./lens.js").makeLens>} lens
 */
export function makeLayer(layer, arrays, words, lens) {
  const { name } = layer;
  const weight = arrays[`${name}.weight`].shape;
  const maps = arrays[`${name}.y`].shape;
  const ratio = el("b");
  const needle = el("i");
  const gauge = el("div", "gauge", [el("u"), needle]);
  const head = el("header", "", [
    el("h3", "", name),
    el("small", "", layer.about),
    el("span", "ratio", [el("span", "", words.ratio), gauge, ratio]),
  ]);
  head.title = words.ratioHelp;

  /** @param {string} title @param {string} note */
  const box = (title, note) => el("div", "box", [el("div", "small", [el("span", "", title), el("span", "note", note)])]);
  const boxes = [
    box(words.weights, ""), box(words.weightGradient, words.lastBatch),
    box(words[layer.maps], ""), box(words.mapGradient, words.thisDigit),
  ];
  const grid = el("div", "plates", boxes);
  const plates = [
    makePlate(boxes[0], lens, `${name} ${words.weights}`, { ...weightsLayout(weight), name: weightName(weight, "W") }),
    makePlate(boxes[1], lens, `${name} ${words.weightGradient}`, { ...weightsLayout(weight), name: weightName(weight, "dW") }),
    makePlate(boxes[2], lens, `${name} ${words[layer.maps]}`, { ...mapsLayout(maps), name: mapName(maps, "Y") }),
    makePlate(boxes[3], lens, `${name} ${words.mapGradient}`, { ...mapsLayout(maps), name: mapName(maps, "dY") }),
  ];
  const hosts = HISTOGRAMS.map(() => el("div", "histogram"));
  const section = el("section", "layer", [head, grid, el("div", "histograms", hosts)]);
  const histograms = HISTOGRAMS.map((kind, i) =>
    makeHistogram(hosts[i], lens, words[kind], (from, to) => `${from} … ${to}`));

  return {
    section,
    /** @param {any} now @param {Arrays} next @param {Mode} mode */
    update(now, next, mode) {
      const drawn = ["weight", "dweight", "y", "dy"].map((part) => next[`${name}.${part}`]);
      plates.forEach((plate, i) => plate.update(i < 2 ? asTiles(drawn[i]) : drawn[i].data, mode));
      boxes[1].classList.toggle("ghost", !now.hasGradient);
      ratio.textContent = now.ratio === null ? "–" : short(now.ratio);
      needle.hidden = !now.ratio;
      const at = (Math.log10(now.ratio || 1) - GAUGE.low) / (GAUGE.high - GAUGE.low);
      needle.style.left = `${100 * Math.max(0, Math.min(1, at))}%`;
      histograms.forEach((histogram, i) => {
        const kind = HISTOGRAMS[i];
        histogram.update({ ...now.histograms[kind], counts: next[`${name}.${kind}`].data }, mode);
        hosts[i].classList.toggle("ghost", kind === "gradients" && !now.hasGradient);
      });
    },
  };
}
