// One unit and its line: sharp in one scene, with a soft edge in another.
import { button, el, fill } from "shared/dom.js";
import { clamp } from "shared/drag.js";
import { signedLegend } from "shared/number_cell.js";
import { format, short } from "shared/numbers.js";
import { MOST_WEIGHT, Plane } from "shared/plane.js";
import { makePlot } from "shared/plot.js";
import { edgePills, functionStrip, plain, planeSize, steepnessOf, truthTable, unitCells, unitLines } from "./cells.js";
import { activate, bitOf, CORNERS, functionOf, outputOf, putUnit, sumOf, unitAt } from "./unit.js";

/** The two that no line can do. */
const XOR = 6, XNOR = 9;
const IMPOSSIBLE = [XOR, XNOR];
const GLIDE_MS = 700;
/** Of the curve: how far it is drawn, in how many points, and the step beneath it. */
const SPAN = 6, POINTS = 240;
const ZS = Array.from({ length: POINTS + 1 }, (_, i) => -SPAN + (2 * SPAN * i) / POINTS);
const STEP = { x: [-SPAN, 0, 0, SPAN], y: [0, 0, 1, 1] };

export class OneUnit {
  /** @param {import("shared/scenes.js").Shell} shell */
  constructor(shell) {
    this.shell = shell;
    /** @type {number[]|null} where the pointer is, when it isn't at a corner */
    this.pointed = null;
    // Made by `build`, before anything is written into them.
    /** @type {Plane} */
    this.plane;
    /** @type {ReturnType<typeof unitCells>} */
    this.cells;
    /** @type {ReturnType<typeof truthTable>} */
    this.table;
  }

  get unit() { return unitAt(this.shell.state.unit); }
  /** @returns {import("./unit.js").Steepness} */
  get steepness() { return null; }
  get goal() { return -1; }
  /** The place that is explained. */
  get place() { return this.pointed ?? CORNERS[this.shell.state.at]; }
  output(x) { return outputOf(this.unit, x, this.steepness); }

  makePlane(size) {
    const { labels } = this.shell;
    return new Plane({
      size, shell: this.shell, title: labels.plane, note: labels.plane_note, axes: ["x₁", "x₂"],
      move: (_, unit) => {
        putUnit(this.shell.state.unit, 0, unit);
        this.shell.changed();
      },
      point: (x) => this.point(x),
      pick: (corner) => this.pick(corner),
    });
  }

  point(x) {
    const near = x && CORNERS.findIndex((at) => Math.hypot(at[0] - x[0], at[1] - x[1]) < 0.12);
    this.pointed = x && (near >= 0 ? CORNERS[near] : x.map((value) => Number(value.toFixed(2))));
    this.plane.mark(x && near < 0 ? x : null);
    this.shell.write();
  }

  pick(corner) {
    this.shell.state.at = corner;
    this.shell.changed();
  }

  /** Its truth table in columns of these names. @param {string[]} names */
  makeTable(names) {
    return truthTable(this.shell, names, {
      pick: (corner) => this.pick(corner), point: (corner) => this.point(corner === null ? null : CORNERS[corner]),
    });
  }

  drawPlane() {
    const { goal, unit, steepness } = this, soft = goal < 0 && steepness !== null;
    this.plane.paint((x) => outputOf(unit, x, steepness));
    this.plane.drawLines([{ unit, name: "w" }]);
    this.plane.drawCorners(CORNERS.map((at, i) => {
      const y = this.output(at), wanted = goal < 0 ? y : bitOf(goal, i);
      return {
        at, value: wanted, name: `(${CORNERS[i].join(", ")})`, wrong: goal >= 0 && (y > 0.5 ? 1 : 0) !== wanted,
        text: soft ? format(y, 2).replace("0.", ".").replace("1.00", "1") : String(Math.round(wanted)),
      };
    }), this.shell.state.at);
  }

  shelf() {
    const x = this.place;
    return unitLines(this.shell, {
      name: "y", unit: this.unit, x, steepness: this.steepness,
      title: `x = (${short(x[0])}, ${short(x[1])})`, note: this.shell.labels.note_unit,
    });
  }
}

/** A step: which functions can one line do? */
export class Line extends OneUnit {
  /** @param {import("shared/scenes.js").Shell} shell */
  constructor(shell) {
    super(shell);
    /** How many corners were right at once. */
    this.best = 0;
    /** Whether the line that there isn't was asked for. */
    this.gaveUp = false;
    this.gliding = 0;
    // Made by `strip` and `build`, too.
    /** @type {ReturnType<typeof functionStrip>} */
    this.functions;
    /** @type {HTMLElement} */
    this.score;
  }

  get goal() { return this.shell.state.goal; }
  get made() { return functionOf((x) => this.output(x)); }
  get right() { return CORNERS.filter((x, i) => this.output(x) === bitOf(this.goal, i)).length; }

  strip() {
    this.functions = functionStrip(this.shell, (code) => {
      this.shell.state.goal = code === this.goal ? -1 : code;
      this.best = 0;
      this.shell.changed();
    });
    return this.functions.root;
  }

  build() {
    const { shell } = this, { labels, rem } = shell;
    this.best = 0;
    this.plane = this.makePlane(planeSize(shell, 1, 18, 5.3));
    this.cells = unitCells(shell, labels.unit, labels.type_note, shell.state.unit, 0, MOST_WEIGHT);
    this.table = this.makeTable(["x₁", "x₂", "z", "y", labels.wanted]);
    this.score = el("div", "score");
    this.score.setAttribute("role", "status");
    return [this.plane.root, el("div", "stack", this.cells.root, this.table.root, signedLegend(shell, "w, b, z"), this.score)];
  }

  update() {
    const { shell, goal } = this, { labels } = shell, { made } = this;
    shell.state.found |= 1 << made;
    this.drawPlane();
    this.cells.update();
    this.functions.update({ made, goal, found: (code) => Boolean(shell.state.found & (1 << code)) });
    this.table.update(CORNERS.map((x, i) => {
      const z = sumOf(this.unit, x), y = this.output(x), wanted = goal < 0 ? null : bitOf(goal, i);
      return [
        plain(x[0]), plain(x[1]), { value: z, text: short(z), kind: "number" },
        { value: y, text: String(y), kind: "output", wrong: wanted !== null && wanted !== y },
        wanted === null ? { value: 0, text: "", kind: "plain" } : { value: wanted, text: String(wanted), kind: "output" },
      ];
    }), shell.state.at);
    this.table.root.classList.toggle("no-goal", goal < 0);
    this.table.root.style.setProperty("--columns", goal < 0 ? "4" : "5");
    if (goal >= 0) this.best = Math.max(this.best, this.right);
    this.score.textContent = goal < 0 ? fill(labels.computes, { name: shell.meta.functions[made].name })
      : fill(labels.score, { right: this.right, best: this.best });
    this.score.className = `score${goal >= 0 && this.right === 4 ? " good" : ""}`;
    this.showButton?.toggleAttribute("hidden", goal < 0);
  }

  say() {
    const { goal, shell } = this, found = count(shell.state.found), { functions } = shell.meta;
    const facts = {
      found, left: 16 - found, made: functions[this.made].name, best: this.best,
      name: goal < 0 ? "" : functions[goal].name, right: goal < 0 ? 0 : this.right,
    };
    if (goal < 0) return { text: found >= 14 ? "line-all" : "line", facts };
    if (this.right === 4) return { text: "line-done", facts };
    return { text: IMPOSSIBLE.includes(goal) && this.gaveUp ? "line-never" : "line-goal", facts };
  }

  tools() {
    const { labels, state, meta } = this.shell;
    const xor = button("pill", "", () => {
      state.goal = XOR;
      this.best = 0;
      this.shell.changed();
    }, labels.try_xor);
    this.showButton = button("pill", "", () => {
      const { line } = meta.functions[state.goal];
      if (line) this.glide(line);
      else {
        this.gaveUp = true;
        this.shell.write();
      }
    }, labels.show_line);
    return [xor, this.showButton];
  }

  /** Move the line to where it belongs. @param {import("./unit.js").Unit} to */
  glide(to) {
    const from = this.unit, began = performance.now(), { shell } = this;
    const tick = () => {
      const t = shell.still ? 1 : Math.min(1, (performance.now() - began) / GLIDE_MS), eased = t * t * (3 - 2 * t);
      putUnit(shell.state.unit, 0, { w: from.w.map((w, j) => w + (to.w[j] - w) * eased), b: from.b + (to.b - from.b) * eased });
      shell.changed();
      if (t < 1 && shell.scene === this) this.gliding = requestAnimationFrame(tick);
    };
    cancelAnimationFrame(this.gliding);
    tick();
  }

  leave() { cancelAnimationFrame(this.gliding); }
}

/** The activation: the step, and the soft one in its place, with the sums of the four corners standing on it. */
class Curve {
  /** @param {import("shared/scenes.js").Shell} shell */
  constructor(shell) {
    const { labels } = shell;
    this.shell = shell;
    /** @type {number|null} */
    this.steepness = null;
    this.host = el("div", "curve");
    this.root = el("div", "curve-box", el("div", "grid-head", el("b", "", labels.curve), el("span", "", labels.curve_note)), this.host);
    this.plot = makePlot(this.host, {
      label: labels.curve, margin: { right: 0.8 },
      tell: (z) => ({ title: `z = ${short(z)}`, rows: [["y", format(activate(z, this.steepness), 3), "strong"]] }),
    });
  }

  /**
   * @param {number|null} steepness
   * @param {{z: number, name: string}[]} corners
   * @param {number|null} pointed a sum that isn't a corner's
   */
  draw(steepness, corners, pointed) {
    this.steepness = steepness;
    // Corners with the same sum share one dot.
    const names = new Map();
    for (const { z, name } of corners) names.set(z, [...(names.get(z) ?? []), name]);
    const point = (z, label, look) => ({ x: clamp(z, -SPAN, SPAN), y: activate(z, steepness), label, look });
    const curve = steepness === null ? STEP : { x: ZS, y: ZS.map((z) => activate(z, steepness)), id: "activation" };
    const there = pointed === null ? [] : [point(pointed, "", "accent")];
    this.plot.update({
      x: { low: -SPAN, high: SPAN, label: "z", ticks: [-6, -4, -2, 0, 2, 4, 6] },
      y: { low: -0.08, high: 1.12, label: "y", ticks: [0, 0.5, 1] },
      curves: [{ ...STEP, look: "faint", dash: true }, curve],
      points: [...[...names].map(([z, group]) => point(z, group.join(", "), "plain")), ...there],
    }, this.shell.mode);
  }
}

/** A sigmoid: how soft may the edge be? */
export class Soft extends OneUnit {
  /** @param {import("shared/scenes.js").Shell} shell */
  constructor(shell) {
    super(shell);
    /** @type {Curve} */
    this.curve;
  }

  get steepness() { return steepnessOf(this.shell.state.soft); }

  build() {
    const { shell } = this, { labels } = shell;
    this.plane = this.makePlane(planeSize(shell, 1, 27, 5.3));
    this.cells = unitCells(shell, labels.unit, labels.type_note, shell.state.unit, 0, MOST_WEIGHT);
    this.curve = new Curve(shell);
    this.table = this.makeTable(["x₁", "x₂", "z", "y"]);
    const numbers = el("div", "stack", this.cells.root, signedLegend(shell, "w, b, z"));
    return [this.plane.root, el("div", "stack", this.curve.root, el("div", "side", numbers, this.table.root))];
  }

  update() {
    this.drawPlane();
    this.cells.update();
    this.drawCurve();
    this.table.update(CORNERS.map((x) => {
      const z = sumOf(this.unit, x), y = this.output(x);
      return [
        plain(x[0]), plain(x[1]), { value: z, text: short(z), kind: "number" },
        { value: y, text: this.steepness === null ? String(y) : format(y, 3), kind: "output" },
      ];
    }), this.shell.state.at);
  }

  drawCurve() {
    const corners = CORNERS.map((x) => ({ z: sumOf(this.unit, x), name: x.join("") }));
    this.curve.draw(this.steepness, corners, this.pointed && sumOf(this.unit, this.pointed));
  }

  point(x) {
    super.point(x);
    this.drawCurve();
  }

  say() {
    const { unit, place, steepness } = this, y = this.output(place), step = steepness === null;
    const facts = {
      z: short(sumOf(unit, place), 2), y: step ? String(y) : format(y, 3),
      sharp: outputOf(unit, place, null), steepness: this.shell.state.soft,
    };
    return { text: step ? "soft-step" : "soft", facts };
  }

  tools() { return [edgePills(this.shell, "soft")]; }
}

/** How many bits are set. @param {number} bits */
const count = (bits) => bits.toString(2).replaceAll("0", "").length;
