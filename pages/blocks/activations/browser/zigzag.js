// Two weights on their way to the goal, once with inputs that are all positive, once with centred ones.
import { el } from "shared/dom.js";
import { format } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";
import { drawKnobs } from "shared/knobs.js";
import { drawTransport } from "shared/transport.js";
import { chip, factor, percent, shelfHead, sign, total } from "./words.js";

const PACE = [600, 260, 110], CALM = 1000;
const WINDOW = { x: { low: -0.5, high: 1.9 }, y: { low: -1.9, high: 0.5 } };
const KINDS = ["positive", "centred"];
const RATES = ["0.1", "0.2", "0.4", "0.7"];

/** @param {any} board @param {HTMLElement} host @param {HTMLElement} shelf */
export function makeZigzag(board, host, shelf) {
  const labels = board.meta.labels, steps = board.meta.ranges.step[1];
  const panels = KINDS.map((kind) => {
    const note = el("span"), body = el("div", "body square");
    return { kind, note, body, whole: el("div", "box", el("div", "grid-head", el("b", "", labels[kind === "centred" ? "centred_inputs" : kind])), body, el("div", "panel-note", note)) };
  });
  const slider = /** @type {HTMLInputElement} */ (el("input"));
  Object.assign(slider, { type: "range", min: "0", max: String(steps), step: "1" });
  slider.setAttribute("aria-label", labels.way);
  const where = el("span", "where"), knobs = el("div", "knobs");
  const player = {
    meta: board.meta, root: board.root, controls: el("div", "controls"), playing: 0, speed: 1,
    step: (/** @type {number} */ by) => { stop(); go(board.now.step + by, true); },
    play: () => (player.playing ? stop() : start()),
    stop_: () => stop(),
  };
  host.append(el("div", "zigzag", el("div", "tools", player.controls, slider, where, knobs), el("div", "panels", panels.map((panel) => panel.whole))));
  const plots = panels.map((panel) => makePlot(panel.body, { label: `${labels.way}: ${labels[panel.kind === "centred" ? "centred_inputs" : panel.kind]}`, reads: false, margin: { right: 1 } }));

  /** @param {number} step @param {boolean} rested */
  function go(step, rested) { board.set("step", Math.max(0, Math.min(steps, step)), rested); }
  function start() {
    if (board.now.step >= steps) board.set("step", 0, false);
    player.playing = window.setInterval(() => {
      if (board.now.step >= steps) stop();
      else go(board.now.step + 1, false);
    }, board.still ? CALM : PACE[player.speed]);
    drawTransport(player);
  }
  function stop() {
    if (!player.playing) return;
    clearInterval(player.playing);
    player.playing = 0;
    drawTransport(player);
    board.tell();
  }
  slider.addEventListener("input", () => { stop(); go(Number(slider.value), false); });
  slider.addEventListener("change", () => board.tell());
  drawTransport(player);

  /** @param {string} kind @param {string} part */
  const array = (kind, part) => board.arrays[`${kind}.${part}`];

  /** @param {string} kind */
  function drawing(kind) {
    const { now } = board, w = array(kind, "w").data, rings = array(kind, "contours"), goal = board.meta.walks[kind].goal;
    const points = rings.shape[1], step = now.step, here = { x: w[2 * step], y: w[2 * step + 1] };
    const ring = (/** @type {number} */ r) => ({
      x: Array.from({ length: points }, (_, i) => rings.data[2 * (r * points + i)]), y: Array.from({ length: points }, (_, i) => rings.data[2 * (r * points + i) + 1]), look: /** @type {const} */ ("faint"),
    });
    const way = { id: "way", x: Array.from({ length: step + 1 }, (_, i) => w[2 * i]), y: Array.from({ length: step + 1 }, (_, i) => w[2 * i + 1]), look: /** @type {const} */ ("strong") };
    const both = kind === "positive" && step < steps
      ? [{ x: [here.x, WINDOW.x.high], low: [here.y, here.y], high: [WINDOW.y.high, WINDOW.y.high], look: /** @type {const} */ ("plain") },
        { x: [WINDOW.x.low, here.x], low: [WINDOW.y.low, WINDOW.y.low], high: [here.y, here.y], look: /** @type {const} */ ("plain") }]
      : [];
    const next = step < steps ? [{ id: "next", x: [here.x, w[2 * step + 2]], y: [here.y, w[2 * step + 3]], look: /** @type {const} */ ("accent") }] : [];
    return {
      x: { ...WINDOW.x, label: labels.w1 }, y: { ...WINDOW.y, label: labels.w2 }, areas: both,
      curves: [...Array.from({ length: rings.shape[0] }, (_, r) => ring(r)), way, ...next],
      points: [
        ...(both.length ? [{ x: WINDOW.x.high - 0.3, y: WINDOW.y.high - 0.1, label: labels.allowed }, { x: WINDOW.x.low + 0.35, y: WINDOW.y.low + 0.1, label: labels.allowed_down }] : []).map((words) => ({ ...words, bare: true, at: /** @type {const} */ ("c"), look: /** @type {const} */ ("plain") })),
        { x: goal[0], y: goal[1], label: labels.goal, look: /** @type {const} */ ("plain"), open: true }, { ...here, look: /** @type {const} */ ("strong"), label: step ? "" : labels.you_are },
      ],
    };
  }

  function explain() {
    const { step } = board.now, lines = KINDS.map((kind) => {
      if (step >= steps) return el("div", "line");
      const x = array(kind, "x").data, dz = array(kind, "dz").data[step], dw = array(kind, "dw").data;
      const parts = [0, 1].flatMap((i) => [sign(`dw${"₁₂"[i]} = dz·x${"₁₂"[i]} =`), chip(`${factor(dz)} × ${factor(x[2 * step + i])}`, dw[2 * step + i]), total(dw[2 * step + i])]);
      return el("div", "line", el("span", "line-name", labels[`short-${kind}`]), ...parts);
    });
    shelf.replaceChildren(shelfHead(labels.step_of.replace("{step}", String(Math.min(step + 1, steps))).replace("{steps}", String(steps)), "w ← w − η · dw", ""), ...lines);
  }

  return {
    pause: stop,
    leave: stop,
    /** @param {string} key */
    key(key) {
      if (key === "ArrowRight") player.step(1);
      else if (key === "ArrowLeft") player.step(-1);
      else if (key === " ") player.play();
      else return false;
      return true;
    },
    update() {
      const { now, meta } = board;
      player.meta = meta;
      slider.value = String(now.step);
      where.textContent = labels.step_of.replace("{step}", String(now.step)).replace("{steps}", String(steps));
      const state = `${now.lr} ${now.seed}`;
      if (knobs.dataset.state !== state) {
        knobs.dataset.state = state;
        drawKnobs(knobs, [
          { kind: "choice", name: "lr", label: labels.rate, value: now.lr, options: RATES.map((rate) => /** @type {[string, string]} */ ([rate, rate])) },
          { kind: "step", name: "seed", label: labels.seed, value: now.seed, low: 0, high: board.meta.ranges.seed[1] },
        ], labels, { set: (name, value) => board.set(name, value, true), act: () => {} });
      }
      panels.forEach((panel, i) => {
        plots[i].update(drawing(panel.kind), board.mode);
        const { arrival, same_sign } = meta.walks[panel.kind], far = array(panel.kind, "distance").data[now.step];
        const end = arrival !== null && now.step >= arrival ? labels.arrived.replace("{step}", String(arrival)) : labels.distance.replace("{distance}", format(far, 2));
        panel.note.textContent = `${end} · ${labels.same_sign.replace("{share}", percent(same_sign))}`;
      });
      explain();
    },
    values() {
      const { walks } = board.meta, arrival = (/** @type {string} */ kind) => walks[kind].arrival ?? `> ${steps}`;
      return { positive: arrival("positive"), centred: arrival("centred"), share: percent(walks.positive.same_sign) };
    },
  };
}
