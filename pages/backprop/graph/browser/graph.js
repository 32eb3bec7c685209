// A typed formula as a graph: stepped forward and back, every input held by the hand; all is computed here by the twin.
import { gradient, watchTheme } from "shared/colours.js";
import { button, el, markup, sentence } from "shared/dom.js";
import { askNumber } from "shared/editing.js";
import { Resting } from "shared/resting.js";
import { pictureKeys } from "shared/picture_keys.js";
import { unpack } from "shared/unpack.js";
import { Drawing } from "./drawing.js";
import { FormulaRow } from "./formula_row.js";
import { saidOf, shelfOf } from "./say.js";
import { ALL, known, stepsOf } from "./steps.js";
import { run } from "./twin.js";
import { lit, namesOf, numeral } from "./words.js";
import { whenGone } from "shared/mounted.js";

const NARROW = 760, TELL_MS = 400, STEP_MS = 1100, PIXELS = 4, NUDGE = 0.1, MOST = 1000;
const LARGEST_TYPE = 1.6, SMALLEST_TYPE = 0.8;
const ARROWS = { ArrowUp: 1, ArrowDown: -1, ArrowRight: 1, ArrowLeft: -1, PageUp: 10, PageDown: -10 };
const ICONS = { previous: "M8 0 2 5l6 5z", play: "M2 0l7 5-7 5z", next: "M2 0l6 5-6 5z", pause: "M1 0h3v10H1zM6 0h3v10H6z" };

export default ({ data, parentElement, setStateValue }) => {
  const host = parentElement.querySelector(".graph-root");
  host.board ??= new Board(host, parentElement);
  host.board.receive(data, setStateValue);
  return whenGone(host, () => {
    host.board?.leave();
    host.board = null;
  });
};

class Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    this.host = host;
    this.mode = "light";
    this.width = 0;
    /** @type {string|null} the formula that the server was asked for */
    this.asked = null;
    /** @type {{name: string, from: number, f: number, grad: number}|null} the input that was moved last, and how all stood before */
    this.moved = null;
    /** @type {number|null} */
    this.pointed = null;
    this.playing = 0;
    this.controls = el("div", "controls");
    this.track = el("nav", "steps");
    this.count = el("div", "count");
    this.kicker = el("div", "kicker");
    this.heading = el("h2");
    this.sentence = el("p");
    this.typed = el("div", "typed-box");
    this.rule = el("div", "formula");
    this.room = el("div", "graph-room");
    this.ends = el("div", "ends");
    this.legends = el("div", "legends");
    this.shelf = el("div", "shelf");
    this.say = el("section", "say", this.kicker, this.heading, this.sentence, this.typed, this.rule);
    this.say.setAttribute("aria-live", "polite");
    this.right = el("section", "right", el("div", "tools", this.controls, this.track, this.count), this.ends, this.room, this.legends, this.shelf);
    this.unwatch = watchTheme(root, (mode) => {
      this.mode = mode;
      if (this.meta) this.draw();
    });
    this.resized = new ResizeObserver(() => {
      if (this.meta && Math.abs(host.clientWidth - this.width) > 2) this.draw();
    });
    this.resized.observe(host);
    this.resting = new Resting(() => this.tellState(), () => { if (this.asked === null && JSON.stringify(this.state) !== this.told) this.tellState(); }, host);
    this.keys = pictureKeys(host, { press: (event) => this.pressed(event), keys: () => [["← →", "keys_step"], ["Space", "keys_play"], ["Esc", "keys_release"]] });
  }

  leave() {
    this.resting.leave();
    clearInterval(this.playing);
    this.resized.disconnect();
    this.unwatch();
    this.keys.leave();
  }

  get labels() { return this.meta.labels; }
  get narrow() { return this.width <= NARROW; }
  get place() { return this.step === ALL ? { kind: "all", node: Math.max(0, this.nodes.findIndex(({ op }) => op === "variable")) } : this.steps[this.step]; }
  get focus() {
    if (this.tape.trouble && this.pointed === null) return this.tape.trouble.node;
    return this.pointed ?? (this.place.node >= 0 ? this.place.node : 0);
  }

  /** Numbers and step come with a formula and then live here; the page is told where they rest. */
  receive(data, setStateValue) {
    const { meta } = unpack(data), first = !this.meta;
    this.setStateValue = setStateValue;
    const awaited = !first && this.asked !== null && meta.asked === this.meta.asked;
    // What was asked for last is what the learner wants to see: an answer to something older is none.
    if (awaited ? meta.heard < this.askedAt : meta.version === this.meta?.version) return;
    const other = first || meta.asked !== this.meta.asked || meta.now.formula !== this.formula || this.asked !== null;
    this.meta = meta;
    if (first) {
      this.row = new FormulaRow(this);
      this.main = el("div", "bench", this.say, this.right);
      this.host.replaceChildren(this.row.root, this.main);
    }
    if (other && !(meta.refused && !first)) this.take(meta);
    this.row.update(meta.refused);
    this.draw();
  }

  take(meta) {
    this.formula = meta.now.formula;
    this.nodes = meta.nodes;
    this.inputs = { ...meta.now.values };
    this.names = namesOf(this.nodes);
    this.moved = this.pointed = null;
    this.resting.drop();
    this.stop();
    this.compute();
    const { step, node, moved } = meta.now;
    this.step = step < 0 || step >= this.steps.length ? ALL : step;
    if (node >= 0 && node < this.nodes.length) this.pointed = node;
    if (moved && moved.name in this.inputs) this.moved = this.before(moved.name, moved.from);
    this.asked = null;
    this.askedAt = 0;
    this.told = JSON.stringify(this.state);
  }

  /** How all stood before an input was moved. @param {string} name @param {number} from */
  before(name, from) {
    const { trouble, value, grad } = run(this.nodes, { ...this.inputs, [name]: from });
    return trouble ? null : { name, from, f: value.at(-1), grad: grad[this.nodes.findIndex(({ op, label }) => op === "variable" && label === name)] };
  }

  /** What the link holds. */
  get state() {
    const { formula, inputs, step, pointed, moved } = this;
    return { formula, values: { ...inputs }, step, node: pointed ?? ALL, moved: moved && { name: moved.name, from: moved.from } };
  }

  compute() {
    this.tape = run(this.nodes, this.inputs);
    const moves = this.tape.trouble ? this.nodes.map(({ op, parents }) => op === "variable" || parents.length > 0) : this.tape.moves;
    this.steps = stepsOf(this.nodes, moves);
    this.known = known(this.tape, this.nodes, this.steps, this.step ?? ALL);
  }

  /** Another formula, with these values where the asker has some. @param {string} formula @param {Record<string, number>} [values] */
  ask(formula, values) {
    this.resting.drop();
    if (formula === this.formula && this.asked === null && !this.meta.refused) {
      this.inputs = { ...(values ?? this.inputs) };
      this.go(ALL);
      return;
    }
    this.asked = formula;
    this.askedAt = Date.now();
    this.setStateValue("state", { formula, values: values ?? this.inputs, step: ALL, asked: this.askedAt });
  }

  tell() { this.resting.soon(TELL_MS); }

  /** Each telling has its time, or one that is as the last would not be heard. */
  tellState() {
    this.told = JSON.stringify(this.state);
    this.setStateValue("state", { ...this.state, asked: Date.now(), since: this.meta.asked });
  }

  // ---- moving ----

  /** @param {number} to */
  go(to) {
    this.step = to >= this.steps.length || to < 0 ? ALL : to;
    this.pointed = this.moved = null;
    this.compute();
    this.write();
    this.reveal();
    this.tell();
  }

  /** In a graph larger than its room, the step's card comes into view; the page itself stays where it is. */
  reveal() {
    if (this.step === ALL || this.place.node < 0) return;
    const card = this.drawing.cards[this.place.node].getBoundingClientRect(), room = this.room.getBoundingClientRect();
    const away = (low, high, from, to) => (low < from ? low - from : high > to ? high - to : 0);
    this.room.scrollBy(away(card.left, card.right, room.left, room.right), away(card.top, card.bottom, room.top, room.bottom));
  }

  next() { this.go(this.step === ALL ? 0 : this.step + 1); }
  previous() { this.go(this.step === ALL ? this.steps.length - 1 : this.step - 1); }

  play() {
    if (this.playing) return this.stop();
    this.playing = setInterval(() => {
      if (this.step === this.steps.length - 1) this.stop();
      this.next();
    }, STEP_MS);
    this.next();
  }

  stop() {
    clearInterval(this.playing);
    this.playing = 0;
    if (this.steps) this.drawControls();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (!this.meta) return false;
    if (event.key === "ArrowRight") this.next();
    else if (event.key === "ArrowLeft") this.previous();
    else if (event.key === " ") this.play();
    else if (event.key === "Escape") this.point(null);
    else return false;
    return true;
  }

  /** @param {number|null} node */
  point(node) {
    if (this.pointed === node) return;
    this.pointed = node;
    this.write();
  }

  /** @param {string} name @param {number} value @param {boolean} anew whether f's change is counted from here */
  set(name, value, anew = false) {
    if (anew || this.moved?.name !== name) {
      this.moved = this.before(name, this.inputs[name]);
    }
    this.inputs[name] = Number(Math.max(-MOST, Math.min(MOST, value)).toFixed(9));
    if (this.step !== ALL && this.moved) this.moved = null;
    this.compute();
    this.write();
    this.tell();
  }

  // ---- drawing ----

  draw() {
    this.width = this.host.clientWidth;
    if (!this.width) return;
    this.host.classList.toggle("narrow", this.narrow);
    this.host.classList.toggle("presenting", this.meta.present);
    const layout = this.meta.layouts[this.narrow ? "down" : "across"];
    this.drawing = new Drawing(this.nodes, this.names, layout, this.narrow, this.labels);
    this.drawing.cards.forEach((card, i) => this.listen(card, i));
    for (const { label } of this.drawing.wires.values()) {
      const node = Number(label.dataset.wire.split(".")[0]);
      label.onpointerenter = () => this.point(node);
    }
    this.room.replaceChildren(this.drawing.root);
    this.ends.replaceChildren(el("b", "", this.labels.input), ...(this.narrow ? [] : [el("b", "", this.labels.output)]));
    this.known = known(this.tape, this.nodes, this.steps, this.step);
    this.shelf.style.minHeight = "";
    this.write();
    this.fit(layout);
  }

  /** Type as large as the room allows; where even the smallest is too large, the room scrolls. */
  fit(layout) {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const across = (this.room.clientWidth - 8) / layout.width, up = this.narrow ? Infinity : (this.room.clientHeight - 8) / layout.height;
    const size = Math.max(SMALLEST_TYPE * rem, Math.min(LARGEST_TYPE * rem, across, up));
    this.drawing.root.style.fontSize = `${size.toFixed(2)}px`;
  }

  /** @param {HTMLElement} card @param {number} i */
  listen(card, i) {
    const { op, label: name } = this.nodes[i];
    card.onpointerenter = card.onfocus = () => this.point(i);
    card.onclick = () => this.point(i);
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
  write() {
    const { meta, labels, nodes, tape, place, focus } = this;
    const most = (/** @type {(number|null)[]} */ numbers) => Math.max(...numbers.map((value) => Math.abs(value ?? 0)).filter(Number.isFinite)) || 1;
    const limits = [most(tape.value), most(tape.grad)];
    this.drawing.update(tape, this.known, { focus, trouble: tape.trouble?.node ?? -1, limits, mode: this.mode, labels, now: place });
    const [block, facts] = saidOf(this), [heading, body] = meta.texts[block] ?? ["", ""];
    const headed = sentence(heading, facts).textContent;
    if (this.heading.textContent !== headed) this.heading.textContent = headed;
    this.sentence.replaceChildren(sentence(body, facts));
    this.kicker.textContent = tape.trouble ? labels.stuck : place.kind === "all" ? labels.both : labels[`kind_${place.kind}`];
    this.typed.replaceChildren(el("small", "", labels.in_formula), lit(this.formula, nodes[focus].spans));
    this.writeRule(nodes[focus]);
    this.shelf.replaceChildren(...shelfOf(this));
    this.shelf.style.minHeight = this.narrow ? "" : `${this.shelf.offsetHeight}px`;
    this.drawControls();
    this.drawTrack();
    this.drawLegends(limits);
  }

  writeRule({ op, parents }) {
    const slopes = parents.length ? this.meta.operations[op] : [];
    this.rule.replaceChildren(...slopes.map((written, i) => el("div", "", `∂/∂${"ab"[i] ?? "…"} = ${written}`)));
    this.rule.hidden = !slopes.length;
  }

  /** Only when they look otherwise: a button that is drawn anew at each step of playing can't be pressed. */
  drawControls() {
    const shown = [Boolean(this.playing), this.labels.previous].join();
    if (this.controls.dataset.shown === shown) return;
    this.controls.dataset.shown = shown;
    const icon = (name, label, click, kind = "") => {
      const made = button(kind, label, click, markup("span", "", `<svg viewBox="0 0 10 10" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`));
      made.title = label;
      made.dataset.control = name;
      return made;
    };
    const focused = /** @type {any} */ (this.controls.getRootNode()).activeElement?.dataset?.control;
    this.controls.replaceChildren(
      icon("previous", this.labels.previous, () => this.previous()),
      icon(this.playing ? "pause" : "play", this.playing ? this.labels.pause : this.labels.play, () => this.play(), "play"),
      icon("next", this.labels.next, () => this.next()),
    );
    const again = ["play", "pause"].includes(focused) ? ".play" : `[data-control="${focused}"]`;
    if (focused) /** @type {HTMLElement|null} */ (this.controls.querySelector(again))?.focus();
  }

  drawTrack() {
    const legs = [["forward", ["start", "forward"]], ["backward", ["seed", "backward"]]].map(([leg, kinds]) => {
      const bars = this.steps.flatMap((step, i) => {
        if (!kinds.includes(step.kind)) return [];
        const name = step.node < 0 ? this.labels.kind_start : step.kind === "seed" ? this.labels.kind_seed : `${this.labels[`kind_${step.kind}`]}: ${this.names[step.node]}`;
        const done = this.step === ALL || i < this.step;
        const made = button(`bar${i === this.step ? " on" : done ? " done" : ""}`, name, () => this.go(i), el("i"));
        made.title = name;
        if (i === this.step) made.setAttribute("aria-current", "step");
        return [made];
      });
      const made = el("div", "leg", el("span", "", this.labels[leg]), el("div", "bars", ...bars));
      made.style.flexGrow = String(bars.length);
      return made;
    });
    const all = button("pill all", "", () => this.go(ALL), this.labels.all);
    all.setAttribute("aria-pressed", String(this.step === ALL));
    this.track.setAttribute("aria-label", this.labels.steps);
    this.track.replaceChildren(...legs, all);
    this.count.textContent = this.step === ALL ? "" : `${this.step + 1} / ${this.steps.length}`;
  }

  drawLegends(limits) {
    const ramp = (name, limit) => {
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
    return numbers.reduce((text, value, i) => text.replace(`{${i}}`, numeral(value)), this.meta.troubles[kind]);
  }
}
