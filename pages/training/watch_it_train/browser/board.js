// Watch it train: everything that moves while a network learns, drawn in one place and updated where it stands. The driver's row,
// what the run says about itself, its curves and mistakes, and the network's layers.
import { Board, boardOf } from "shared/board.js";
import { el, fill, sentence } from "shared/dom.js";
import { format, percent } from "shared/numbers.js";
import { makeChart } from "./chart.js";
import { makeDriver } from "./driver.js";
import { makeLayer } from "./layer.js";
import { makeLens } from "./lens.js";
import { makePlate } from "./plate.js";

/** Milliseconds between two pictures; with reduced motion. */
const PERIOD = 150, CALM = 600;
const DIGITS = [..."0123456789"];

const whole = (/** @type {number} */ v) => String(v);

class WatchItTrain extends Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    this.drawn = 0;
    this.dressed = "";
    this.cause = el("p", "cause");
    this.spoken = el("div", "spoken");
    this.spoken.setAttribute("role", "status");
    // Several sentences a second are nothing to be read aloud: what is worth it is spoken.
    this.words.removeAttribute("aria-live");
    this.words.append(this.cause, this.spoken);
    // Made by `dress`, before anything is drawn.
    /** @type {ReturnType<typeof makeLens>} */
    this.lens;
    /** @type {ReturnType<typeof makeDriver>} */
    this.driver;
    /** @type {Record<"loss"|"accuracy", ReturnType<WatchItTrain["makeCurve"]>>} */
    this.curves;
    /** @type {ReturnType<typeof makeLayer>[]} */
    this.layers;
    /** @type {ReturnType<typeof makePlate>} */
    this.matrix;
    /** @type {ReturnType<typeof makePlate>} */
    this.input;
    /** @type {{box: HTMLElement, caption: HTMLElement, plate: ReturnType<typeof makePlate>}[]} */
    this.wrong;
    /** @type {Record<"chance"|"bar"|"value", HTMLElement>[]} */
    this.bars;
    /** @type {HTMLElement} */
    this.mistakesNote;
    /** @type {HTMLElement} */
    this.none;
    /** @type {HTMLElement} */
    this.caption;
  }

  // ---- what is told ----

  get runs() { return this.meta.status === "running" || this.meta.status === "queued"; }
  get every() { return this.runs ? (this.still ? CALM : PERIOD) : 0; }
  /** How it is laid out follows from the window alone. */
  get narrow() { return false; }

  /** @param {string} action */
  drive(action) { this.each("do", action); }

  /** @param {string} speed */
  setPace(speed) {
    this.state.speed = speed;
    this.resting.drop();
    this.update();
    this.tellState();
  }

  /** @returns {import("shared/picture_keys.js").Key[]} */
  keysAt() { return [["Space", "keys_play"], ["→", "keys_train"], ["E", "keys_epoch"], ["Home", "keys_reset"]]; }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const action = { " ": this.runs ? "pause" : "play", ArrowRight: "step", e: "epoch", E: "epoch", Home: "reset" }[event.key];
    if (action) this.drive(action);
    return Boolean(action);
  }

  // ---- what is drawn ----

  drawControls() {}

  draw() {
    const { meta, labels } = this;
    if (this.dressed !== labels.loss) this.dress();
    this.tellRun();
    this.drawCurves();
    this.drawMistakes();
    this.drawDigit();
    this.layers.forEach((layer, i) => layer.update(meta.layers[i], this.arrays, this.mode));
    this.drawn += 1;
    Object.assign(this.host.dataset, { drawn: whole(this.drawn), status: meta.status, step: whole(meta.step) });
  }

  update() { this.driver.update(this.meta, this.runs, this.state.speed); }

  tellRun() {
    const { say } = this.meta;
    this.words.dataset.tone = say.tone;
    this.kicker.textContent = say.kick;
    this.heading.textContent = say.title;
    this.sentence.replaceChildren(sentence(say.text, {}));
    this.cause.replaceChildren(sentence(say.cause, {}));
    this.cause.hidden = !say.cause;
    if (this.spoken.textContent !== say.spoken) this.spoken.textContent = say.spoken;
  }

  drawCurves() {
    const { meta, arrays, labels, mode } = this, { loss, accuracy } = this.curves;
    const axes = { steps: meta.total, stepsPerEpoch: meta.stepsPerEpoch, changes: arrays.changes.data, axis: labels.epochs };
    const curves = (/** @type {string} */ what) => [
      { x: arrays.steps.data, y: arrays[what].data, look: /** @type {const} */ ("faint") },
      { x: arrays.means.data, y: arrays[`mean_${what}`].data, look: /** @type {const} */ ("plain") },
      { x: arrays.validated.data, y: arrays[`validation_${what}`].data, look: /** @type {const} */ ("strong") },
    ];
    loss.number.textContent = meta.loss;
    accuracy.number.textContent = meta.accuracy;
    loss.train.textContent = meta.lossTrain;
    accuracy.train.textContent = meta.accuracyTrain;
    loss.trained.hidden = accuracy.trained.hidden = !meta.lossTrain;
    loss.chart.update({
      ...axes, curves: curves("loss"), top: meta.lossTop, write: (y) => format(y, 1),
      reference: { y: meta.guessLoss, label: labels.guessLoss },
    }, mode);
    accuracy.chart.update({
      ...axes, curves: curves("accuracy"), top: 1, write: (y) => percent(y, 0), reference: { y: 0.1, label: labels.guessAccuracy },
    }, mode);
  }

  drawMistakes() {
    const { meta, arrays, mode } = this;
    this.matrix.update(arrays.confusion.data, mode, meta.confusionTop);
    this.mistakesNote.textContent = meta.mistakesNote;
    this.none.hidden = meta.mistakes.length > 0;
    this.wrong.forEach(({ box, caption, plate }, i) => {
      const mistake = meta.mistakes[i];
      box.style.visibility = mistake ? "visible" : "hidden";
      if (!mistake) return;
      caption.textContent = mistake.label;
      caption.title = mistake.title;
      plate.update(arrays.mistakes.data.subarray(64 * i, 64 * i + 64), mode, 1);
    });
  }

  drawDigit() {
    const { meta, arrays, mode } = this;
    this.caption.textContent = meta.digitNote;
    this.input.update(arrays.image.data, mode, 1);
    this.bars.forEach(({ chance, bar, value }, i) => {
      const p = arrays.p.data[i];
      bar.style.width = `${Number.isFinite(p) ? 100 * p : 0}%`;
      value.textContent = Number.isFinite(p) ? format(p, 2) : "–";
      chance.classList.toggle("true", i === meta.digitLabel);
    });
  }

  /** The nearest numbers at a step. @param {number} step @param {string} what @param {(v: number) => string} show */
  read(step, what, show) {
    const { labels } = this, { steps, [what]: batch, validated, [`validation_${what}`]: held } = this.arrays;
    const near = (/** @type {ArrayLike<number>} */ xs) => {
      let best = 0;
      for (let i = 1; i < xs.length; i += 1) if (Math.abs(xs[i] - step) < Math.abs(xs[best] - step)) best = i;
      return best;
    };
    /** @type {import("shared/plot.js").Row[]} */
    const rows = steps.data.length ? [[labels.batch, show(batch.data[near(steps.data)]), "plain"]] : [];
    if (validated.data.length) rows.push([labels.validation, show(held.data[near(validated.data)]), "strong"]);
    return { title: fill(labels.stepIs, { step }), rows };
  }

  // ---- its parts, in the reader's language ----

  dress() {
    const { meta, labels, arrays, host } = this;
    this.dressed = labels.loss;
    host.replaceChildren();
    this.lens = makeLens(host);
    this.driver = makeDriver({
      drive: (action) => this.drive(action), pace: (speed) => this.setPace(speed), open: () => this.act("open"),
    }, labels, meta.speeds);
    this.curves = {
      loss: this.makeCurve("curve loss", "loss", (v) => format(v, 3)),
      accuracy: this.makeCurve("curve", "accuracy", (v) => percent(v, 1)),
    };
    const confusion = this.makeConfusion(), mistakes = this.makeMistakes(), digit = this.makeDigit(), { lens } = this;
    this.layers = meta.layers.map((/** @type {any} */ layer) => makeLayer(layer, arrays, labels, lens));
    host.prepend(
      this.driver.row,
      el("div", "card run", this.words, this.curves.loss.figure, this.curves.accuracy.figure, confusion, mistakes),
      el("div", "card network", digit, ...this.layers.map((layer) => layer.section)),
    );
  }

  /**
   * A curve's caption names its lines: black for validation, grey for training.
   * @param {string} name @param {string} what @param {(v: number) => string} show
   */
  makeCurve(name, what, show) {
    const { labels } = this, number = el("b"), train = el("b", "train"), body = el("div", "body");
    const held = el("span", "key", el("i", "strong"), el("span", "note", labels.validation));
    const trained = el("span", "key", el("i", "plain"), el("span", "note", labels.training), train);
    const figure = el("figure", name, el("figcaption", "small", el("span", "", labels[what]), held, number, trained), body);
    const chart = makeChart(body, labels[what], (step) => this.read(step, what, show));
    return { figure, number, train, trained, chart };
  }

  makeConfusion() {
    const { labels, lens } = this, square = el("div", "square");
    const down = el("div", "digits down", DIGITS.map((d) => el("span", "", d)));
    const across = el("div", "digits across", DIGITS.map((d) => el("span", "", d)));
    this.matrix = makePlate(square, lens, labels.confusion, {
      across: 10, height: 1, width: 1, cell: 26, gap: 0, ramp: "sequential", numbers: true, legend: false, lens: false,
      scale: Math.sqrt, write: whole, choose: (tile) => this.act("cell", tile),
      name: (tile) => fill(labels.confused, { truth: whole(Math.floor(tile / 10)), answer: whole(tile % 10) }),
    });
    const body = el("div", "body", el("span", "axis-y", labels.truth), down, square, across, el("span", "axis-x", labels.answer));
    return el("figure", "confusion", el("figcaption", "small", el("span", "", labels.confusion), el("b"), el("span", "note")), body);
  }

  makeMistakes() {
    const { labels, lens } = this;
    this.mistakesNote = el("span", "note");
    this.wrong = Array.from({ length: this.meta.mostMistakes }, (_, i) => {
      const picture = el("div", "picture"), caption = el("span");
      const plate = makePlate(picture, lens, labels.mistakes, {
        across: 1, height: 8, width: 8, cell: 6, gap: 0, ramp: "sequential", legend: false, lens: false,
        name: (_tile, row, column) => `x[0, ${row}, ${column}]`, write: (v) => format(v, 4),
        choose: () => this.act("digit", this.meta.mistakes[i].index),
      });
      return { box: el("div", "mistake", picture, caption), caption, plate };
    });
    this.none = el("p", "none", labels.noMistakes);
    const caption = el("figcaption", "small", el("span", "", labels.mistakes), el("b"), this.mistakesNote);
    return el("figure", "mistakes", caption, el("div", "body", ...this.wrong.map(({ box }) => box), this.none));
  }

  makeDigit() {
    const { labels, lens } = this, image = el("div", "image");
    this.bars = DIGITS.map((d) => {
      const bar = el("i"), value = el("span");
      return { bar, value, chance: el("div", "chance", el("b", "", d), el("u", "", bar), value) };
    });
    this.caption = el("small");
    this.input = makePlate(image, lens, labels.input, {
      across: 1, height: 8, width: 8, cell: 11.5, gap: 0, ramp: "sequential", legend: false,
      name: (_, row, column) => `x[0, ${row}, ${column}]`,
    });
    return el("section", "digit", el("header", "", el("h3", "", labels.input)), image, this.caption,
      el("div", "small", el("span", "", labels.probabilities)), el("div", "chances", ...this.bars.map(({ chance }) => chance)));
  }
}

export default boardOf(WatchItTrain);
