// A typed formula as a graph: stepped forward and back, every input held by the hand; all is computed here by the twin.
import { Board, boardOf } from "shared/board.js";
import { gradient } from "shared/colours.js";
import { button, el, fill, sentence } from "shared/dom.js";
import { askNumber } from "shared/editing.js";
import { drawTransport } from "shared/transport.js";
import { Drawing } from "./drawing.js";
import { FormulaRow } from "./formula_row.js";
import { saidOf, shelfOf } from "./say.js";
import { ALL, reached, stepsOf } from "./steps.js";
import { run } from "./twin.js";
import { bare, lit, namesOf, numeral, typed } from "./words.js";

const STEP_MS = 1100, PIXELS = 4, NUDGE = 0.1, MOST = 1000;
const LARGEST_TYPE = 1.6, SMALLEST_TYPE = 0.8;
/** @type {Record<string, number>} */
const ARROWS = { ArrowUp: 1, ArrowDown: -1, ArrowRight: 1, ArrowLeft: -1, PageUp: 10, PageDown: -10 };
/** @type {[string, string[]][]} */
const LEGS = [["forward", ["start", "forward"]], ["backward", ["seed", "backward"]]];

export class FormulaGraph extends Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    /** The formula that the page was asked for and hasn't answered yet. @type {string|null} */
    this.asked = null;
    /** Whether the state is one that the page gave, and is to be looked into. */
    this.given = false;
    /** The input that was moved last, and how all stood before. @type {{name: string, from: number, f: number, grad: number|null}|null} */
    this.moved = null;
    this.track = el("nav", "steps");
    this.count = el("div", "count");
    this.typed = el("div", "typed-box");
    this.rule = el("div", "formula");
    this.room = el("div", "graph-room");
    this.ends = el("div", "ends");
    this.legends = el("div", "legends");
    this.words.append(this.typed, this.rule);
    // What is there from the first picture on.
    /** @type {FormulaRow} */
    this.row;
    /** @type {string} */
    this.formula;
    /** @type {import("./twin.js").Plan[]} */
    this.nodes;
    /** Where cards and wires stand, both ways. @type {Record<"down"|"across", any>} */
    this.layouts;
    /** @type {string[]} */
    this.names;
    /** @type {Record<string, number>} */
    this.inputs;
    /** @type {ReturnType<typeof run>} */
    this.tape;
    /** @type {import("./steps.js").Place[]} */
    this.steps;
    /** @type {ReturnType<typeof reached>} */
    this.reached;
    /** @type {Drawing} */
    this.drawing;
  }

  get easel() { return this.room; }

  build() {
    const tools = el("div", "tools", this.controls, this.track, this.count);
    const right = el("section", "right", tools, this.ends, this.room, this.legends, this.shelf);
    this.row = new FormulaRow(this);
    this.host.replaceChildren(this.row.root, el("div", "bench", this.words, right));
  }

  /** The formula itself is asked for; the other view's settings are its own. */
  take({ at, step, node, moved }) {
    super.take({ at, step, node, moved });
    this.asked = null;
    this.given = true;
  }

  // ---- the formula ----

  /** The page has given a formula, with its numbers and a step: from here on they live here. */
  open() {
    const { meta, state } = this, from = state.moved.split(":");
    this.given = false;
    this.formula = meta.formula;
    this.nodes = meta.nodes;
    this.layouts = meta.layouts;
    this.names = namesOf(this.nodes);
    const written = Object.fromEntries(state.at.split("~").filter(Boolean).map((/** @type {string} */ piece) => piece.split(":")));
    this.inputs = Object.fromEntries(Object.entries(meta.usual).map(([name, value]) => [name, Number(written[name] ?? value)]));
    this.resting.drop();
    this.stop_();
    this.compute();
    if (state.step >= this.steps.length) state.step = ALL;
    if (state.node >= this.nodes.length) state.node = ALL;
    this.moved = from[0] in this.inputs ? this.before(from[0], Number(from[1])) : null;
    this.known = JSON.stringify(state);
  }

  /** Another formula, with these values where the asker has some. @param {string} formula @param {Record<string, number>} [values] */
  ask(formula, values = this.inputs) {
    this.resting.drop();
    if (formula === this.formula && this.asked === null && !this.meta.refused) {
      this.inputs = { ...values };
      this.writeInputs();
      this.go(this.last);
      return;
    }
    this.asked = formula;
    this.act("ask", { f: formula, values });
  }

  /** What is moved while another formula is on its way has no place in it; going on, one leaves what can't be read behind. */
  tellState() {
    if (this.asked !== null) return;
    super.tellState();
    if (this.meta.refused) this.act("keep");
  }

  // ---- its numbers ----

  /** How all stood before an input was moved. @param {string} name @param {number} from */
  before(name, from) {
    const { trouble, value, grad } = run(this.nodes, { ...this.inputs, [name]: from });
    const place = this.nodes.findIndex(({ op, label }) => op === "variable" && label === name);
    return trouble ? null : { name, from, f: value[value.length - 1], grad: grad[place] };
  }

  compute() {
    this.tape = run(this.nodes, this.inputs);
    const { trouble, moves } = this.tape;
    this.steps = stepsOf(this.nodes, trouble ? this.nodes.map(({ op, parents }) => op === "variable" || parents.length > 0) : moves);
    this.reached = reached(this.tape, this.nodes, this.steps, this.state.step);
  }

  /** The numbers as the link holds them: those that a formula is called up with need no words. */
  writeInputs() {
    const called = this.meta.presets.find(({ formula }) => bare(formula) === bare(this.formula))?.values ?? {};
    const changed = Object.entries(this.inputs).filter(([name, value]) => called[name] !== value);
    this.state.at = changed.map(([name, value]) => `${name}:${typed(value)}`).join("~");
  }

  /** @param {string} name @param {number} value @param {boolean} anew whether f's change is counted from here */
  set(name, value, anew = false) {
    if (anew || this.moved?.name !== name) this.moved = this.before(name, this.inputs[name]);
    this.inputs[name] = Number(Math.max(-MOST, Math.min(MOST, value)).toFixed(9));
    if (this.state.step !== ALL) this.moved = null;
    this.state.moved = this.moved ? `${name}:${typed(this.moved.from)}` : "";
    this.writeInputs();
    this.compute();
    this.changed();
  }

  // ---- moving ----

  get pace() { return [STEP_MS, STEP_MS, STEP_MS]; }
  get last() { return this.steps.length; }
  /** Behind the steps both passes are done. */
  get at() { return this.state.step === ALL ? this.last : this.state.step; }

  /** From the end it goes on at the start. @param {number} by */
  step(by) { this.go((this.at + by + this.last + 1) % (this.last + 1)); }

  /** @param {number} at */
  go(at) {
    Object.assign(this.state, { step: at === this.last ? ALL : at, node: ALL, moved: "" });
    this.moved = null;
    this.compute();
    this.changed();
    this.reveal();
  }

  /** The first step is made at once. */
  play() {
    const onward = this.at < this.last;
    super.play();
    if (this.playing && onward) this.step(1);
  }

  /** In a graph larger than its room, the step's card comes into view; the page itself stays where it is. */
  reveal() {
    if (this.state.step === ALL || this.place.node < 0) return;
    const card = this.drawing.cards[this.place.node].getBoundingClientRect(), room = this.room.getBoundingClientRect();
    const away = (/** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ from, /** @type {number} */ to) =>
      (low < from ? low - from : high > to ? high - to : 0);
    this.room.scrollBy(away(card.left, card.right, room.left, room.right), away(card.top, card.bottom, room.top, room.bottom));
  }

  /** @returns {import("./steps.js").Place} */
  get place() {
    if (this.state.step !== ALL) return this.steps[this.state.step];
    return { kind: "all", node: Math.max(0, this.nodes.findIndex(({ op }) => op === "variable")) };
  }
  get focus() {
    const { node } = this.state;
    if (node !== ALL) return node;
    return this.tape.trouble?.node ?? Math.max(0, this.place.node);
  }

  /** Only the link asks for what is pointed at. @param {number} node */
  point(node) {
    if (this.state.node === node) return;
    this.state.node = node;
    this.update();
  }

  /** @param {HTMLElement} at @returns {import("shared/picture_keys.js").Key[]} */
  keysAt(at) { return [...super.keysAt(at), ["Esc", "keys_release"]]; }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.key !== "Escape") return super.pressed(event);
    this.point(ALL);
    return true;
  }

  // ---- drawing ----

  /** What was asked for last is what the learner wants to see: an answer to something older is none. */
  draw() {
    if (this.asked !== null && this.telling.idle()) {
      this.asked = null;
      if (!this.meta.refused) this.take(structuredClone(this.meta.state));
    }
    if (this.given) this.open();
    if (this.asked === null) this.row.update();
    this.drawing = new Drawing(this.nodes, this.names, this.layout, this.narrow, this.labels);
    this.drawing.cards.forEach((card, i) => this.listen(card, i));
    for (const [key, { label }] of this.drawing.wires) {
      const node = Number(key.split(".")[0]);
      label.onpointerenter = () => this.point(node);
    }
    this.room.replaceChildren(this.drawing.root);
    this.ends.replaceChildren(el("b", "", this.labels.input), ...(this.narrow ? [] : [el("b", "", this.labels.output)]));
    this.shelf.style.minHeight = "";
  }

  redraw() {
    super.redraw();
    if (this.drawing) this.fit();
  }

  get layout() { return this.layouts[this.narrow ? "down" : "across"]; }

  drawControls() { drawTransport(this, { speeds: false }); }

  /** Type as large as the room allows; where even the smallest is too large, the room scrolls. */
  fit() {
    const { room, layout } = this, rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const rim = Math.max(8, 0.6 * rem);
    const across = (room.clientWidth - rim) / layout.width, up = this.narrow ? Infinity : (room.clientHeight - rim) / layout.height;
    const size = Math.max(SMALLEST_TYPE * rem, Math.min(LARGEST_TYPE * rem, across, up));
    this.drawing.root.style.fontSize = `${size.toFixed(2)}px`;
  }

  /** @param {HTMLElement} card @param {number} i */
  listen(card, i) {
    const { op, label: name } = this.nodes[i];
    card.onpointerenter = card.onfocus = card.onclick = () => this.point(i);
    if (op !== "variable") return;
    const cell = /** @type {HTMLElement} */ (card.querySelector(".value"));
    let from = 0, start = 0, held = false, dragged = false, onValue = false;
    card.onpointerdown = (event) => {
      if (event.button || cell.querySelector("input")) return;
      [from, start, held, dragged] = [event.clientX, this.inputs[name], true, false];
      // A captured pointer's click comes from the card itself.
      onValue = event.composedPath().includes(cell);
      card.setPointerCapture(event.pointerId);
    };
    card.onpointermove = (event) => {
      const steps = Math.round((event.clientX - from) / PIXELS);
      if (!held || (!dragged && !steps)) return;
      card.classList.add("held");
      this.set(name, start + steps * NUDGE, !dragged);
      dragged = true;
    };
    card.onpointerup = card.onpointercancel = () => {
      held = false;
      card.classList.remove("held");
    };
    const type = () => askNumber(cell, this.inputs[name], this.labels, (value) => this.set(name, value, true));
    card.onclick = () => { if (!dragged && onValue && !cell.querySelector("input")) type(); };
    card.onkeydown = (event) => {
      if (event.target !== card) return;
      const by = ARROWS[event.key];
      if (by) this.set(name, this.inputs[name] + by * NUDGE * (event.shiftKey ? 10 : 1));
      else if (event.key === "Enter") type();
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
  }

  /** Everything that follows from numbers, step and focus. */
  update() {
    const { meta, labels, nodes, tape, place, focus } = this;
    const most = (/** @type {(number|null)[]} */ numbers) =>
      Math.max(...numbers.map((value) => Math.abs(value ?? 0)).filter(Number.isFinite)) || 1;
    const limits = [most(tape.value), most(tape.grad)];
    this.drawing.update(tape, this.reached, { focus, trouble: tape.trouble?.node ?? -1, limits, mode: this.mode, labels, now: place });
    const [block, facts] = saidOf(this), [heading, body] = meta.texts[block] ?? ["", ""];
    const headed = sentence(heading, facts).textContent;
    if (this.heading.textContent !== headed) this.heading.textContent = headed;
    this.sentence.replaceChildren(sentence(body, facts));
    this.kicker.textContent = tape.trouble ? labels.stuck : place.kind === "all" ? labels.both : labels[`kind_${place.kind}`];
    this.typed.replaceChildren(el("small", "", labels.in_formula), lit(this.formula, nodes[focus].spans));
    this.writeRule(nodes[focus]);
    this.shelf.replaceChildren(...shelfOf(this));
    // It may grow, but never jumps back under the pointer.
    this.shelf.style.minHeight = this.narrow ? "" : `${this.shelf.offsetHeight}px`;
    this.drawTrack();
    this.drawLegends(limits);
  }

  writeRule({ op, parents }) {
    const slopes = parents.length ? this.meta.operations[op] : [];
    this.rule.replaceChildren(...slopes.map((written, i) => el("div", "", `∂/∂${"ab"[i] ?? "…"} = ${written}`)));
    this.rule.hidden = !slopes.length;
  }

  drawTrack() {
    const { labels, state } = this;
    const nameOf = ({ node, kind }) => {
      if (node < 0) return labels.kind_start;
      return kind === "seed" ? labels.kind_seed : `${labels[`kind_${kind}`]}: ${this.names[node]}`;
    };
    const legs = LEGS.map(([leg, kinds]) => {
      const bars = this.steps.flatMap((step, i) => {
        if (!kinds.includes(step.kind)) return [];
        const name = nameOf(step), done = state.step === ALL || i < state.step;
        const made = button(`bar${i === state.step ? " on" : done ? " done" : ""}`, name, () => this.go(i), el("i"));
        made.title = name;
        if (i === state.step) made.setAttribute("aria-current", "step");
        return [made];
      });
      const made = el("div", "leg", el("span", "", labels[leg]), el("div", "bars", ...bars));
      made.style.flexGrow = String(bars.length);
      return made;
    });
    const all = button("pill all", "", () => this.go(this.last), labels.all);
    all.setAttribute("aria-pressed", String(state.step === ALL));
    this.track.setAttribute("aria-label", labels.steps);
    this.track.replaceChildren(...legs, all);
    this.count.textContent = state.step === ALL ? "" : `${state.step + 1} / ${this.steps.length}`;
  }

  drawLegends(limits) {
    const ramp = (/** @type {string} */ name, /** @type {number} */ limit) => {
      const bar = el("i");
      bar.style.background = gradient("diverging", this.mode);
      return el("div", "legend", el("span", "", name), `−${numeral(limit)}`, bar, `+${numeral(limit)}`);
    };
    this.legends.replaceChildren(
      ...(this.narrow ? [el("b", "end", this.labels.output)] : []),
      ramp(this.labels.value, limits[0]), ramp(this.labels.gradient, limits[1]),
      el("div", "legend key", this.labels.wire_key),
    );
  }

  /** Why the formula has no value here. @param {import("./twin.js").Trouble} trouble */
  reason({ kind, numbers }) {
    return fill(this.meta.troubles[kind], Object.fromEntries(numbers.map((value, i) => [i, numeral(value)])));
  }
}

export default boardOf(FormulaGraph);
