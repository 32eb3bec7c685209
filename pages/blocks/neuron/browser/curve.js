// The activation: the step, and the soft one in its place, with the sums of the four corners standing on it.
import { el } from "shared/dom.js";
import { clamp } from "shared/drag.js";
import { format, short } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";
import { activate } from "./unit.js";

const SPAN = 6, POINTS = 240;
const ZS = Array.from({ length: POINTS + 1 }, (_, i) => -SPAN + (2 * SPAN * i) / POINTS);
const STEP = { x: [-SPAN, 0, 0, SPAN], y: [0, 0, 1, 1] };

export class Curve {
  /** @param {import("shared/scenes.js").Shell} shell */
  constructor(shell) {
    const { labels } = shell;
    this.shell = shell;
    /** @type {number|null} */
    this.steepness = null;
    this.host = el("div", "curve");
    this.root = el("div", "curve-box", el("div", "grid-head", el("b", "", labels.curve), el("span", "", labels.curve_note)), this.host);
    this.plot = makePlot(this.host, {
      label: labels.curve, margin: { right: 0.8 },
      tell: (z) => ({ title: `z = ${short(z)}`, rows: [["y", format(activate(z, this.steepness), 3), "strong"]] }),
    });
  }

  /**
   * @param {number|null} steepness
   * @param {{z: number, name: string}[]} corners
   * @param {number|null} pointed a sum that isn't a corner's
   */
  draw(steepness, corners, pointed) {
    this.steepness = steepness;
    // Corners with the same sum share one dot.
    const names = new Map();
    for (const { z, name } of corners) names.set(z, [...(names.get(z) ?? []), name]);
    const point = (z, label, look) => ({ x: clamp(z, -SPAN, SPAN), y: activate(z, steepness), label, look });
    const curve = steepness === null ? STEP : { x: ZS, y: ZS.map((z) => activate(z, steepness)), id: "activation" };
    const there = pointed === null ? [] : [point(pointed, "", "accent")];
    this.plot.update({
      x: { low: -SPAN, high: SPAN, label: "z", ticks: [-6, -4, -2, 0, 2, 4, 6] },
      y: { low: -0.08, high: 1.12, label: "y", ticks: [0, 0.5, 1] },
      curves: [{ ...STEP, look: "faint", dash: true }, curve],
      points: [...[...names].map(([z, group]) => point(z, group.join(", "), "plain")), ...there],
    }, this.shell.mode);
  }
}
