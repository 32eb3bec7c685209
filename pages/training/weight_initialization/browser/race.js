// The race: a hundred steps of training from each start, and what the first units of one of them have learnt.
import { Board, boardOf } from "shared/board.js";
import { colour, css, gradient } from "shared/colours.js";
import { button, el, fill } from "shared/dom.js";
import { format } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";
import { heightAt } from "shared/scales.js";
import { size } from "./arithmetic.js";

const LOOK_MS = 220, CALM_MS = 700;
/** Weights come for every fifth step. */
const FRAME = 5;

class Race extends Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    /** The start under the pointer. @type {string|null} */
    this.pointed = null;
    /** What the plot is called, in the reader's language. */
    this.plotted = "";
    /** @type {ReturnType<typeof makePlot>|null} */
    this.plot = null;
    this.note = el("p", "note");
    this.train = button("go", "", () => this.begin());
    this.rates = el("div", "rates");
    this.body = el("div", "plot-body");
    this.list = el("div", "list");
    this.units = makeUnits();
    const question = el("section", "question", this.heading, this.sentence, el("div", "drive", this.train, this.rates), this.note);
    host.replaceChildren(question, el("figure", "curves", this.body), this.list, this.units.host);
  }

  get runs() { return this.meta.status === "running" || this.meta.status === "queued"; }
  get every() { return this.runs ? (this.still ? CALM_MS : LOOK_MS) : 0; }
  get lit() { return this.pointed ?? this.meta.units; }

  keysAt() { return []; }
  pressed() { return false; }
  drawControls() {}

  draw() {
    const { meta, labels } = this;
    if (this.plotted !== labels.plot) {
      this.plotted = labels.plot;
      this.body.replaceChildren();
      this.plot = makePlot(this.body, { label: labels.plot, tell: (step) => this.read(step), snap: Math.round });
    }
    this.speak("race", {});
    this.train.textContent = meta.starts.length ? labels.again : labels.train;
    this.train.classList.toggle("busy", this.runs);
    const queued = meta.status === "queued" ? fill(labels.queued, { count: meta.ahead }) : "";
    this.note.textContent = meta.failed ? labels.failed : queued;
    const finished = meta.starts.filter((/** @type {any} */ start) => start.ended).length;
    Object.assign(this.host.dataset, { status: meta.status, finished: String(finished) });
    this.drawRates();
    this.drawCurves();
    this.drawList();
    this.units.update(this);
  }

  drawRates() {
    this.rates.replaceChildren(el("span", "", this.labels.rate), ...this.meta.rates.map((/** @type {string} */ rate) => {
      const made = button("", "", () => {
        this.state.lr = rate;
        this.drawRates();
        this.tell();
      }, rate);
      made.setAttribute("aria-pressed", String(rate === this.state.lr));
      return made;
    }));
  }

  /** What the plot's cursor says. @param {number} step */
  read(step) {
    const rows = this.meta.starts.map((/** @type {any} */ start) => {
      const losses = this.arrays[`loss.${start.name}`].data;
      return [start.label, format(heightAt(steps(losses.length), losses, step), 2), start.name === this.lit ? "strong" : "plain"];
    }).filter((/** @type {string[]} */ row) => row[1] !== "not a number");
    return rows.length ? { title: `${this.labels.step} ${Math.round(step)}`, rows } : null;
  }

  drawCurves() {
    const { meta, labels } = this;
    const curves = meta.starts.map((/** @type {any} */ start) => {
      const y = this.arrays[`loss.${start.name}`].data;
      return { id: start.name, x: steps(y.length), y, label: start.label, look: start.name === this.lit ? "strong" : "plain" };
    });
    const drawn = (/** @type {number} */ loss) => Number.isFinite(loss) && loss > 0;
    const all = curves.flatMap((/** @type {any} */ curve) => Array.from(curve.y)).filter(drawn);
    const low = Math.min(0.1, ...all), high = Math.min(1e6, 10 ** Math.ceil(Math.log10(Math.max(10, ...all)) - 1e-9));
    this.plot?.update({
      x: { low: 0, high: meta.steps, label: labels.step },
      y: { low: 10 ** Math.floor(Math.log10(low)), high, log: true, label: labels.loss },
      curves, rules: [{ y: meta.guess, label: labels.guess, dash: true }],
    }, this.mode);
  }

  drawList() {
    const { labels } = this, focused = /** @type {HTMLElement|null} */ (this.root.activeElement)?.dataset?.name;
    this.list.replaceChildren(...this.meta.starts.map((/** @type {any} */ start) => {
      const said = start.stopped ? fill(labels.stopped, { step: start.step + 1 })
        : start.ended ? fill(labels.right, { share: start.accuracy }) : `${labels.step} ${start.step}`;
      const words = [el("b", "", start.label), el("span", "", said)];
      const made = button(`start${start.first ? " first" : ""}`, "", () => this.choose(start.name), ...words);
      made.dataset.name = start.name;
      made.setAttribute("aria-pressed", String(start.name === this.meta.units));
      made.title = labels.curve;
      made.onpointerenter = made.onfocus = () => this.point(start.name);
      made.onpointerleave = made.onblur = () => this.point(null);
      return made;
    }));
    if (focused) /** @type {HTMLElement|null} */ (this.list.querySelector(`[data-name="${focused}"]`))?.focus();
  }

  /** @param {string|null} start */
  point(start) {
    this.pointed = start;
    this.drawCurves();
  }

  /** Its own units are shown at first. */
  begin() {
    this.state.units = this.meta.mine;
    this.act("go");
  }

  /** Their units' weights come with the answer. @param {string} start */
  choose(start) {
    this.state.units = start;
    this.resting.drop();
    this.tellState();
  }
}

const steps = (/** @type {number} */ count) => Float32Array.from({ length: count }, (_, i) => i + 1);

/** One small picture for each of the first units: how its weights have moved, step by step. */
function makeUnits() {
  const head = el("div", "units-head"), pictures = el("div", "units-pictures"), apart = el("p", "apart");
  const ramp = el("i", "ramp"), low = el("span"), high = el("span"), scale = el("div", "scale", low, ramp, high);
  const range = /** @type {HTMLInputElement} */ (document.createElement("input"));
  range.type = "range";
  range.min = "0";
  const at = el("output");
  const host = el("section", "units", head, pictures, scale, el("label", "scrub", range, at), apart);
  /** @type {Race} */
  let race;
  let last = -1, whose = "";

  function draw() {
    const { labels, arrays, mode } = race, { data, shape } = arrays.gained, [frames, units, inputs] = shape;
    const frame = Math.min(frames - 1, Number(range.value));
    let limit = 0;
    for (const value of data) if (Math.abs(value) > limit) limit = Math.abs(value);
    const side = Math.round(Math.sqrt(inputs)), [rows, columns] = side * side === inputs ? [side, side] : [1, inputs];
    pictures.replaceChildren(...Array.from({ length: units }, (_, unit) => {
      const canvas = document.createElement("canvas");
      canvas.width = columns;
      canvas.height = rows;
      const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      for (let i = 0; i < inputs; i += 1) {
        pen.fillStyle = css(colour(data[(frame * units + unit) * inputs + i], limit || 1, "diverging", mode));
        pen.fillRect(i % columns, Math.floor(i / columns), 1, 1);
      }
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", fill(labels.unit, { number: unit + 1 }));
      return el("figure", "unit", canvas, el("figcaption", "", String(unit + 1)));
    }));
    low.textContent = size(-limit);
    high.textContent = limit ? `+${size(limit)}` : "0";
    ramp.style.background = gradient("diverging", mode);
    at.textContent = `${labels.step} ${frame * FRAME}`;
    apart.textContent = fill(labels.apart, { value: size(arrays.apart.data[frame]) });
  }
  range.addEventListener("input", draw);

  return {
    host,
    /** @param {Race} board */
    update(board) {
      race = board;
      const { meta, labels, arrays } = race;
      head.replaceChildren(el("b", "", labels.gained), el("span", "", meta.recipe));
      range.setAttribute("aria-label", labels.scrub);
      host.classList.toggle("empty", !arrays.gained);
      if (!arrays.gained) {
        apart.textContent = labels.nothing;
        return;
      }
      const top = arrays.gained.shape[0] - 1, followed = Number(range.value) === last || whose !== meta.units;
      range.max = String(top);
      if (followed) range.value = String(top);
      last = top;
      whose = meta.units;
      draw();
    },
  };
}

export default boardOf(Race);
