// A circuit of NAND gates, each of them the same unit; the engine found the fewest for every function.
import { head } from "shared/arithmetic.js";
import { css, inkOn } from "shared/colours.js";
import { el, fill } from "shared/dom.js";
import { svg } from "shared/plot_marks.js";
import { legend, outputColour } from "shared/plane.js";
import { functionStrip, plain, truthTable, unitLines } from "./cells.js";
import { CORNERS, NAND, throughGates } from "./unit.js";

const PLAY_MS = 1300, LETTERS = "abcde";

export class Gates {
  /** @param {import("shared/scenes.js").Shell} shell */
  constructor(shell) {
    this.shell = shell;
    /** Of the walk through the inputs; 0 while it stands. */
    this.timer = 0;
    /** @type {number|null} the signal that is explained; null is the answer */
    this.chosen = null;
    this.width = this.height = 0;
    /** Where each signal is drawn. @type {number[][]} */
    this.places = [];
    /** @type {ReturnType<Gates["makeWire"]>[]} */
    this.wires = [];
    /** @type {ReturnType<Gates["makeNode"]>[]} */
    this.nodes = [];
    // Made by `strip` and `build`, before anything is written into them.
    /** @type {ReturnType<typeof functionStrip>} */
    this.functions;
    /** @type {SVGElement} */
    this.drawing;
    /** @type {Record<"group"|"disc"|"text"|"path", SVGElement>} */
    this.answer;
    /** @type {ReturnType<typeof truthTable>} */
    this.table;
  }

  get circuit() { return this.shell.meta.functions[this.shell.state.aim].circuit; }
  get signals() { return throughGates(this.circuit.gates, CORNERS[this.shell.state.at]); }
  nameOf(signal) { return signal < 2 ? ["x₁", "x₂"][signal] : LETTERS[signal - 2]; }

  strip() {
    this.functions = functionStrip(this.shell, (code) => {
      this.shell.state.aim = code;
      this.shell.redraw();
      this.shell.tell();
    });
    return this.functions.root;
  }

  build() {
    const { shell, circuit } = this, { rem, labels } = shell;
    const beside = (5.5 + 2.6 * (circuit.gates.length + 3)) * rem;
    this.width = shell.narrow ? shell.width - 2.2 * rem : Math.min(50 * rem, shell.pictures.clientWidth - beside);
    this.height = shell.narrow ? 20 * rem : Math.min(26 * rem, shell.pictures.clientHeight - 6 * rem);
    this.places = this.layOut();
    this.drawing = svg("svg", { viewBox: `0 0 ${this.width} ${this.height}`, width: this.width, height: this.height, class: "circuit" });
    this.wires = circuit.gates.flatMap((pair, gate) => pair.map((from, slot) => this.makeWire(from, gate + 2, slot)));
    const out = this.makeOut();
    const nodes = [0, 1, ...circuit.gates.map((_, gate) => gate + 2)].map((signal) => this.makeNode(signal));
    this.nodes = nodes;
    this.drawing.append(...this.wires.map((wire) => wire.path), out, ...nodes.map((node) => node.group), this.answer.group);
    const names = ["x₁", "x₂", ...circuit.gates.map((_, gate) => this.nameOf(gate + 2)), "y"];
    this.table = truthTable(shell, names, { pick: (corner) => this.pick(corner), point: () => {} });
    const caption = el("div", "grid-head", el("b", "", labels.circuit), el("span", "", labels.gates_note));
    return [el("div", "circuit-box", caption, this.drawing, legend(shell)), el("div", "stack", this.table.root)];
  }

  /** Inputs at the left, then each gate one column to the right of all that it reads. */
  layOut() {
    const { gates } = this.circuit, depth = [0, 0];
    for (const pair of gates) depth.push(1 + Math.max(...pair.map((signal) => depth[signal])));
    const columns = Math.max(...depth) + 1, across = (this.width - 7 * this.shell.rem) / Math.max(columns, 1);
    const side = 2.4 * this.shell.rem;
    return depth.map((column, signal) => {
      const mates = depth.map((_, i) => i).filter((i) => depth[i] === column), row = mates.indexOf(signal);
      return [side + column * across, (this.height * (row + 0.5)) / mates.length];
    });
  }

  get size() { return [3.4 * this.shell.rem, 2.9 * this.shell.rem]; }

  makeWire(from, to, slot) {
    const path = svg("path", { class: "cable" }), [w] = this.size, rem = this.shell.rem;
    const [x0, y0] = this.places[from], [x1, y1] = this.places[to];
    // A wire that would run through a gate on its way goes round it.
    const blocked = this.places.some(([x, y]) => x > x0 && x < x1 && Math.abs(y - y0 - ((y1 - y0) * (x - x0)) / (x1 - x0)) < 1.6 * rem);
    const lift = blocked ? -5.2 * rem : 0, start = x0 + (from < 2 ? 1.2 * rem : w / 2 + 0.5 * rem), end = x1 - w / 2;
    const y = y1 + (slot ? 0.65 : -0.65) * rem, bend = Math.max(1.4 * rem, (end - start) * 0.45);
    path.setAttribute("d", `M${start} ${y0}C${start + bend} ${y0 + lift} ${end - bend} ${y + lift} ${end} ${y}`);
    return { path, from };
  }

  makeOut() {
    const { answer } = this.circuit, rem = this.shell.rem, [x, y] = this.places[answer], end = this.width - 1.6 * rem;
    const path = svg("path", { class: "cable", d: `M${x + (answer < 2 ? 1.2 : 2.2) * rem} ${y}H${end - 1.1 * rem}` });
    const disc = svg("circle", { cx: end, cy: y, r: 1.1 * rem, class: "disc" });
    const text = svg("text", { x: end, y, class: "digit", "text-anchor": "middle", "dominant-baseline": "central" });
    const name = svg("text", { x: end, y: y - 1.6 * rem, class: "signal-name", "text-anchor": "middle" });
    name.textContent = "y";
    this.answer = { group: svg("g", {}, disc, text, name), disc, text, path };
    return path;
  }

  makeNode(signal) {
    const rem = this.shell.rem, [x, y] = this.places[signal], { labels } = this.shell, [w, h] = this.size, input = signal < 2;
    const group = svg("g", { transform: `translate(${x} ${y})`, class: input ? "input" : "gate" });
    const shape = input ? svg("circle", { r: 1.2 * rem, class: "disc" })
      : svg("path", { class: "body", d: `M${-w / 2} ${-h / 2}H0A${h / 2} ${h / 2} 0 0 1 0 ${h / 2}H${-w / 2}Z` });
    const bubble = svg("circle", { cx: h / 2 + 0.35 * rem, r: 0.35 * rem, class: "bubble" });
    const text = svg("text", { class: "digit", "text-anchor": "middle", "dominant-baseline": "central", x: input ? 0 : -0.15 * rem });
    const name = svg("text", { y: input ? -1.7 * rem : -h / 2 - 0.5 * rem, class: "signal-name", "text-anchor": "middle" });
    name.textContent = this.nameOf(signal);
    group.append(shape, ...(input ? [] : [bubble]), text, name);
    group.setAttribute("tabindex", "0");
    if (input) {
      const flip = () => this.pick(this.shell.state.at ^ (signal ? 1 : 2));
      group.setAttribute("role", "switch");
      group.setAttribute("aria-label", fill(labels.flip, { name: this.nameOf(signal) }));
      group.addEventListener("click", flip);
      group.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        flip();
      });
    } else {
      const look = (chosen) => {
        this.chosen = chosen;
        this.update();
        this.shell.write();
      };
      group.setAttribute("role", "img");
      group.addEventListener("pointerenter", () => look(signal));
      group.addEventListener("focus", () => look(signal));
      group.addEventListener("pointerleave", () => look(null));
      group.addEventListener("blur", () => look(null));
    }
    return { group, shape, text, signal };
  }

  pick(corner) {
    this.shell.state.at = corner;
    this.shell.changed();
  }

  update() {
    const { shell, circuit, signals } = this, tone = (value) => css(outputColour(value, shell.mode));
    const explained = this.explained;
    for (const { group, shape, text, signal } of this.nodes) {
      shape.style.fill = tone(signals[signal]);
      text.textContent = String(signals[signal]);
      text.setAttribute("fill", inkOn(outputColour(signals[signal], shell.mode)));
      group.classList.toggle("chosen", signal === explained);
      if (signal < 2) group.setAttribute("aria-checked", String(Boolean(signals[signal])));
      else group.setAttribute("aria-label", `NAND ${this.nameOf(signal)} = ${signals[signal]}`);
    }
    const read = explained === null ? [] : circuit.gates[explained - 2];
    this.wires.forEach(({ path, from }, i) => {
      path.style.stroke = tone(signals[from]);
      path.classList.toggle("on", Math.floor(i / 2) + 2 === explained && read.includes(from));
    });
    const y = signals[circuit.answer];
    this.answer.path.style.stroke = this.answer.disc.style.fill = tone(y);
    this.answer.text.textContent = String(y);
    this.answer.text.setAttribute("fill", inkOn(outputColour(y, shell.mode)));
    this.functions.update({ made: -1, goal: shell.state.aim });
    /** @param {number} value @returns {import("./cells.js").Entry} */
    const tell = (value) => ({ value, text: String(value), kind: "output" });
    this.table.update(CORNERS.map((x) => {
      const all = throughGates(circuit.gates, x);
      return [plain(x[0]), plain(x[1]), ...all.slice(2).map(tell), tell(all[circuit.answer])];
    }), shell.state.at);
  }

  /** The gate on the shelf: the one pointed at, else the last. */
  get explained() {
    const { gates, answer } = this.circuit;
    return this.chosen ?? (gates.length ? answer : null);
  }

  get playing() { return this.timer !== 0; }

  /** Through the four inputs, one after the other. */
  play() {
    if (this.playing) {
      this.leave();
      return;
    }
    this.timer = window.setInterval(() => this.pick((this.shell.state.at + 1) % 4), PLAY_MS);
  }

  leave() {
    clearInterval(this.timer);
    this.timer = 0;
  }

  say() {
    const { gates } = this.circuit, { name } = this.shell.meta.functions[this.shell.state.aim];
    return { text: gates.length ? "gates" : "gates-none", facts: { name, count: gates.length } };
  }

  shelf() {
    const { circuit, signals, explained, shell } = this, { labels } = shell;
    if (explained === null) return [head("y", labels.note_wire, "")];
    const [a, b] = circuit.gates[explained - 2], name = this.nameOf(explained);
    return unitLines(shell, {
      name, unit: NAND, x: [signals[a], signals[b]], steepness: null,
      title: `${name} = NAND(${this.nameOf(a)}, ${this.nameOf(b)})`, note: labels.note_gate, help: labels.help_gates,
    });
  }
}
