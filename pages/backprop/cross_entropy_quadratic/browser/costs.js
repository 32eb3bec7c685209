// Two costs teach the same badly wrong unit: where it starts, where it stands on the sigmoid, and how it learns.
import { short } from "shared/arithmetic.js";
import { watchTheme } from "shared/colours.js";
import { button, el, markup, sentence } from "shared/dom.js";
import { clamp } from "shared/drag.js";
import { askNumber } from "shared/editing.js";
import { drawKnobs } from "shared/knobs.js";
import { Resting } from "shared/resting.js";
import { drawTransport } from "shared/transport.js";
import { pictureKeys } from "shared/picture_keys.js";
import { unpack } from "shared/unpack.js";
import { Plots } from "./plots.js";
import { drawShelf } from "./shelf.js";
import { learn } from "./twin.js";
import { whenGone } from "shared/mounted.js";

const NARROW = 760, TELL_MS = 400, FRAME_MS = [90, 45, 22], NEAR = 0.2, FAR = 0.75;
const COSTS = /** @type {const} */ (["quadratic", "cross_entropy"]);

/** @param {{data: Uint8Array, parentElement: any, setStateValue: (name: string, value: unknown) => void}} component */
export default function costs({ data, parentElement, setStateValue }) {
  const host = parentElement.querySelector(".costs");
  host.board ??= new Board(host, parentElement);
  host.board.receive(data, setStateValue);
  return whenGone(host, () => {
    host.board?.leave();
    host.board = null;
  });
}

class Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    this.host = host;
    this.root = root;
    /** @type {import("shared/colours.js").Mode} */
    this.mode = "light";
    this.speed = 1;
    this.playing = false;
    /** The epoch under the pointer. @type {number|null} */
    this.pointed = null;
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.controls = el("div", "controls");
    this.knobs = el("div", "knobs");
    this.kicker = el("div", "kicker");
    this.heading = el("h2", "");
    this.sentence = el("p", "");
    this.starts = el("div", "pills");
    this.formulas = el("div", "formulas");
    this.shelf = el("div", "shelf");
    this.pictures = el("div", "pictures rows");
    const say = el("section", "say", this.kicker, this.heading, this.sentence, this.starts, this.formulas);
    say.setAttribute("aria-live", "polite");
    host.replaceChildren(el("div", "bench", say, el("section", "right", el("div", "tools", this.controls, this.knobs), this.pictures, this.shelf)));
    this.unwatch = watchTheme(root, (mode) => {
      this.mode = mode;
      if (this.meta) this.draw();
    });
    this.resized = new ResizeObserver(() => host.classList.toggle("narrow", host.clientWidth <= NARROW));
    this.resized.observe(host);
    this.resting = new Resting(() => this.setStateValue("state", { ...structuredClone(this.state), told: Date.now(), since: this.meta.asked }), undefined, host);
    this.keys = pictureKeys(host, { press: (event) => this.pressed(event), keys: () => [["← →", "keys_step"], ["Space", "keys_play"]] });
  }

  leave() {
    this.stop_();
    this.resting.leave();
    this.unwatch();
    this.resized.disconnect();
    this.keys.leave();
  }

  receive(data, setStateValue) {
    const { meta } = unpack(data), first = !this.meta, asked = first || meta.asked !== this.meta.asked;
    this.setStateValue = setStateValue;
    if (!first && meta.version === this.meta.version) return;
    this.meta = meta;
    if (asked) {
      this.resting.drop();
      this.state = structuredClone(meta.state);
    }
    if (first) {
      this.plots = new Plots(this);
      this.pictures.replaceChildren(...this.plots.roots);
    }
    this.host.classList.toggle("presenting", meta.present);
    this.draw();
  }

  get labels() { return this.meta.labels; }
  get last() { return Number(this.state.epochs); }
  get epoch() { return clamp(this.pointed ?? this.state.epoch, 0, this.last); }

  /** Numbers changed here: learn anew, write it everywhere, and let the link hold it once it rests. */
  changed() {
    this.learn();
    this.write();
    this.tell();
  }

  tell() { this.resting.soon(TELL_MS); }

  learn() {
    const { w, b, x, lr } = this.state, start = { w, b, x, lr, y: Number(this.state.y), epochs: this.last };
    this.found = Object.fromEntries(COSTS.map((cost) => [cost, learn(cost, start)]));
  }

  // ---- moving through the epochs ----

  /** @param {number} epoch */
  go(epoch) {
    this.state.epoch = clamp(Math.round(epoch), 0, this.last);
    this.pointed = null;
    this.write();
    this.tell();
  }

  step(by) { this.go(this.state.epoch + by * Math.max(1, Math.round(this.last / 100))); }

  play() {
    if (this.state.epoch >= this.last) this.state.epoch = 0;
    if (this.still) {
      this.go(this.last);
      return;
    }
    this.playing = true;
    this.timer = setInterval(() => {
      this.step(1);
      if (this.state.epoch >= this.last) this.stop_();
    }, FRAME_MS[this.speed]);
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

  // ---- drawing ----

  draw() {
    const { labels, meta } = this;
    this.kicker.textContent = labels.kicker;
    this.formulas.replaceChildren(...COSTS.map((cost) => el("div", "", el("b", "", labels[cost]), markup("div", "formula", meta.formulas[cost]))));
    drawTransport(this);
    this.drawKnobs();
    this.learn();
    this.write();
  }

  drawKnobs() {
    const { labels, meta, state } = this;
    drawKnobs(this.knobs, [
      { kind: "choice", name: "show", label: labels.show, value: state.show, options: meta.show.map((name) => [name, labels[name]]) },
      { kind: "choice", name: "y", label: labels.target, value: state.y, options: [["0", "y = 0"], ["1", "y = 1"]] },
      { kind: "choice", name: "epochs", label: labels.epochs, value: state.epochs, options: meta.epochs.map((name) => [name, name]) },
    ], labels, {
      set: (name, value) => {
        state[name] = value;
        state.epoch = Math.min(state.epoch, this.last);
        this.changed();
      },
      act: () => {},
    });
    this.knobs.append(...["x", "lr", "w", "b"].map((name) => this.typed(name)));
  }

  /** A number that is typed. @param {string} name */
  typed(name) {
    const { labels, meta } = this, names = { x: labels.input, lr: labels.lr, w: "w", b: "b" }, [low, high] = meta.ranges[name];
    const range = labels.range.replace("{low}", short(low)).replace("{high}", short(high));
    const cell = button("pill typed", names[name], () => askNumber(cell, this.state[name], labels, (value) => {
      this.state[name] = value;
      this.changed();
    }, { low, high }), "");
    cell.dataset.name = name;
    cell.title = range;
    return el("div", "knob", el("span", "", names[name]), cell);
  }

  /** The chosen start or epoch changed: write it everywhere. */
  write() {
    const { state, labels, meta } = this;
    for (const cell of this.knobs.querySelectorAll(".typed")) if (!cell.querySelector("input")) cell.textContent = short(state[/** @type {HTMLElement} */ (cell).dataset.name]);
    this.starts.replaceChildren(...meta.starts.map(([w, b], i) => {
      const made = button("pill", "", () => {
        Object.assign(state, { w, b, epoch: 0 });
        this.changed();
      }, labels[`start_${i}`]);
      made.setAttribute("aria-pressed", String(state.w === w && state.b === b));
      return made;
    }));
    this.plots.update();
    this.say();
    drawShelf(this, this.shelf);
  }

  say() {
    const { found, epoch, labels, last, meta } = this, y = Number(this.state.y), { quadratic, cross_entropy } = found;
    const first = (one) => {
      const at = one.a.findIndex((a) => Math.abs(a - y) < NEAR);
      return at < 0 ? labels.never.replace("{epochs}", String(last)) : labels.at_epoch.replace("{epoch}", String(at));
    };
    const [slow, quick] = [quadratic.dz[epoch], cross_entropy.dz[epoch]], gap = Math.abs(quadratic.a[0] - y);
    const text = epoch > 0 ? "between" : gap >= FAR ? "wrong" : gap < NEAR ? "right" : "middling";
    const facts = {
      epoch, target: y, a: short(quadratic.a[0], 3), aq: short(quadratic.a[epoch], 3), ac: short(cross_entropy.a[epoch], 3), gq: short(slow, 4), gc: short(quick, 4),
      slope: short(quadratic.slope[epoch], 4), times: slow ? short(Math.abs(quick / slow), 0) : "∞", eq: first(quadratic), ec: first(cross_entropy),
    };
    const [heading, body] = meta.texts[`say-${text}`];
    this.heading.replaceChildren(sentence(heading, facts));
    this.sentence.replaceChildren(sentence(body, facts));
  }
}
