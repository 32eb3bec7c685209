// The learning rule, a step at a time: what one example got wrong moves the line.
import { chip, equal, head, line as row, sign, total } from "shared/arithmetic.js";
import { button, el, fill } from "shared/dom.js";
import { signedLegend } from "shared/number_cell.js";
import { bracketed, format, product, short } from "shared/numbers.js";
import { MOST_WEIGHT } from "shared/plane.js";
import { functionStrip, pills, plain, planeSize, truthTable, unitCells } from "./cells.js";
import { OneUnit } from "./line.js";
import { bitOf, CORNERS, errorStep, sumOf, unitAt, walkOf } from "./unit.js";

const PLAY_MS = 700, NAMES = ["w₁", "w₂", "b"];
/** Weights that differ by less are the same. */
const SAME = 1e-9;

/** @typedef {ReturnType<typeof errorStep>} Step */

export class Learn extends OneUnit {
  /** @param {import("shared/scenes.js").Shell} shell */
  constructor(shell) {
    super(shell);
    /** Of the steps that are taken by themselves; 0 while it stands. */
    this.timer = 0;
    /** The numbers as they are now, for the cells. @type {number[]} */
    this.now = [0, 0, 0];
    // Made by `strip` and `build`, before anything is written into them.
    /** @type {ReturnType<typeof functionStrip>} */
    this.functions;
    /** @type {HTMLElement} */
    this.score;
    /** @type {Record<"once"|"undo"|"again", HTMLButtonElement>} */
    this.buttons;
  }

  get state() { return this.shell.state; }
  get steepness() { return this.state.rule === "sigmoid" ? 1 : null; }
  get rate() { return Number(this.state.rate); }
  get goal() { return this.state.wanted; }
  get start() { return unitAt(this.state.start); }
  get steps() { return walkOf(this.start, this.state.taken, this.goal, this.rate, this.steepness); }
  get unit() { return this.steps.at(-1)?.after ?? this.start; }
  get wrong() { return CORNERS.filter((x, i) => (this.output(x) > 0.5 ? 1 : 0) !== bitOf(this.goal, i)).length; }
  get full() { return this.state.taken.length >= this.shell.meta.most_steps; }
  /** Whether the last step is looked at; a corner that was chosen since shows its step before it is taken. */
  get made() { return this.state.look === "made" && this.state.taken.endsWith(String(this.state.at)) && this.state.taken !== ""; }
  /** The corner whose turn it is. */
  get next() { return this.made ? (this.state.at + 1) % CORNERS.length : this.state.at; }

  /** The step that is written out: the last one, or the one that the chosen corner would make. @returns {Step} */
  get shown() {
    const { at } = this.state, last = this.made ? this.steps.at(-1) : undefined;
    return last ?? errorStep(this.unit, CORNERS[at], bitOf(this.goal, at), this.rate, this.steepness);
  }

  /** After which earlier step the unit had the same numbers, at the same corner, if it has moved since; null for none. */
  get circle() {
    const { steps } = this, { taken } = this.state, last = steps.length - 1;
    if (last < 0) return null;
    const same = (/** @type {Step} */ one, /** @type {Step} */ other) =>
      [...one.after.w, one.after.b].every((value, j) => Math.abs(value - [...other.after.w, other.after.b][j]) < SAME);
    for (let i = last - 1, moved = steps[last].error !== 0; i >= 0; i--) {
      if (moved && taken[i] === taken[last] && same(steps[i], steps[last])) return i + 1;
      moved ||= steps[i].error !== 0;
    }
    return null;
  }

  strip() {
    this.functions = functionStrip(this.shell, (code) => {
      this.begin(this.unit);
      this.state.wanted = code;
      this.shell.changed();
    });
    return this.functions.root;
  }

  /** From these numbers, with no step taken. @param {import("./unit.js").Unit} unit */
  begin({ w, b }) {
    this.state.start = [...w, b];
    this.state.taken = "";
    this.state.look = "made";
  }

  build() {
    const { shell } = this, { labels } = shell;
    this.plane = this.makePlane(planeSize(shell, 1, 23, 6.6));
    this.plane.move = (_, unit) => {
      this.begin(unit);
      shell.changed();
    };
    this.cells = unitCells(shell, labels.unit, labels.type_note, this.now, 0, MOST_WEIGHT, () => this.begin(unitAt(this.now)));
    this.table = this.makeTable(["x₁", "x₂", "z", "y", "t", "t − y"]);
    this.score = el("div", "score");
    this.score.setAttribute("role", "status");
    this.buttons = {
      once: button("pill once", "", () => this.takeOne()),
      undo: button("pill undo", "", () => this.undo(), labels.undo_step),
      again: button("pill again", "", () => {
        this.begin(this.start);
        shell.changed();
      }, labels.from_start),
    };
    const row_ = el("div", "pills", this.buttons.once, this.buttons.undo, this.buttons.again);
    const stack = el("div", "stack", this.cells.root, this.table.root, signedLegend(shell, "w, b, z"), row_, this.score);
    return [this.plane.root, stack];
  }

  takeOne() {
    if (this.full) return;
    const corner = this.next;
    this.state.taken += String(corner);
    this.state.at = corner;
    this.state.look = "made";
    this.pointed = null;
    this.shell.changed();
  }

  undo() {
    const { taken } = this.state, left = taken.slice(0, -1);
    this.state.at = Number(taken.at(-1) ?? this.state.at);
    this.state.taken = left;
    this.state.look = "ahead";
    this.shell.changed();
  }

  pick(corner) {
    this.state.look = "ahead";
    super.pick(corner);
  }

  update() {
    const { shell, unit, steepness, shown, wrong } = this, { labels } = shell, number = steepness === null ? short : format;
    this.now.splice(0, 3, ...unit.w, unit.b);
    this.drawPlane();
    this.plane.drawGhost(this.made ? shown.before : null);
    this.cells.update();
    this.functions.update({ made: -1, goal: this.goal });
    this.table.update(CORNERS.map((x, i) => {
      const z = sumOf(unit, x), y = this.output(x), wanted = bitOf(this.goal, i);
      return [
        plain(x[0]), plain(x[1]), { value: z, text: short(z), kind: "number" },
        { value: y, text: number(y, 2), kind: "output", wrong: (y > 0.5 ? 1 : 0) !== wanted },
        { value: wanted, text: String(wanted), kind: "output" }, { value: wanted - y, text: number(wanted - y, 2), kind: "number" },
      ];
    }), shell.state.at);
    this.buttons.once.textContent = fill(labels.one_step, { x: `(${CORNERS[this.next].join(", ")})` });
    this.buttons.once.disabled = this.full;
    this.buttons.undo.disabled = this.buttons.again.disabled = !shell.state.taken;
    this.score.textContent = fill(labels.right_of, { right: 4 - wrong, name: shell.meta.functions[this.goal].name });
    this.score.className = `score${wrong ? "" : " good"}`;
  }

  say() {
    const { shown, steps, wrong, circle, steepness } = this, soft = steepness !== null, digits = soft ? 3 : 0;
    const facts = {
      name: this.shell.meta.functions[this.goal].name, x: `(${shown.x.join(", ")})`, t: shown.target, y: format(shown.y, digits),
      error: format(shown.error, digits), wrong, steps: steps.length, changes: steps.filter(({ error }) => error).length,
      before: circle ?? 0, largest: format(Math.max(...CORNERS.map((x, i) => Math.abs(bitOf(this.goal, i) - this.output(x)))), 3),
    };
    if (!wrong) return { text: soft ? "learn-soft-done" : "learn-done", facts };
    if (!this.made) return { text: "learn", facts };
    if (soft) return { text: "learn-soft", facts };
    if (circle !== null) return { text: "learn-circle", facts };
    return { text: shown.error ? "learn-moved" : "learn-kept", facts };
  }

  tools() {
    const { shell } = this, { labels, meta } = shell, before = () => this.begin(this.unit);
    return [
      pills(shell, "rule", meta.rules, labels.activation, { say: (name) => labels[name], before }),
      pills(shell, "rate", meta.rates, labels.rate, { before }),
    ];
  }

  get playing() { return this.timer !== 0; }

  /** Step after step, until no corner is wrong or the rule goes round in a circle. */
  play() {
    if (this.playing) {
      this.leave();
      return;
    }
    this.timer = window.setInterval(() => {
      if (this.rests) this.shell.stop_();
      else this.takeOne();
    }, PLAY_MS);
  }

  /** Whether more steps would show nothing new. */
  get rests() { return this.full || !this.wrong || (this.steepness === null && this.circle !== null); }

  leave() {
    clearInterval(this.timer);
    this.timer = 0;
  }

  shelf() {
    const { labels } = this.shell, { shown, made, rate, steepness } = this, soft = steepness !== null, at = `x = (${shown.x.join(", ")})`;
    const y = format(shown.y, soft ? 3 : 0), error = format(shown.error, soft ? 3 : 0), { before, after } = shown;
    const title = made ? `${fill(labels.step_number, { n: this.steps.length })}: ${at}` : at;
    const said = row(
      total(`y = ${y}`, shown.y > 0.5 ? 1 : -1, "part"), sign("⟹"), el("b", "symbol", labels.error), sign("="),
      ...equal(() => [chip(`${shown.target} − ${y}`, shown.error)], error, shown.error, 0),
    );
    const numbers = [...before.w, before.b], results = [...after.w, after.b];
    const columns = NAMES.map((name, j) => {
      const input = j < 2 ? [short(shown.x[j])] : [], moved = shown.change[j], text = short(moved, 4);
      const parts = (/** @type {number} */ digits) => product(short(rate), format(shown.error, soft ? digits : 0), ...input);
      const factors = (/** @type {number} */ digits) => [chip(parts(digits), moved)];
      const sum = (/** @type {number} */ digits) => [sign(`${short(numbers[j], digits)} + ${bracketed(short(moved, digits))}`)];
      return el(
        "div", "line-group",
        row(el("b", "symbol", `Δ${name}`), sign("="), ...equal(factors, text, moved, 3)),
        row(el("b", "symbol", name), sign("="), ...equal(sum, short(results[j], 4), results[j], 4)),
      );
    });
    return [head(title, made ? labels.note_made : labels.note_would, labels.help_learn), said, el("div", "line-columns", ...columns)];
  }
}
