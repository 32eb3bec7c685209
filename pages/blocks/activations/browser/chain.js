// Many of them, one behind the other: values forward, slopes, and the gradient that is left on the way back.
import { between, chip, equal, head, sign, total } from "shared/arithmetic.js";
import { colour, css, gradient, inkOn } from "shared/colours.js";
import { el, fill } from "shared/dom.js";
import { settle } from "shared/equation.js";
import { bracketed, readable, sub, sup } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";
import { numberCell } from "./own.js";

const LOWEST = 1e-20;
/** So many links are written out; of more than WRITTEN, small. */
const MOST = 14, WRITTEN = 8;
const SHOWN = 12;

/** @param {any} board @param {HTMLElement} host @param {HTMLElement} shelf */
export function makeChain(board, host, shelf) {
  const labels = board.labels;
  const knobs = [
    numberCell(board, { name: "start", label: `${labels.start} a₀`, step: 0.1 }),
    numberCell(board, { name: "chain_weight", label: `${labels.weight} w`, step: 0.1 }),
    numberCell(board, { name: "links", label: labels.links, step: 1, decimals: 0 }),
  ];
  const legends = el("div", "legends"), rows = el("div", "chain-rows"), body = el("div", "body");
  rows.tabIndex = 0;
  rows.setAttribute("role", "group");
  rows.setAttribute("aria-label", labels["scene-chain"]);
  const box = el("div", "box", el("div", "grid-head", el("b", "", labels.chain_plot)), body);
  host.append(el("div", "chain", el("div", "knob-row", ...knobs.map((knob) => knob.element), legends), rows, box));
  /** @type {{a: number[], slopes: number[], gradients: number[], bound: number[], low: number[], high: number[]}} */
  let found = { a: [], slopes: [], gradients: [], bound: [], low: [], high: [] };

  const plot = makePlot(body, {
    label: labels.chain_plot, snap: Math.round, moved: (l) => { if (l !== null) go(l); },
    tell: (l) => ({
      title: `da${sub(board.state.links)}/da${sub(l)}`,
      rows: [
        [labels.this_chain, readable(Math.abs(found.gradients[l]), 4), "strong"], [labels.bound, readable(found.bound[l], 4), "plain"],
      ],
    }),
    drag: (_id, place) => board.set("links", Math.max(1, Math.round(place.x)), false),
    drop: (_id, place) => board.set("links", Math.max(1, Math.round(place.x)), true),
  });

  /** @param {number} link */
  function go(link) {
    const at = Math.max(0, Math.min(board.state.links - 1, link));
    board.state.link = at;
    for (const cell of /** @type {NodeListOf<HTMLElement>} */ (rows.querySelectorAll("[data-link]"))) {
      cell.classList.toggle("on", Number(cell.dataset.link) >= at);
    }
    for (const cell of rows.querySelectorAll(".here")) cell.classList.remove("here");
    rows.querySelector(`[data-gradient="${at}"]`)?.classList.add("here");
    explain();
  }

  /** The chain's numbers for the chosen start: columns of what the engine computed for all starts. */
  function read() {
    const { starts, "chain.a": a, "chain.slopes": slopes } = board.arrays, length = board.state.links, w = board.state.chain_weight;
    const count = starts.data.length, span = starts.data[count - 1] - starts.data[0];
    const column = (/** @type {number} */ start) => (
      Math.max(0, Math.min(count - 1, Math.round(((start - starts.data[0]) / span) * (count - 1))))
    );
    const slope = (/** @type {number} */ l, /** @type {number} */ k) => slopes.data[l * count + k];
    const backwards = (/** @type {number} */ k) => {
      const made = new Array(length + 1).fill(1);
      for (let l = length - 1; l >= 0; l -= 1) made[l] = made[l + 1] * w * slope(l, k);
      return made;
    };
    const here = column(board.state.start), all = Array.from({ length: count }, (_, k) => backwards(k).map(Math.abs));
    found = {
      a: Array.from({ length: length + 1 }, (_, l) => a.data[l * count + here]),
      slopes: Array.from({ length }, (_, l) => slope(l, here)),
      gradients: backwards(here),
      bound: Array.from({ length: length + 1 }, (_, l) => board.meta.chain.bound ** (length - l)),
      low: Array.from({ length: length + 1 }, (_, l) => Math.min(...all.map((one) => one[l]))),
      high: Array.from({ length: length + 1 }, (_, l) => Math.max(...all.map((one) => one[l]))),
    };
  }

  function cellOf(value, limit, ramp, dataset = {}, text = true) {
    const cell = el("span", "cell"), rgb = colour(value, limit, ramp, board.mode);
    cell.style.background = css(rgb);
    cell.style.color = inkOn(rgb);
    if (text) cell.textContent = readable(value);
    cell.title = readable(value, 6);
    Object.assign(cell.dataset, dataset);
    return cell;
  }

  function drawRows() {
    const length = board.state.links, text = length <= SHOWN, f = board.chosen;
    const most = Math.max(1, ...found.a.map(Math.abs)), top = Math.max(1, ...found.slopes.map(Math.abs));
    const lowest = Math.log10(LOWEST);
    const label = (/** @type {string} */ name, /** @type {string} */ note) => el("span", "row-label", el("b", "", name), note);
    // A gradient's colour is its power of ten: full at 1, none at 10⁻²⁰.
    const depth = (/** @type {number} */ g) => Math.sign(g) * Math.max(0, Math.min(1, 1 - Math.log10(Math.abs(g) || LOWEST) / lowest));
    const values = found.a.map((value, l) => cellOf(value, most, "diverging", { link: l }, text));
    const slopes = found.slopes.map((value, l) => cellOf(value, top, "sequential", { link: l }, text));
    const gradients = found.gradients.map((value, l) => {
      const cell = cellOf(depth(value), 1, "diverging", { gradient: String(l), link: l }, false);
      const tiny = Math.abs(value) < 0.01 && value !== 0;
      if (text) cell.textContent = tiny ? readable(value, 1).replace(/(\d)\.\d·/, "$1·") : readable(value);
      cell.title = `da${sub(length)}/da${sub(l)} = ${readable(value, 6)}`;
      cell.classList.add("gradient");
      return cell;
    });
    rows.style.setProperty("--count", String(length + 1));
    rows.classList.toggle("tiny", !text);
    const gap = () => el("span", "gap");
    /** @param {string} name @param {string} from @param {string} to @param {"diverging"|"sequential"} ramp */
    const legend = (name, from, to, ramp) => {
      const bar = el("i");
      bar.style.background = gradient(ramp, board.mode);
      return el("div", "legend", el("b", "", name), from, bar, to);
    };
    legends.replaceChildren(
      legend(labels.values_row, `−${readable(most)}`, `+${readable(most)}`, "diverging"),
      legend(labels.slopes_row, "0", readable(top), "sequential"),
      legend(labels.gradients_row, "−1", "+1", "diverging"),
      el("div", "legend", labels.powers_help),
    );
    rows.replaceChildren(
      label(labels.values_row, labels.forward_arrow), ...values.flatMap((cell, l) => (l ? [gap(), cell] : [cell])),
      label(`${labels.slopes_row} ${f.symbol}′`, ""), gap(), ...slopes.flatMap((cell) => [gap(), cell]),
      label(labels.gradients_row, labels.backward_arrow), ...gradients.flatMap((cell, l) => (l ? [gap(), cell] : [cell])),
    );
  }

  function explain() {
    const { chain_weight: w, links: length, link: at } = board.state, slopes = found.slopes.slice(at), g = found.gradients[at];
    const line = el("div", `line${slopes.length > WRITTEN ? " small" : ""}`, sign(`da${sub(length)}/da${sub(at)} =`));
    const link = (/** @type {number} */ slope, /** @type {number} */ digits) => {
      const own = bracketed(readable(slope, digits));
      return chip(w === 1 ? own : `${bracketed(readable(w, digits - 1))}·${own}`, Math.sign(w * slope));
    };
    const links = (/** @type {number} */ digits) => [
      ...between(slopes.slice(0, MOST).map((slope) => link(slope, digits)), "×"),
      ...(slopes.length > MOST ? [sign(`× … (${slopes.length - MOST})`)] : []),
    ];
    line.append(...equal(links, readable(g, 4), Math.sign(g), 3));
    const { bound } = board.meta.chain, least = readable(bound ** slopes.length, 4);
    const power = (/** @type {number} */ digits) => `${readable(bound, digits)}${sup(slopes.length)}`;
    const { digits, sign: is } = settle(power, least, 2), says = fill(labels.bound_says, { bound: readable(bound) });
    const below = el(
      "div", "line small", sign(says), sign(`→ ${power(digits)} ${is}`), total(least, null),
    );
    const product = fill(labels.product, { count: slopes.length });
    shelf.replaceChildren(head(`da${sub(length)}/da${sub(at)}`, product, ""), line, below);
  }

  rows.addEventListener("pointerover", (event) => {
    const cell = /** @type {HTMLElement} */ (event.target).closest?.("[data-link]");
    if (cell) {
      go(Number(/** @type {HTMLElement} */ (cell).dataset.link));
      plot.cursor(board.state.link);
    }
  });
  rows.addEventListener("pointerleave", () => plot.cursor(null));
  rows.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    go(board.state.link + by);
  });

  return {
    update() {
      const length = board.state.links, { name, weight, bound } = board.meta.chain;
      host.classList.toggle("waiting", name !== board.state.f || weight !== board.state.chain_weight);
      read();
      for (const knob of knobs) knob.update();
      drawRows();
      const steps = Array.from({ length: length + 1 }, (_, l) => l);
      const floor = (/** @type {number[]} */ values) => values.map((v) => Math.max(LOWEST / 10, Math.abs(v)));
      const all = [...found.low, ...found.bound, ...found.gradients].map(Math.abs).filter((v) => v > LOWEST);
      const largest = Math.max(1, ...found.bound, ...found.high), gradients = floor(found.gradients), later = Math.ceil(length * 0.55);
      const middle = Math.sqrt(found.bound[Math.floor(length / 2)] * found.bound[Math.ceil(length / 2)]);
      const words = { bare: true, look: /** @type {const} */ ("plain") };
      const low = 10 ** Math.floor(Math.log10(Math.min(0.1, ...all)) - 0.2);
      plot.update({
        x: { low: 0, high: length, label: labels.chain_axis, ticks: steps.filter((l) => length <= 15 || l % 5 === 0) },
        y: { low, high: 10 ** Math.ceil(Math.log10(largest) + 0.1), log: true, label: labels.gradient_axis },
        areas: [{ x: steps, low: floor(found.low), high: floor(found.high), look: "plain" }],
        curves: [
          { id: "bound", x: steps, y: found.bound, look: "plain", dash: true },
          { id: "chain", x: steps, y: gradients, look: "strong" },
        ],
        points: [
          ...steps.map((l) => ({ x: l, y: gradients[l], look: /** @type {const} */ ("strong") })),
          { ...words, x: length / 2, y: middle, at: "nw", label: fill(labels.bound_line, { share: readable(bound) }) },
          { ...words, x: later, y: Math.max(low, gradients[later]), at: "se", look: "strong", label: labels.this_chain },
          { ...words, x: 0, y: Math.max(low, found.low[0]), at: "ne", label: labels.every_start },
        ],
        handles: [{
          id: "links", words: "left", x: length, y: 1, along: "x", label: labels.drag_length, text: `${length} ${labels.links}`,
          step: 1, x_range: [1, board.meta.ranges.links[1]],
        }],
      }, board.mode);
      go(board.state.link);
    },
    values() {
      const f = board.chosen, length = board.state.links;
      return {
        kind: board.meta.chain.bound < 0.999 ? "" : board.meta.chain.bound > 1.001 ? "grows" : "holds",
        links: length, left: readable(Math.abs(found.gradients[0]), 3), bound: readable(found.bound[0], 3),
        steepest: readable(f.facts.steepest), share: readable(board.meta.chain.bound), weight: readable(board.state.chain_weight),
      };
    },
  };
}
