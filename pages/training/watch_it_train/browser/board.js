// The board: the driver's row, what the run says about itself, its curves and mistakes, and the network's layers.
import { format } from "shared/numbers.js";
import { makeChart } from "./chart.js";
import { el, write } from "./dom.js";
import { makeLayer } from "./layer.js";
import { makeLens } from "./lens.js";
import { makePlate } from "./plate.js";
import { makeTransport } from "./transport.js";

/** @typedef {import("shared/colours.js").Mode} Mode */
/** @typedef {{meta: any, arrays: Record<string, import("shared/unpack.js").NdArray>}} Frame */

const percent = (/** @type {number} */ v, decimals = 1) => `${format(100 * v, decimals)} %`;
const whole = (/** @type {number} */ v) => String(v);

/**
 * @param {HTMLElement} root
 * @param {(action: string, value?: string|number) => void} tell
 * @param {Frame} first
 */
export function makeBoard(root, tell, first) {
  const words = first.meta.words;
  root.replaceChildren();
  const lens = makeLens(root);
  const transport = makeTransport(tell, words, first.meta.speeds);
  /** @type {Frame} */
  let frame = first;

  const kick = el("div", "kick");
  const title = el("h2");
  const text = el("p");
  const cause = el("p", "cause");
  const spoken = el("div", "spoken");
  spoken.setAttribute("role", "status");
  const say = el("section", "say", [kick, title, text, cause, spoken]);

  /** @param {string} name @param {string} heading */
  const figure = (name, heading) => {
    const number = el("b");
    const note = el("span", "note");
    const body = el("div", "body");
    return { number, note, body, whole: el("figure", name, [el("figcaption", "small", [el("span", "", heading), number, note]), body]) };
  };
  /** A curve's caption names its lines: black for validation, grey for training. @param {string} name @param {string} heading */
  const curve = (name, heading) => {
    const made = figure(name, heading);
    const train = el("b", "train");
    const trained = el("span", "key", [el("i", "plain"), el("span", "note", words.training), train]);
    made.number.before(el("span", "key", [el("i", "strong"), el("span", "note", words.validation)]));
    made.note.replaceWith(trained);
    return { ...made, train, trained };
  };
  const loss = curve("curve loss", words.loss);
  const accuracy = curve("curve", words.accuracy);
  const confusion = figure("confusion", words.confusion);
  const mistakes = figure("mistakes", words.mistakes);
  const lossChart = makeChart(loss.body, words.loss, (step) => atStep(step, "loss", (v) => format(v, 3)));
  const accuracyChart = makeChart(accuracy.body, words.accuracy, (step) => atStep(step, "accuracy", (v) => percent(v)));

  const digits = [..."0123456789"];
  const across = el("div", "digits across", digits.map((d) => el("span", "", d)));
  const down = el("div", "digits down", digits.map((d) => el("span", "", d)));
  const square = el("div", "square");
  confusion.body.append(el("span", "axis-y", words.truth), down, square, across, el("span", "axis-x", words.answer));
  const matrix = makePlate(square, lens, words.confusion, {
    across: 10, height: 1, width: 1, cell: 18, gap: 0, ramp: "sequential", numbers: true, legend: false, lens: false,
    scale: Math.sqrt, write: whole, choose: (tile) => tell("cell", tile),
    name: (tile) => words.confused.replace("{truth}", whole(Math.floor(tile / 10))).replace("{answer}", whole(tile % 10)),
  });
  const wrong = Array.from({ length: first.meta.mostMistakes }, (_, i) => {
    const picture = el("div", "picture");
    const caption = el("span");
    const whole = el("div", "mistake", [picture, caption]);
    const plate = makePlate(picture, lens, words.mistakes, {
      across: 1, height: 8, width: 8, cell: 6, gap: 0, ramp: "sequential", legend: false, lens: false,
      name: (_tile, row, column) => `x[0, ${row}, ${column}]`, write: (v) => format(v, 4),
      choose: () => tell("digit", frame.meta.mistakes[i].index),
    });
    return { whole, caption, plate };
  });
  const none = el("p", "none", words.noMistakes);
  mistakes.body.append(...wrong.map((m) => m.whole), none);

  const image = el("div", "image");
  const chances = el("div", "chances");
  const bars = digits.map((d) => {
    const bar = el("i");
    const value = el("span");
    chances.append(el("div", "chance", [el("b", "", d), el("u", "", [bar]), value]));
    return { bar, value };
  });
  const caption = el("small");
  const digit = el("section", "digit", [el("header", "", [el("h3", "", words.input)]), image, caption,
    el("div", "small", [el("span", "", words.probabilities)]), chances]);
  const input = makePlate(image, lens, words.input, {
    across: 1, height: 8, width: 8, cell: 11.5, gap: 0, ramp: "sequential", legend: false,
    name: (_, row, column) => `x[0, ${row}, ${column}]`,
  });
  const layers = first.meta.layers.map((/** @type {any} */ layer) => makeLayer(layer, first.arrays, words, lens));

  root.prepend(
    transport.row,
    el("div", "card run", [say, loss.whole, accuracy.whole, confusion.whole, mistakes.whole]),
    el("div", "card network", [digit, ...layers.map((/** @type {any} */ l) => l.section)]),
  );

  /** The nearest numbers at a step. @param {number} step @param {string} what @param {(v: number) => string} show @returns {{title: string, rows: import("shared/plot.js").Row[]}} */
  function atStep(step, what, show) {
    const { steps, [what]: batch, validated, [`validation_${what}`]: held } = frame.arrays;
    const near = (/** @type {ArrayLike<number>} */ xs) => {
      let best = 0;
      for (let i = 1; i < xs.length; i += 1) if (Math.abs(xs[i] - step) < Math.abs(xs[best] - step)) best = i;
      return best;
    };
    const i = near(steps.data);
    /** @type {import("shared/plot.js").Row[]} */
    const rows = steps.data.length ? [[words.batch, show(batch.data[i]), "plain"]] : [];
    if (validated.data.length) rows.push([words.validation, show(held.data[near(validated.data)]), "strong"]);
    return { title: words.stepIs.replace("{step}", String(step)), rows };
  }

  return {
    running: () => frame.meta.status === "running" || frame.meta.status === "queued",
    /** @param {Frame} next @param {Mode} mode */
    update(next, mode) {
      frame = next;
      const { meta, arrays } = next;
      transport.update(meta);
      say.dataset.tone = meta.say.tone;
      kick.textContent = meta.say.kick;
      title.textContent = meta.say.title;
      write(text, meta.say.text);
      write(cause, meta.say.cause);
      cause.hidden = !meta.say.cause;
      if (spoken.textContent !== meta.say.spoken) spoken.textContent = meta.say.spoken;

      const axes = { steps: meta.total, stepsPerEpoch: meta.stepsPerEpoch, changes: arrays.changes.data, axis: words.epochs };
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
      lossChart.update({ ...axes, curves: curves("loss"), top: meta.lossTop, write: (y) => format(y, 1),
        reference: { y: meta.guessLoss, label: words.guessLoss } }, mode);
      accuracyChart.update({ ...axes, curves: curves("accuracy"), top: 1, write: (y) => percent(y, 0),
        reference: { y: 0.1, label: words.guessAccuracy } }, mode);

      matrix.update(arrays.confusion.data, mode, meta.confusionTop);
      mistakes.note.textContent = meta.mistakesNote;
      none.hidden = meta.mistakes.length > 0;
      wrong.forEach(({ whole, caption: line, plate }, i) => {
        const mistake = meta.mistakes[i];
        whole.style.visibility = mistake ? "visible" : "hidden";
        if (!mistake) return;
        line.textContent = mistake.label;
        line.title = mistake.title;
        plate.update(arrays.mistakes.data.subarray(64 * i, 64 * i + 64), mode, 1);
      });

      caption.textContent = meta.digitNote;
      input.update(arrays.image.data, mode, 1);
      bars.forEach(({ bar, value }, i) => {
        const p = arrays.p.data[i];
        bar.style.width = `${Number.isFinite(p) ? 100 * p : 0}%`;
        value.textContent = Number.isFinite(p) ? format(p, 2) : "–";
        bar.parentElement?.parentElement?.classList.toggle("true", i === meta.digitLabel);
      });
      layers.forEach((/** @type {any} */ layer, /** @type {number} */ i) => layer.update(meta.layers[i], arrays, mode));
    },
  };
}
