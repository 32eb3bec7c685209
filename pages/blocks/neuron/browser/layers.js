// Two layers: two units carry the corners to another plane, where a third draws its line.
import { head } from "shared/arithmetic.js";
import { el, fill } from "shared/dom.js";
import { signedLegend } from "shared/number_cell.js";
import { format, short } from "shared/numbers.js";
import { MOST_WEIGHT, Plane } from "shared/plane.js";
import { edgePills, functionStrip, plain, planeSize, steepnessOf, truthTable, unitCells, unitLines } from "./cells.js";
import { bitOf, CORNERS, functionOf, outputOf, putUnit, throughLayers, unitAt } from "./unit.js";

const TRAVEL_MS = 1400;
/** Where each unit begins in the list of the network's numbers: the two hidden ones, then the output's. */
const UNITS = [0, 3, 6];

export class Layers {
  /** @param {import("shared/scenes.js").Shell} shell */
  constructor(shell) {
    this.shell = shell;
    /** @type {number[]|null} where the pointer is, when it isn't at a corner */
    this.pointed = null;
    this.travelled = 1;
    this.playing = false;
    /** The next picture of the way to the other plane. */
    this.frame = 0;
    /** @type {ReturnType<typeof unitCells>[]} */
    this.cells = [];
    // Made by `strip` and `build`, before anything is written into them.
    /** @type {ReturnType<typeof functionStrip>} */
    this.functions;
    /** @type {Plane} */
    this.input;
    /** @type {Plane} */
    this.hidden;
    /** @type {ReturnType<typeof truthTable>} */
    this.table;
    /** @type {HTMLElement} */
    this.score;
  }

  get net() { return UNITS.map((at) => unitAt(this.shell.state.net, at)); }
  get goal() { return this.shell.state.aim; }
  get steepness() { return steepnessOf(this.shell.state.edge); }
  get place() { return this.pointed ?? CORNERS[this.shell.state.at]; }
  run(x) { return throughLayers(this.net, x, this.steepness); }
  get made() { return functionOf((x) => this.run(x).y); }
  get right() { return CORNERS.filter((x, i) => (this.run(x).y > 0.5 ? 1 : 0) === bitOf(this.goal, i)).length; }

  strip() {
    this.functions = functionStrip(this.shell, (code) => {
      this.shell.state.aim = code;
      this.shell.changed();
    });
    return this.functions.root;
  }

  build() {
    const { shell } = this, { labels } = shell, size = planeSize(shell, 2, 23.5, 10);
    const move = (first) => (line, unit) => {
      putUnit(shell.state.net, UNITS[first + line], unit);
      shell.changed();
    };
    const pick = (corner) => {
      shell.state.at = corner;
      shell.changed();
    };
    this.input = new Plane({
      size, shell, title: labels.plane, note: labels.two_lines, axes: ["x₁", "x₂"], move: move(0), pick, point: (x) => this.point(x),
    });
    this.hidden = new Plane({
      size, shell, title: labels.hidden_plane, note: labels.hidden_note, axes: ["h₁", "h₂"], move: move(2), pick, anchor: [0.8, 0.2],
    });
    const notes = ["", "", labels.reads_h];
    this.cells = ["h₁", "h₂", "y"].map((name, i) => unitCells(shell, name, notes[i], shell.state.net, UNITS[i], MOST_WEIGHT));
    this.table = truthTable(shell, ["x₁", "x₂", "h₁", "h₂", "y", labels.wanted], {
      pick, point: (corner) => this.point(corner === null ? null : CORNERS[corner]),
    });
    this.score = el("div", "score");
    this.score.setAttribute("role", "status");
    return [
      el("div", "column", this.input.root, el("div", "side", this.cells[0].root, this.cells[1].root)),
      el("div", "between", "→"),
      el("div", "column", this.hidden.root, this.cells[2].root),
      el("div", "stack", this.table.root, signedLegend(shell, "w, b"), this.score),
    ];
  }

  update() {
    const { shell, goal, net, steepness } = this, { labels } = shell, results = CORNERS.map((x) => this.run(x));
    this.input.paint((x) => throughLayers(net, x, steepness).y);
    this.input.drawLines([{ unit: net[0], name: "h₁" }, { unit: net[1], name: "h₂" }]);
    this.hidden.paint((h) => outputOf(net[2], h, steepness));
    this.hidden.drawLines([{ unit: net[2], name: "y" }]);
    this.cells.forEach((cells) => cells.update());
    this.functions.update({ made: this.made, goal });
    this.drawCorners();
    this.table.update(results.map(({ h, y }, i) => {
      const wanted = bitOf(goal, i);
      /** @param {number} value @returns {import("./cells.js").Entry} */
      const tell = (value) => ({ value, text: steepness === null ? String(value) : format(value, 2), kind: "output" });
      return [
        plain(CORNERS[i][0]), plain(CORNERS[i][1]), tell(h[0]), tell(h[1]), { ...tell(y), wrong: (y > 0.5 ? 1 : 0) !== wanted },
        { value: wanted, text: String(wanted), kind: "output" },
      ];
    }), shell.state.at);
    const { name } = shell.meta.functions[goal];
    this.score.textContent = fill(labels.right_of, { right: this.right, name });
    this.score.className = `score${this.right === 4 ? " good" : ""}`;
  }

  drawCorners() {
    const results = CORNERS.map((x) => this.run(x)), { goal, shell } = this;
    const corner = (at, i) => {
      const value = bitOf(goal, i);
      return { at, value, text: String(value), name: `(${CORNERS[i].join(", ")})`, wrong: (results[i].y > 0.5 ? 1 : 0) !== value };
    };
    this.input.drawCorners(CORNERS.map(corner), shell.state.at);
    const t = this.travelled;
    this.hidden.drawCorners(CORNERS.map((x, i) => corner(x.map((value, j) => value + (results[i].h[j] - value) * t), i)), shell.state.at);
    this.hidden.mark(this.pointed && this.steepness !== null ? this.run(this.pointed).h : null);
  }

  point(x) {
    const near = x && CORNERS.findIndex((at) => Math.hypot(at[0] - x[0], at[1] - x[1]) < 0.12);
    this.pointed = x && (near >= 0 ? CORNERS[near] : x.map((value) => Number(value.toFixed(2))));
    this.input.mark(x && near < 0 ? x : null);
    this.hidden.mark(this.pointed ? this.run(this.pointed).h : null);
    this.shell.write();
  }

  /** The corners travel from where they are to where the hidden layer puts them. */
  play() {
    if (this.playing) {
      this.stop();
      return;
    }
    this.playing = true;
    const began = performance.now(), tick = () => {
      const t = this.shell.still ? 1 : Math.min(1, (performance.now() - began) / TRAVEL_MS);
      this.travelled = t * t * (3 - 2 * t);
      this.drawCorners();
      if (t < 1) this.frame = requestAnimationFrame(tick);
      else {
        this.stop();
        this.shell.drawControls();
      }
    };
    tick();
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.playing = false;
    this.travelled = 1;
    this.drawCorners();
  }

  leave() { cancelAnimationFrame(this.frame); }

  say() {
    const facts = { name: this.shell.meta.functions[this.goal].name, right: this.right, made: this.shell.meta.functions[this.made].name };
    return { text: this.right === 4 ? "layers-done" : "layers", facts };
  }

  tools() {
    const { labels } = this.shell, show = el("button", "pill", labels.show_net);
    show.onclick = () => {
      const { layers } = this.shell.meta.functions[this.goal];
      UNITS.forEach((at, i) => putUnit(this.shell.state.net, at, layers[i]));
      this.shell.changed();
    };
    return [edgePills(this.shell, "edge"), show];
  }

  shelf() {
    const x = this.place, { h } = this.run(x), { shell, net, steepness } = this, { labels } = shell;
    const at = (name, sum, unit, from) => el("div", "line-group", ...unitLines(shell, { name, unit, x: from, steepness, sum }));
    const all = [["h₁", "z₁", net[0], x], ["h₂", "z₂", net[1], x], ["y", "z", net[2], h]];
    return [
      head(`x = (${short(x[0])}, ${short(x[1])})`, labels.note_layers, labels.help_plane),
      el("div", "line-columns", ...(shell.narrow ? all.slice(2) : all).map((one) => at(...one))),
    ];
  }
}

