// Backprop by hand: a small network, the list of its elementary steps, and the arithmetic of the chosen one.
import { watchTheme } from "shared/colours.js";
import { el, sentence } from "shared/dom.js";
import { drawKnobs } from "shared/knobs.js";
import { Resting } from "shared/resting.js";
import { drawTransport } from "shared/transport.js";
import { pictureKeys } from "shared/picture_keys.js";
import { unpack } from "shared/unpack.js";
import { Cells } from "./cells.js";
import { Course } from "./course.js";
import { drawMatrices } from "./matrices.js";
import { drawNetwork } from "./network.js";
import { Found } from "./quiz.js";
import { drawShelf } from "./shelf.js";
import { StepList } from "./steps.js";
import { exact } from "./words.js";
import { whenGone } from "shared/mounted.js";

const NARROW = 760, TELL_MS = 350, PLAY_MS = [2600, 1300, 650];

/** @param {{data: Uint8Array, parentElement: any, setTriggerValue: (name: string, value: unknown) => void}} component */
export default function byhand({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector(".byhand");
  host.board ??= new Board(host, parentElement);
  host.board.receive(data, setTriggerValue);
  return whenGone(host, () => {
    host.board?.leave();
    host.board = null;
  });
}

export class Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    this.host = host;
    this.root = root;
    /** @type {import("shared/colours.js").Mode} */
    this.mode = "light";
    this.speed = 1;
    this.playing = false;
    this.width = 0;
    this.cells = new Cells(this);
    this.controls = el("div", "controls");
    this.knobs = el("div", "knobs");
    this.kicker = el("div", "kicker");
    this.heading = el("h2", "");
    this.sentence = el("p", "");
    this.notice = el("div", "notes flagged");
    this.notice.setAttribute("role", "status");
    this.course = new Course(this);
    this.found = new Found(this);
    this.list = new StepList(this);
    this.picture = el("div", "picture");
    this.shelf = el("div", "shelf");
    const say = el("section", "say", this.kicker, this.heading, this.sentence, this.course.root);
    say.setAttribute("aria-live", "polite");
    const right = el("section", "right", el("div", "tools", this.controls, this.knobs), this.notice, el("div", "middle", this.picture, this.list.root), this.shelf);
    host.replaceChildren(el("div", "bench", say, right));
    this.unwatch = watchTheme(root, (mode) => {
      this.mode = mode;
      if (this.meta) this.build();
    });
    this.resized = new ResizeObserver(() => {
      if (this.meta && Math.abs(host.clientWidth - this.width) > 2) this.build();
    });
    this.resized.observe(host);
    this.resting = new Resting(() => this.tell({ kind: "place", since: this.meta.asked }));
    this.keys = pictureKeys(host, { press: (event) => this.pressed(event), keys: () => [["← →", "keys_step"], ["Space", "keys_play"]] });
  }

  leave() {
    this.stop_();
    this.resting.leave();
    this.unwatch();
    this.resized.disconnect();
    this.keys.leave();
  }

  /** @param {Uint8Array} data @param {(name: string, value: unknown) => void} trigger */
  receive(data, trigger) {
    this.trigger = trigger;
    const { meta, arrays } = unpack(data), before = this.meta?.asked === meta.asked ? this.meta : null;
    if (before?.version === meta.version) return;
    this.meta = meta;
    this.arrays = arrays;
    this.byResult = new Map(meta.lines.map((line, i) => [line.result, i]));
    if (!before) this.view = meta.controls.view;
    this.found.take(meta.controls, before);
    const wanted = before ? this.at : meta.controls.at;
    this.at = this.byResult.has(wanted) ? wanted : meta.first;
    this.build();
  }

  get labels() { return this.meta.labels; }
  get narrow() { return this.width <= NARROW; }
  get index() { return this.byResult.get(this.at); }
  get line() { return this.meta.lines[this.index]; }
  /** @param {string} name */
  value(name) { return this.meta.symbols[name].value; }
  /** Whether a quantity stands there by now: given, or computed up to the chosen step. @param {string} name */
  known(name) { return !this.byResult.has(name) || this.byResult.get(name) <= this.index; }
  /** Whether its value may be read: not while the learner is to find it. @param {string} name */
  shown(name) { return this.known(name) && !this.found.hides(name); }

  /** @param {string} result */
  choose(result) {
    if (!this.byResult.has(result) || result === this.at) return;
    this.at = result;
    this.found.forget();
    this.write();
    this.tellPlace();
  }

  /** @param {number} by */
  step(by) {
    const next = this.meta.lines[Math.max(0, Math.min(this.meta.lines.length - 1, this.index + by))];
    this.choose(next.result);
  }

  play() {
    if (this.index === this.meta.lines.length - 1) this.choose(this.meta.lines[0].result);
    this.playing = true;
    this.timer = setInterval(() => {
      this.step(1);
      if (this.index === this.meta.lines.length - 1) this.stop_();
    }, PLAY_MS[this.speed]);
    drawTransport(this);
  }

  stop_() {
    clearInterval(this.timer);
    if (!this.playing) return;
    this.playing = false;
    drawTransport(this);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (!this.meta) return false;
    if (event.key === "ArrowRight") this.step(1);
    else if (event.key === "ArrowLeft") this.step(-1);
    else if (event.key === " ") this.playing ? this.stop_() : this.play();
    else return false;
    return true;
  }

  // ---- telling the page ----

  place() { return { at: this.at, view: this.view, quiz: this.found.on, done: this.found.written() }; }

  /** What the page must answer: other numbers, another network, more steps. @param {Record<string, unknown>} event */
  tell(event) {
    this.resting.drop();
    this.trigger("event", { ...event, ...this.place(), again: Math.random() });
  }

  /** What only the link is to hold, once it rests. */
  tellPlace() { this.resting.soon(TELL_MS); }

  // ---- drawing ----

  build() {
    this.width = this.host.clientWidth;
    if (!this.width) return;
    this.host.classList.toggle("narrow", this.narrow);
    this.host.classList.toggle("presenting", this.meta.present);
    this.notice.textContent = this.meta.notice;
    this.notice.hidden = !this.meta.notice;
    drawTransport(this);
    this.drawKnobs();
    this.list.build();
    this.course.update();
    this.draw();
  }

  draw() {
    this.cells.clear();
    this.picture.dataset.view = this.view;
    this.drawn = this.view === "matrices" ? drawMatrices(this, this.picture) : drawNetwork(this, this.picture);
    this.write();
  }

  drawKnobs() {
    const { labels, meta } = this, { choices, controls } = meta;
    const select = (name, options) => ({ kind: "select", name, label: labels[name], value: controls[name], options });
    const sizes = choices.sizes.includes(controls.sizes) ? choices.sizes : [...choices.sizes, controls.sizes];
    drawKnobs(this.knobs, [
      { kind: "choice", name: "view", label: "", value: this.view, options: [["network", labels.network], ["matrices", labels.matrices]] },
      select("sizes", sizes.map((text) => [text, text])),
      select("hidden", choices.hidden.map((name) => [name, name])),
      select("head", choices.head.map((name) => [name, labels[`head_${name}`]])),
      { kind: "choice", name: "biases", label: labels.biases, value: String(controls.biases), options: [["true", labels.trained], ["false", labels.fixed]] },
      { kind: "step", name: "seed", label: labels.seed, value: controls.seed, low: 0, high: 999 },
      { kind: "button", name: "quiz", label: this.found.on ? labels.unquiz : labels.quiz },
    ], labels, {
      set: (name, value) => {
        if (name === "view") {
          this.view = value;
          this.draw();
          this.tellPlace();
        } else this.tell({ kind: "set", name, value: name === "biases" ? value === "true" : value });
      },
      act: () => {
        this.found.toggle();
        this.drawKnobs();
        this.write();
        this.tellPlace();
      },
    });
  }

  /** The chosen step changed, or what is known: write it everywhere. */
  write() {
    const { line, labels } = this;
    this.cells.write();
    this.drawn?.write?.();
    this.list.write();
    const hidden = this.found.hides(this.at);
    const facts = { ...line.facts, value: hidden ? "?" : exact(this.value(this.at)), E: this.known("E") ? exact(this.value("E")) : "?" };
    const [heading, body] = this.meta.texts[hidden ? "step-find" : line.text] ?? ["", ""];
    this.kicker.textContent = `${labels[line.phase]} · ${this.index + 1} / ${this.meta.lines.length}`;
    this.heading.replaceChildren(sentence(heading, facts));
    this.sentence.replaceChildren(sentence(body, facts));
    this.shelf.style.minHeight = "";
    drawShelf(this, this.shelf);
  }

  /** Light what a quantity stands for, wherever it stands, and the steps that read it. @param {string|null} name */
  point(name) {
    this.cells.point(name);
    this.list.point(name);
    this.drawn?.point?.(name);
  }
}
