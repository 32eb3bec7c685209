// What a layer's units let through; and how many are dead after training, against the learning rate: real networks, one for each
// rate; and two of them in a race.
import { between, chip, equal, head as shelfHead, line, sign, total } from "shared/arithmetic.js";
import { colour, css, gradient } from "shared/colours.js";
import { el, fill } from "shared/dom.js";
import { drawKnobs } from "shared/knobs.js";
import { percent, readable } from "shared/numbers.js";
import { makePlot } from "shared/plot.js";

const ACROSS = 10;

/** @param {any} board @param {HTMLElement} host @param {HTMLElement} shelf */
export function makeDying(board, host, shelf) {
  const labels = board.labels;
  const body = el("div", "body"), head = el("b"), units = unitCells(board, ACROSS);
  host.append(el("div", "dying", el("div", "box", el("div", "grid-head", el("b", "", labels.dying_plot)), body),
    el("div", "box units-box", el("div", "grid-head", head), ...units.parts)), el("div", "wait", labels.waiting));
  let at = 0;

  const rates = () => board.arrays.rates?.data ?? [];
  const of = (/** @type {string} */ name, /** @type {string} */ part) => board.arrays[`dying.${name}.${part}`];
  const nearest = (/** @type {number} */ rate) => {
    const far = Array.from(rates(), (/** @type {number} */ r) => Math.abs(Math.log(r / rate)));
    return Math.max(0, far.indexOf(Math.min(...far)));
  };
  const name = () => (board.meta.dying.names.includes(board.state.f) ? board.state.f : board.meta.dying.names[0]);

  const plot = makePlot(body, {
    label: labels.dying_plot, snap: (rate) => rates()[nearest(rate)], moved: (rate) => show(rate === null ? kept() : nearest(rate)),
    chosen: (rate) => board.set("rate", String(+rates()[nearest(rate)].toPrecision(3)), true),
    tell: (rate) => {
      const i = nearest(rate);
      return { title: `${labels.rate_axis} ${+rates()[i].toPrecision(3)}`, rows: [
        ...board.meta.dying.names.map((/** @type {string} */ f) => [
          `${board.fn(f).title}: ${labels.dead_share}`, percent(of(f, "dead").data[i]), f === name() ? "strong" : "plain",
        ]),
        [`${board.fn(name()).title}: ${labels.accuracy}`, percent(of(name(), "accuracy").data[i]), "strong"],
      ] };
    },
  });
  const kept = () => nearest(Number(board.state.rate));

  /** The units of the network that was trained at this rate. @param {number} index */
  function show(index) {
    at = index;
    const open = of(name(), "open"), steps = of(name(), "lasted").data[at], count = open.shape[1];
    const shares = Array.from({ length: count }, (_, i) => open.data[at * count + i]);
    const dead = shares.filter((share) => share === 0).length;
    head.textContent = fill(labels.hidden_units, { steps, rate: +rates()[at].toPrecision(3) });
    const words = (/** @type {number} */ unit) =>
      fill(shares[unit] === 0 ? labels.dead_unit : labels.open_unit, { unit, share: percent(shares[unit]) });
    const all = fill(labels.dead_of, { dead, units: count });
    units.update(shares, shares.map((share) => share === 0), words, all, labels.opens);
    explain(dead, count, steps);
  }

  /** @param {number} dead @param {number} count @param {number} steps */
  function explain(dead, count, steps) {
    const f = board.fn(name()), before = [...of(name(), "start").data].filter((share) => share === 0).length;
    const plain = (/** @type {string} */ text) => chip(text, null);
    const shares = line(
      plain(String(dead)), sign("÷"), plain(String(count)), total(`= ${percent(dead / count)} ${labels.dead_share}`, null),
      el("span", "then", `${labels.before}:`), plain(percent(before / count)),
      el("span", "then", `${labels.accuracy}:`), plain(percent(of(name(), "accuracy").data[at])),
    );
    const lasted = steps >= board.meta.dying.steps, network = `Linear(64, ${count}) → ${f.title} → Linear(${count}, 10), SGD`;
    const more = el("div", "line small", lasted ? network : fill(labels.diverged, { steps }));
    shelf.replaceChildren(shelfHead(f.title, head.textContent ?? "", labels.choose_rate), shares, more);
  }

  return {
    update() {
      const ready = board.meta.dying.names.length > 0;
      host.classList.toggle("empty", !ready);
      host.classList.toggle("waiting", ready && !board.meta.dying.names.includes(board.state.f));
      if (!ready) {
        shelf.replaceChildren();
        return;
      }
      const x = [...rates()], curves = board.meta.dying.names.map((/** @type {string} */ f) => ({
        id: f, x, y: of(f, "dead").data, label: `${board.fn(f).title}: ${labels.dead_share}`, look: f === name() ? "strong" : "plain",
      }));
      plot.update({
        x: { low: x[0], high: x[x.length - 1], log: true, label: labels.rate_axis },
        y: { low: 0, high: 1.02, ticks: [0, 0.25, 0.5, 0.75, 1], write: (v) => percent(v) },
        curves: [...curves, { id: "accuracy", x, y: of(name(), "accuracy").data, label: `${labels.accuracy}`, look: "plain", dash: true }],
        points: x.map((rate, i) => ({ x: rate, y: of(name(), "dead").data[i], look: /** @type {const} */ ("strong") })),
        rules: [{ x: rates()[kept()], look: "accent" }],
      }, board.mode);
      show(kept());
    },
    values() {
      const { names, steps } = board.meta.dying, { rate } = board.state;
      if (!names.length) return { rate, dead: "…", accuracy: "…", steps };
      const share = (/** @type {string} */ part) => percent(of(name(), part).data[kept()]);
      return { rate, dead: share("dead"), accuracy: share("accuracy"), steps };
    },
  };
}

// ---- tanh against sigmoid: two networks, each at its best rate ----

const RACERS = ["sigmoid", "tanh"];

/** @param {any} board @param {HTMLElement} host @param {HTMLElement} shelf */
export function makeRace(board, host, shelf) {
  const { labels } = board, [low, high] = board.meta.ranges.start_seed, count = high - low + 1, laps = board.meta.ranges.lap[1];
  const body = el("div", "body"), note = el("span", "", labels.all_seeds), where = el("span", "where");
  const knobs = el("div", "knobs");
  host.append(el("div", "race walked", el("div", "tools", board.controls, where, knobs),
    el("div", "box", el("div", "grid-head", el("b", "", labels.race_plot), note), body)),
  el("div", "wait", labels.race_waiting));

  /** A racer's losses, lap by lap. @param {string} name @param {number} seed */
  const losses = (name, seed) => Array.from({ length: laps + 1 }, (_, lap) => board.arrays[`race.${name}`].data[seed * (laps + 1) + lap]);
  const step = (/** @type {number} */ lap) => lap * board.meta.race.every;
  const lapOf = (/** @type {number} */ at) => Math.max(0, Math.min(laps, Math.round(at / board.meta.race.every)));
  const plot = makePlot(body, {
    label: labels.race_plot, snap: (at) => step(lapOf(at)), chosen: (at) => board.set("lap", lapOf(at), true),
    tell: (at) => ({ title: `${labels.race_steps} ${step(lapOf(at))}`, rows: RACERS.map((name) => [
      name, readable(losses(name, board.state.start_seed)[lapOf(at)], 3), name === "tanh" ? "strong" : "plain",
    ]) }),
  });

  function drawPlot() {
    const { lap, start_seed: seed } = board.state, x = Array.from({ length: laps + 1 }, (_, i) => step(i));
    const band = (/** @type {string} */ name) => {
      const all = Array.from({ length: count }, (_, i) => losses(name, i));
      const of = (/** @type {(...values: number[]) => number} */ most) => x.map((_, i) => most(...all.map((one) => one[i])));
      return { x, low: of(Math.min), high: of(Math.max), look: /** @type {const} */ ("plain") };
    };
    const bands = RACERS.map(band), top = Math.max(...bands.flatMap(({ high: highest }) => highest));
    plot.update({
      x: { low: 0, high: step(laps), label: labels.race_steps }, y: { low: 0, high: 1.05 * top, label: labels.race_loss }, areas: bands,
      curves: RACERS.flatMap((name) => {
        const y = losses(name, seed), look = /** @type {"strong"|"plain"} */ (name === "tanh" ? "strong" : "plain");
        return [
          { id: `${name}.all`, x, y, label: fill(labels.race_of, { name, rate: board.meta.race.rates[name] }), look, dash: true },
          { id: name, x: x.slice(0, lap + 1), y: y.slice(0, lap + 1), look },
        ];
      }),
      points: RACERS.map((name) => ({ x: step(lap), y: losses(name, seed)[lap], look: /** @type {const} */ ("strong") })),
      rules: [{ x: step(lap), look: "accent" }],
    }, board.mode);
  }

  /** The gap of each seed, and their mean. */
  function explain() {
    const { lap, start_seed: seed } = board.state, { leads } = board.meta.race, [behind, ahead] = RACERS;
    const gap = (/** @type {number} */ i) => losses(behind, i)[lap] - losses(ahead, i)[lap], mean = leads[lap].mean;
    const one = (/** @type {number} */ many) => [
      chip(readable(losses(behind, seed)[lap], many), null, { name: behind }), sign("−"),
      chip(readable(losses(ahead, seed)[lap], many), null, { name: ahead }),
    ];
    const all = (/** @type {number} */ many) => [
      sign("("), ...between(Array.from({ length: count }, (_, i) => chip(readable(gap(i), many), gap(i), { name: String(i) })), "+"),
      sign(") ÷"), chip(String(count), null),
    ];
    const name = (/** @type {string} */ text) => el("span", "line-name", text);
    shelf.replaceChildren(
      shelfHead(`${labels.race_steps} ${step(lap)}`, "", labels.race_help),
      line(name(fill(labels.lead_of_seed, { seed })), ...equal(one, readable(gap(seed), 3), gap(seed), 3)),
      line(name(labels.lead_of_all), ...equal(all, readable(mean, 3), mean, 3), el("span", "then", labels.lead_spread),
        chip(readable(leads[lap].spread, 3), null)),
      el("div", "line small", board.meta.race.network),
    );
  }

  const ready = () => board.meta.race.leads.length > 0;
  return {
    update() {
      const { state } = board;
      host.classList.toggle("empty", !ready());
      if (!ready()) {
        shelf.replaceChildren();
        return;
      }
      where.textContent = fill(labels.step_of, { step: step(state.lap), steps: step(laps) });
      if (knobs.dataset.seed !== String(state.start_seed)) {
        knobs.dataset.seed = String(state.start_seed);
        drawKnobs(knobs, [{ kind: "step", name: "start_seed", label: labels.seed, value: state.start_seed, low, high }], labels,
          { set: (name, value) => board.set(name, value, true), act: () => {} });
      }
      drawPlot();
      explain();
    },
    /** @returns {Record<string, string|number>} */
    values() {
      if (!ready()) return { kind: "waits" };
      const { leads, rates, tried } = board.meta.race, { lap } = board.state, { mean, spread, tied } = leads[lap];
      return {
        kind: tied ? "tied" : "", steps: step(lap), ahead: mean > 0 ? "tanh" : "sigmoid", lead: readable(Math.abs(mean), 3),
        spread: readable(spread, 3), seeds: count, tried, rate_sigmoid: rates.sigmoid, rate_tanh: rates.tanh,
      };
    },
  };
}

/**
 * A layer's units as cells: the darker, the more of a gradient each lets through; hatched where none comes through.
 * @param {any} board @param {number} across how many stand in a row
 */
export function unitCells(board, across) {
  const units = el("div", "units"), note = el("div", "units-note"), legend = el("div", "legend");
  units.style.gridTemplateColumns = `repeat(${across}, 1fr)`;
  units.setAttribute("role", "group");
  /** @type {HTMLElement[]} */
  let cells = [];
  let unit = -1, idle = "";
  /** @type {(unit: number) => string} */
  let tell = () => "";
  const say = () => { note.textContent = unit >= 0 ? tell(unit) : idle; };
  const pick = (/** @type {Event} */ event) => {
    unit = Number(/** @type {HTMLElement} */ (event.target).dataset.unit ?? -1);
    say();
  };
  const leave = () => {
    unit = -1;
    say();
  };
  units.addEventListener("pointerover", pick);
  units.addEventListener("pointerleave", leave);
  units.addEventListener("focusin", pick);
  units.addEventListener("focusout", leave);
  units.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
    if (!by || unit < 0) return;
    event.preventDefault();
    event.stopPropagation();
    cells[Math.max(0, Math.min(cells.length - 1, unit + by))].focus();
  });

  return {
    parts: [units, legend, note],
    /**
     * @param {ArrayLike<number>} shares how much each lets through, 0 to 1
     * @param {ArrayLike<boolean>} dead
     * @param {(unit: number) => string} words
     * @param {string} all what is said of all of them
     * @param {string} meaning what the colour means
     */
    update(shares, dead, words, all, meaning) {
      if (cells.length !== shares.length) {
        cells = Array.from({ length: shares.length }, (_, i) => {
          const cell = el("i", "unit");
          cell.dataset.unit = String(i);
          cell.setAttribute("role", "img");
          cell.tabIndex = i ? -1 : 0;
          return cell;
        });
        units.replaceChildren(...cells);
      }
      [tell, idle] = [words, all];
      cells.forEach((cell, i) => {
        cell.classList.toggle("dead", dead[i]);
        cell.style.background = dead[i] ? "" : css(colour(shares[i], 1, "sequential", board.mode));
        cell.setAttribute("aria-label", words(i));
      });
      const ramp = el("i");
      ramp.style.background = gradient("sequential", board.mode);
      legend.replaceChildren(el("i", "unit dead"), "0", ramp, "100 %", el("span", "", meaning));
      say();
    },
  };
}

/** A share as a bar with its number. @param {string} label */
export function meter(label) {
  const fill = el("i"), value = el("b"), row = el("div", "meter", value, el("span", "", label), el("u", "", fill));
  return {
    row,
    /** @param {number} share */
    set(share) {
      value.textContent = percent(share);
      fill.style.width = `${100 * share}%`;
    },
  };
}
