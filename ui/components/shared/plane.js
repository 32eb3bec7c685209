// The plane of two inputs: its ground coloured by an output, lines that can be dragged, and the four corners.
import { colour, css, inkOn } from "./colours.js";
import { el } from "./dom.js";
import { clamp, draggable, snap, tellValue } from "./drag.js";
import { short } from "./numbers.js";
import { svg } from "./plot_marks.js";

/** A unit: its two weights and its bias. @typedef {{w: number[], b: number}} Unit */
/**
 * @typedef {Object} Corner a point that stands for an input of the truth table
 * @property {number[]} at
 * @property {number} value from 0 to 1: its colour
 * @property {string} text
 * @property {string} name
 * @property {boolean} wrong
 */

const LOW = -0.6, HIGH = 1.6;
/** Where arrows stand: as near as their line comes to these, so that the arrows of two lines don't meet. */
const ANCHORS = [[0.35, 0.65], [0.65, 0.35]], MIDDLE = [0.5, 0.5];
/** How long an arrow is in the plane for each 1 of its weights, and the longest that is drawn. */
const ARROW = 0.16, LONGEST = 0.75;
export const MOST_WEIGHT = 10;
const WEIGHT_STEP = 0.1, BIAS_STEP = 0.05, POINT_STEP = 0.1;
/** A corner's radius, in the height of the type. */
const DISC = 0.86;
const PIXEL = 2, SHADES = 128, FULL = 0.8;

/** The colour of an output from 0 to 1: blue says 0, orange 1. @param {number} y @param {import("./colours.js").Mode} mode */
export const outputColour = (y, mode) => colour(2 * y - 1, 1 / FULL, "diverging", mode);

export class Plane {
  /**
   * @param {Object} how
   * @param {number} how.size pixels
   * @param {import("./scenes.js").Shell} how.shell
   * @param {string} how.title @param {string} how.note
   * @param {[string, string]} how.axes
   * @param {(line: number, unit: Unit) => void} how.move a line was dragged
   * @param {(x: number[]|null) => void} [how.point] the pointer is there, or gone
   * @param {number[]} [how.anchor] where a single line's arrow stands
   * @param {(corner: number) => void} how.pick a corner was chosen
   */
  constructor({ size, shell, title, note, axes, move, point, pick, anchor = MIDDLE }) {
    this.size = size;
    this.shell = shell;
    this.axes = axes;
    this.move = move;
    this.pick = pick;
    this.anchor = anchor;
    this.rem = shell.rem;
    this.canvas = /** @type {HTMLCanvasElement} */ (el("canvas", "ground"));
    this.canvas.width = this.canvas.height = Math.ceil(size / PIXEL);
    this.frame = svg("svg", { viewBox: `0 0 ${size} ${size}`, width: size, height: size });
    /** Where a line stood before. */
    this.ghost = svg("line", { class: "ghost" });
    this.lineLayer = svg("g");
    this.cornerLayer = svg("g");
    this.cross = svg("circle", { r: 0.22 * this.rem, class: "cross" });
    this.frame.append(...this.grid(), this.ghost, this.lineLayer, this.cross, this.cornerLayer);
    this.board = el("div", "plane-board", this.canvas, this.frame);
    this.board.style.width = this.board.style.height = `${size}px`;
    this.root = el("div", "plane", el("div", "grid-head", el("b", "", title), el("span", "", note)), this.board, legend(shell));
    /** @type {ReturnType<Plane["makeLine"]>[]} */
    this.lines = [];
    /** @type {ReturnType<Plane["makeDisc"]>[]} */
    this.discs = [];
    /** Where they stand, and whether with a cross. @type {{at: number[], wrong: boolean}[]} */
    this.spots = [];
    if (point) this.readable(title, point);
  }

  /** Point at any place, with the pointer or with the arrow keys. @param {string} title @param {(x: number[]|null) => void} point */
  readable(title, point) {
    const { board } = this;
    let at = MIDDLE;
    board.onpointermove = (event) => point(this.at(event));
    board.onpointerleave = () => point(null);
    board.tabIndex = 0;
    board.setAttribute("role", "application");
    board.setAttribute("aria-label", `${title}: ${this.shell.labels.plane_keys}`);
    board.onkeydown = (event) => {
      const by = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (event.target !== board || (!by && event.key !== "Escape")) return;
      event.preventDefault();
      event.stopPropagation();
      if (by) at = at.map((value, j) => clamp(snap(value + by[j] * POINT_STEP, POINT_STEP), LOW, HIGH));
      else board.blur();
      point(by ? at : null);
    };
    board.onblur = () => point(null);
  }

  /** @param {number} value */
  x(value) { return ((value - LOW) / (HIGH - LOW)) * this.size; }
  /** @param {number} value */
  y(value) { return this.size - this.x(value); }

  /** Where the pointer stands, in the plane. @param {PointerEvent} event */
  at(event) {
    const box = this.board.getBoundingClientRect(), scale = (HIGH - LOW) / box.width;
    return [LOW + (event.clientX - box.left) * scale, HIGH - (event.clientY - box.top) * scale];
  }

  grid() {
    const parts = [], far = this.size, gap = 0.32 * this.rem;
    for (const value of [0, 1]) {
      parts.push(svg("line", { x1: this.x(value), x2: this.x(value), y1: 0, y2: far, class: "rule" }));
      parts.push(svg("line", { y1: this.y(value), y2: this.y(value), x1: 0, x2: far, class: "rule" }));
      parts.push(words(String(value), this.x(value) + gap, far - gap, "tick"), words(String(value), gap, this.y(value) - gap, "tick"));
    }
    parts.push(words(this.axes[0], far - gap, far - gap, "axis", "end"), words(this.axes[1], gap, 1.1 * this.rem, "axis"));
    return parts;
  }

  /** Colour every place by an output from 0 to 1. @param {(x: number[]) => number} output */
  paint(output) {
    const pen = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    const n = this.canvas.width, step = (HIGH - LOW) / n, image = pen.createImageData(n, n);
    const shades = Array.from({ length: SHADES + 1 }, (_, i) => outputColour(i / SHADES, this.shell.mode));
    const x = [0, 0];
    for (let row = 0, to = 0; row < n; row++) {
      x[1] = HIGH - (row + 0.5) * step;
      for (let column = 0; column < n; column++, to += 4) {
        x[0] = LOW + (column + 0.5) * step;
        const [red, green, blue] = shades[Math.round(output(x) * SHADES)];
        image.data[to] = red;
        image.data[to + 1] = green;
        image.data[to + 2] = blue;
        image.data[to + 3] = 255;
      }
    }
    pen.putImageData(image, 0, 0);
  }

  /** Show these units' lines. @param {{unit: Unit, name: string}[]} wanted */
  drawLines(wanted) {
    if (this.lines.length !== wanted.length) {
      this.lines = wanted.map((_, i) => this.makeLine(i));
      this.lineLayer.replaceChildren(...this.lines.map((line) => line.group));
    }
    wanted.forEach(({ unit, name }, i) => this.placeLine(this.lines[i], unit, name));
  }

  /** @param {number} index */
  makeLine(index) {
    const group = svg("g", { class: "decision" });
    const line = {
      group, unit: { w: [0, 0], b: 0 }, foot: [0, 0], band: svg("line", { class: "band" }), stroke: svg("line", { class: "stroke" }),
      shaft: svg("line", { class: "shaft" }), tip: svg("path", { class: "tip" }),
      grip: svg("circle", { class: "grip", r: 0.95 * this.rem }), name: words("", 0, 0, "name"), bar: svg("g"), arrow: svg("g"),
      end: [0, 0], east: true, north: true,
    };
    const { bar, arrow } = line;
    bar.append(line.band, line.stroke);
    arrow.append(line.shaft, line.tip, line.grip, line.name);
    group.append(bar, arrow);
    let from = [0, 0], bias = 0, foot = [0, 0];
    const { labels } = this.shell;
    draggable(bar, {
      label: labels.line_handle,
      start: (event) => [from, bias] = [this.at(event), line.unit.b],
      drag: (event) => {
        const to = this.at(event), { w } = line.unit;
        this.move(index, { w, b: this.bias(bias - w[0] * (to[0] - from[0]) - w[1] * (to[1] - from[1])) });
      },
      // Right and up push the line that way, whichever way its arrow points.
      nudge: (right, up) => {
        const { w, b } = line.unit, along = right * w[0] + up * w[1];
        this.move(index, { w, b: this.bias(b - (Math.sign(along) || 1) * Math.abs(right + up) * BIAS_STEP * 2) });
      },
    });
    draggable(arrow, {
      label: labels.arrow_handle,
      start: () => foot = [...line.foot],
      drag: (event) => {
        const to = this.at(event), w = to.map((value, j) => this.weight((value - foot[j]) / ARROW));
        this.move(index, { w, b: this.bias(-w[0] * foot[0] - w[1] * foot[1]) });
      },
      nudge: (right, up) => {
        const w = [this.weight(line.unit.w[0] + right * WEIGHT_STEP), this.weight(line.unit.w[1] + up * WEIGHT_STEP)];
        this.move(index, { w, b: this.bias(-w[0] * line.foot[0] - w[1] * line.foot[1]) });
      },
    });
    return line;
  }

  /** @param {number} value */
  weight(value) { return clamp(snap(value, WEIGHT_STEP), -MOST_WEIGHT, MOST_WEIGHT); }
  /** @param {number} value */
  bias(value) { return clamp(snap(value, BIAS_STEP), -2 * MOST_WEIGHT, 2 * MOST_WEIGHT); }

  /** @param {ReturnType<Plane["makeLine"]>} line @param {Unit} unit @param {string} name */
  placeLine(line, unit, name) {
    line.unit = unit;
    const [a, b] = unit.w, square = a * a + b * b, shown = square > 1e-9;
    const anchor = this.lines.length > 1 ? ANCHORS[this.lines.indexOf(line)] : this.anchor;
    // Behind whichever edge the line has gone, its arrow stays in sight.
    const pull = shown ? (a * anchor[0] + b * anchor[1] + unit.b) / square : 0;
    line.foot = [anchor[0] - pull * a, anchor[1] - pull * b].map((value) => clamp(value, LOW + 0.08, HIGH - 0.08));
    const length = Math.sqrt(square), drawn = Math.min(length * ARROW, LONGEST), way = shown ? [a / length, b / length] : [0, 0];
    const ends = shown ? this.ends(unit) : null;
    for (const part of [line.band, line.stroke]) {
      part.setAttribute("visibility", ends ? "visible" : "hidden");
      if (ends) place(part, this.x(ends[0][0]), this.y(ends[0][1]), this.x(ends[1][0]), this.y(ends[1][1]));
    }
    const foot = [this.x(line.foot[0]), this.y(line.foot[1])];
    const tip = [this.x(line.foot[0] + way[0] * drawn), this.y(line.foot[1] + way[1] * drawn)];
    place(line.shaft, foot[0], foot[1], tip[0], tip[1]);
    const turn = (Math.atan2(tip[1] - foot[1], tip[0] - foot[0]) * 180) / Math.PI, size = 0.62 * this.rem;
    const arrow = `M0 0L${-size * 1.35} ${-size * 0.62}V${size * 0.62}Z`;
    line.tip.setAttribute("d", shown ? arrow : `M${size / 2} 0A1 1 0 0 1 ${-size / 2} 0A1 1 0 0 1 ${size / 2} 0`);
    line.tip.setAttribute("transform", `translate(${tip}) rotate(${shown ? turn : 0})`);
    line.grip.setAttribute("cx", String(tip[0]));
    line.grip.setAttribute("cy", String(tip[1]));
    line.name.textContent = name;
    Object.assign(line, { end: tip, east: way[0] >= 0, north: way[1] >= -0.2 });
    this.placeName(line);
    tellValue(line.bar, unit.b, `b = ${short(unit.b)}`);
    tellValue(line.arrow, length, `w = (${short(a)}, ${short(b)})`);
  }

  /** A line's name beside its arrow's tip: before it, or where it meets no corner. @param {ReturnType<Plane["makeLine"]>} line */
  placeName({ name, end, east, north }) {
    const { rem, size, spots } = this, ring = 1.32 * DISC * rem, words = this.discs.map((disc, i) => {
      const { x, y, width, height } = /** @type {SVGTextElement} */ (disc.name).getBBox(), { at } = spots[i];
      return { x: x + at[0], y: y + at[1], width, height };
    });
    const sides = [[east, north], [east, !north], [!east, north], [!east, !north]].map(([right, above]) => ({ right, above }));
    /** @type {{right: boolean, above: boolean, far?: number}[]} as near as can be, or a little farther, or where it is before the tip */
    const tried = [...sides, ...sides.map((side) => ({ ...side, far: 1.8 })), sides[0]];
    for (const { right, above, far = 1 } of tried) {
      name.setAttribute("x", String(clamp(end[0] + (right ? 1 : -1) * far * 0.6 * rem, rem, size - rem)));
      name.setAttribute("y", String(clamp(end[1] - far * (above ? 0.75 : -1.2) * rem, rem, size - 0.4 * rem)));
      name.setAttribute("text-anchor", right ? "start" : "end");
      const box = /** @type {SVGTextElement} */ (name).getBBox();
      const near = (/** @type {number[]} */ [cx, cy]) => [clamp(cx, box.x, box.x + box.width), clamp(cy, box.y, box.y + box.height)];
      const meets = spots.some(({ at, wrong }) => {
        // A wrong corner has its cross up to the right.
        const reach = wrong && near(at)[0] > at[0] && near(at)[1] < at[1] ? 2 * ring : ring;
        return Math.hypot(near(at)[0] - at[0], near(at)[1] - at[1]) < reach;
      });
      const over = words.some(({ x, y, width, height }) =>
        Math.min(x + width, box.x + box.width) > Math.max(x, box.x) && Math.min(y + height, box.y + box.height) > Math.max(y, box.y));
      if (!meets && !over) return;
    }
  }

  /** Let a line stay faintly where it stood; null is none. @param {Unit|null} unit */
  drawGhost(unit) {
    const ends = unit && this.ends(unit);
    this.ghost.setAttribute("visibility", ends ? "visible" : "hidden");
    // A line that isn't seen is nowhere: what was seen before must not tell two pictures apart.
    if (!ends) for (const end of ["x1", "y1", "x2", "y2"]) this.ghost.removeAttribute(end);
    else place(this.ghost, this.x(ends[0][0]), this.y(ends[0][1]), this.x(ends[1][0]), this.y(ends[1][1]));
  }

  /** Where the line w·x + b = 0 enters and leaves the picture; null where it doesn't. @param {Unit} unit */
  ends({ w: [a, b], b: bias }) {
    const found = [];
    for (const edge of [LOW, HIGH]) {
      if (Math.abs(b) > 1e-9) found.push([edge, -(bias + a * edge) / b]);
      if (Math.abs(a) > 1e-9) found.push([-(bias + b * edge) / a, edge]);
    }
    const inside = found.filter((at) => at.every((value) => value >= LOW - 1e-9 && value <= HIGH + 1e-9));
    const far = inside.find((at) => Math.hypot(at[0] - inside[0][0], at[1] - inside[0][1]) > 1e-6);
    return far ? [inside[0], far] : null;
  }

  /** @param {Corner[]} corners @param {number} chosen */
  drawCorners(corners, chosen) {
    if (!this.discs.length) {
      this.discs = corners.map((_, i) => this.makeDisc(i));
      this.cornerLayer.replaceChildren(...this.discs.map((disc) => disc.group));
    }
    corners.forEach((corner, i) => {
      const { group, disc, text, name } = this.discs[i], rgb = outputColour(corner.value, this.shell.mode);
      // Corners that meet at one place stand a little apart, so that both can be seen.
      const same = corners.filter((other) => Math.hypot(other.at[0] - corner.at[0], other.at[1] - corner.at[1]) < 0.02);
      const aside = same.length > 1 ? (same.indexOf(corner) - (same.length - 1) / 2) * 1.05 * this.rem : 0;
      const at = [this.x(corner.at[0]) + aside, this.y(corner.at[1]) - aside * 0.55];
      this.spots[i] = { at, wrong: corner.wrong };
      group.setAttribute("transform", `translate(${at})`);
      group.setAttribute("class", `corner${i === chosen ? " chosen" : ""}${corner.wrong ? " wrong" : ""}`);
      disc.setAttribute("fill", css(rgb));
      text.setAttribute("fill", inkOn(rgb));
      text.textContent = corner.text;
      name.textContent = corner.name;
      name.setAttribute("text-anchor", aside < 0 ? "end" : "start");
      name.setAttribute("x", String((aside < 0 ? -1 : 1) * 1.03 * this.rem));
      // Beneath the left one of two stands what another corner, farther left, is called.
      name.setAttribute("y", String((aside < 0 ? -1 : 1.75) * DISC * this.rem));
    });
    for (const line of this.lines) this.placeName(line);
  }

  /** @param {number} index */
  makeDisc(index) {
    const r = DISC * this.rem, disc = svg("circle", { r, class: "disc" }), text = words("", 0, 0, "digit", "middle");
    text.setAttribute("dominant-baseline", "central");
    const name = words("", r * 1.2, r * 1.75, "corner-name"), cross = words("✗", r * 0.95, -r * 0.75, "cross-mark");
    const group = svg("g", {}, svg("circle", { r: r * 1.32, class: "halo" }), disc, text, name, cross);
    group.addEventListener("click", () => this.pick(index));
    return { group, disc, text, name };
  }

  /** Mark a place that isn't a corner. @param {number[]|null} x */
  mark(x) {
    this.cross.setAttribute("visibility", x ? "visible" : "hidden");
    if (!x) return;
    this.cross.setAttribute("cx", String(this.x(x[0])));
    this.cross.setAttribute("cy", String(this.y(x[1])));
  }
}

/** @param {string} text @param {number} x @param {number} y @param {string} kind @param {string} anchor */
function words(text, x, y, kind, anchor = "start") {
  const made = svg("text", { x, y, class: kind, "text-anchor": anchor });
  made.textContent = text;
  return made;
}

/** @param {SVGElement} line @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
function place(line, x1, y1, x2, y2) {
  Object.entries({ x1, y1, x2, y2 }).forEach(([name, value]) => line.setAttribute(name, String(value)));
}

/** From 0, blue, to 1, orange. @param {import("./scenes.js").Shell} shell */
export function legend(shell) {
  const ramp = el("i");
  ramp.style.background = `linear-gradient(90deg, ${[0, 0.25, 0.5, 0.75, 1].map((y) => css(outputColour(y, shell.mode))).join(", ")})`;
  return el("div", "legend", `${shell.labels.output} 0`, ramp, "1");
}
