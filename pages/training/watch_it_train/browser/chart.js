// A chart of curves over training steps. Its axes stand still while the curves grow.
import { makePlot } from "shared/plot.js";

/** @typedef {import("shared/colours.js").Mode} Mode */
/**
 * @typedef {object} Drawing
 * @property {import("shared/plot_marks.js").Curve[]} curves  the last one's newest point is marked
 * @property {number} steps            the right end of the axis
 * @property {number} stepsPerEpoch
 * @property {number} top              the upper end of the axis
 * @property {{y: number, label: string}} reference  what guessing would give
 * @property {ArrayLike<number>} changes  steps at which the learning rate was changed
 * @property {(y: number) => string} write
 * @property {string} axis
 */

const EVERY = [1, 2, 5, 10, 20, 50, 100, 200], MOST_TICKS = 6;

/**
 * @param {HTMLElement} host
 * @param {string} label
 * @param {(step: number) => {title: string, rows: import("shared/plot.js").Row[]}} tell  the words for a step
 */
export function makeChart(host, label, tell) {
  let last = 0;
  const plot = makePlot(host, {
    label,
    tell: (step) => (last ? tell(step) : null),
    snap: (step) => Math.max(1, Math.min(last, Math.round(step))),
    margin: { bottom: 2.2 },
  });
  return {
    /** @param {Drawing} drawing @param {Mode} mode */
    update({ curves, steps, stepsPerEpoch, top, reference, changes, write, axis }, mode) {
      const [batches] = curves, shown = curves[curves.length - 1], newest = shown.x.length - 1;
      last = batches.x.length ? batches.x[batches.x.length - 1] : 0;
      const epochs = steps / stepsPerEpoch, every = EVERY.find((n) => epochs / n <= MOST_TICKS) ?? epochs;
      plot.update({
        x: {
          low: 0, high: steps, label: axis, write: (step) => String(Math.round(step / stepsPerEpoch)),
          ticks: Array.from({ length: Math.floor(epochs / every) + 1 }, (_, i) => i * every * stepsPerEpoch),
        },
        y: { low: 0, high: top, write },
        curves,
        rules: [{ ...reference, dash: true }, ...Array.from(changes, (x) => ({ x, look: /** @type {const} */ ("accent"), dash: true }))],
        points: Number.isFinite(shown.y[newest]) ? [{ x: shown.x[newest], y: Math.min(top, shown.y[newest]) }] : [],
      }, mode);
    },
  };
}
