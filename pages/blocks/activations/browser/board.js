// Activations: one row of curves, and scenes that show what the chosen one does, or how some learn.
import { Board, boardOf } from "shared/board.js";
import { button, el, markup } from "shared/dom.js";
import { percent } from "shared/numbers.js";
import { makeChain } from "./chain.js";
import { makeCrowd } from "./crowd.js";
import { factsOf, makeCompare, makeGallery } from "./curves.js";
import { makeDying, makeRace } from "./dying.js";
import { makeLearned, numberCell, reshape, SETTINGS } from "./own.js";
import { makeZigzag } from "./zigzag.js";

/**
 * What one of the scenes is to the board.
 * @typedef {Object} Scene
 * @property {() => void} update the state changed: write it everywhere
 * @property {() => Record<string, string|number>} values what the scene's sentence may name
 */

/** @type {Record<string, (board: any, host: HTMLElement, shelf: HTMLElement) => Scene>} */
const SCENES = {
  crowd: makeCrowd, compare: makeCompare, chain: makeChain, zigzag: makeZigzag, race: makeRace, learned: makeLearned, dying: makeDying,
};
/** The control that counts the steps of a scene that is walked. @type {Record<string, string>} */
const WALKED = { zigzag: "step", race: "lap", learned: "fit_step" };
/** What is computed there, where it isn't the chosen activation alone. @type {Record<string, string[]>} */
const FORMULAS = {
  zigzag: ["dw<sub>1</sub> = dz·x<sub>1</sub>, dw<sub>2</sub> = dz·x<sub>2</sub>", "w ← w − η·dw"],
  race: ["dx = dy·f′(x)", "dw = dz·x", "w ← w − η·dw"],
  learned: ["y = max(0, x) + w·min(0, x)", "dw = Σ dy·min(0, x)", "w ← w − η·dw"],
};
const PACE = [600, 260, 110], CALM = 1000;

class Activations extends Board {
  /** @param {HTMLElement} host @param {ShadowRoot} root */
  constructor(host, root) {
    super(host, root);
    /** Tables of curves that are being bent. @type {Record<string, any>} */
    this.reshaped = {};
    /** @type {Scene|null} */
    this.scene = null;
    /** The name of the scene that stands, and for which words, hall and width all was drawn. */
    this.shown = this.drawnFor = "";
    /** @type {ReturnType<typeof makeGallery>|null} */
    this.gallery = null;
    /** @type {ReturnType<typeof makeSay>|null} */
    this.say = null;
    this.row = el("div", "gallery");
    this.tabs = el("div", "scene-tabs");
    this.tabs.setAttribute("role", "tablist");
    this.tabs.addEventListener("keydown", (event) => this.turnTab(event));
    host.replaceChildren(this.row, this.tabs, el("div", "bench", this.words, el("div", "right", this.pictures, this.shelf)));
  }

  /** @param {Uint8Array} data @param {import("shared/board.js").Trigger} trigger */
  receive(data, trigger) {
    super.receive(data, trigger);
    this.host.dataset.settled = String(!this.waits);
  }

  /** What the page asks for stands, and doesn't walk on. @param {Record<string, any>} state */
  take(state) {
    super.stop_();
    super.take(state);
  }

  tellState() {
    super.tellState();
    this.host.dataset.settled = "false";
  }

  // ---- what scenes ask ----

  /** @param {string} name */
  fn(name) { return this.meta.functions.find((/** @type {any} */ f) => f.name === name); }

  get chosen() { return this.fn(this.state.f); }

  /** The table of a curve: x, y and slope. @param {string} name */
  table(name) {
    const own = this.reshaped[name], { arrays } = this;
    return { x: arrays.x.data, y: own?.y ?? arrays[`${name}.y`].data, slope: own?.slope ?? arrays[`${name}.slope`].data };
  }

  /** Where x stands in the tables. @param {number} x */
  indexOf(x) {
    const { per_one, edge } = this.meta.crowd, end = Math.round(edge * per_one);
    return end + Math.max(-end, Math.min(end, Math.round(x * per_one)));
  }

  /** The nearest x of the tables. @param {number} x */
  snap(x) { return this.arrays.x.data[this.indexOf(x)]; }

  pinned() { return String(this.state.with).split("~").filter((name) => name && name !== this.state.f && this.fn(name)); }

  /** Lay a curve beside, or take it away. @param {string} name */
  pin(name) {
    const pinned = this.pinned();
    this.set("with", (pinned.includes(name) ? pinned.filter((other) => other !== name) : [...pinned, name]).join("~"), true);
  }

  /** @param {string} name a control @param {any} value @param {boolean} rested whether to tell the page */
  set(name, value, rested) {
    this.state[name] = value;
    for (const f of this.meta.functions) {
      if (f.shaped_by.includes(name)) this.reshaped[f.name] = reshape(f.name, this.settings(), this.arrays.x.data);
    }
    if (name === "f" || name === "at") this.stop_();
    this.update();
    if (rested) this.tellNow();
  }

  /** What was let go is told at once: the engine's answer is waited for. */
  tellNow() {
    this.tell();
    this.resting.now();
  }

  /** @returns {Record<string, number>} */
  settings() { return Object.fromEntries(this.meta.settings.map((/** @type {string} */ name) => [name, this.state[name]])); }

  // ---- drawing ----

  /** The row of curves, the scenes' tabs and the column of words: anew for other words, another hall or another width. */
  draw() {
    const wanted = JSON.stringify([this.labels, this.meta.present, this.narrow]);
    if (wanted === this.drawnFor) return;
    this.drawnFor = wanted;
    this.shown = "";
    this.gallery = makeGallery(this, this.row);
    this.say = makeSay(this);
    this.tabs.setAttribute("aria-label", this.labels.scenes);
    this.tabs.replaceChildren(...Object.keys(SCENES).map((name, i) => {
      const words = el("span", "", this.labels[`scene-${name}`]);
      const tab = button("scene-tab", "", () => this.set("at", name, true), el("i", "", String(i + 1)), words);
      tab.setAttribute("role", "tab");
      tab.dataset.scene = name;
      return tab;
    }));
  }

  /** @returns {HTMLElement[]} */
  get tabList() { return /** @type {HTMLElement[]} */ ([...this.tabs.children]); }

  /** @param {KeyboardEvent} event */
  turnTab(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const names = Object.keys(SCENES), next = (names.indexOf(this.state.at) + by + names.length) % names.length;
    this.set("at", names[next], true);
    this.tabList[next].focus();
  }

  update() {
    const { state, meta } = this;
    // Once the engine's own curves are there, no other is needed.
    if (meta.settings.every((/** @type {string} */ name) => meta.state[name] === state[name])) this.reshaped = {};
    this.gallery?.update();
    for (const tab of this.tabList) {
      const here = tab.dataset.scene === state.at;
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here ? 0 : -1;
    }
    if (this.shown !== state.at) {
      this.shown = state.at;
      this.pictures.replaceChildren();
      // The scene before may have been left while it waited.
      this.pictures.className = "picture";
      this.pictures.dataset.scene = state.at;
      this.scene = SCENES[state.at](this, this.pictures, this.shelf);
    }
    this.scene?.update();
    this.say?.update(this.scene?.values() ?? {});
    this.keys?.update();
  }

  // ---- walking: steps of learning ----

  get walked() { return WALKED[this.state.at] ?? ""; }
  get walking() { return this.walked !== ""; }
  get at() { return this.state[this.walked]; }
  get last() { return this.meta.ranges[this.walked][1]; }

  /** @param {number} at */
  go(at) { this.set(this.walked, Math.max(0, Math.min(this.last, at)), !this.playing); }

  /** @param {number} by */
  step(by) {
    this.stop_();
    this.go(this.at + by);
  }

  /** With reduced motion it is played too, only calmly: nothing moves between two steps. */
  play() {
    if (this.at >= this.last) this.set(this.walked, 0, false);
    this.playing = true;
    const pace = this.still ? CALM : PACE[this.speed];
    this.timer = window.setInterval(() => (this.at >= this.last ? this.stop_() : this.go(this.at + 1)), pace);
    this.drawControls();
  }

  stop_() {
    const { playing } = this;
    super.stop_();
    if (playing) this.tellNow();
  }

  /** @param {HTMLElement} at */
  keysAt(at) { return this.walking ? super.keysAt(at) : []; }

  /** @param {KeyboardEvent} event */
  pressed(event) { return this.walking && super.pressed(event); }
}

/** The column of words: the scene's question, its sentence with the learner's numbers, the formula and the facts. @param {any} board */
function makeSay(board) {
  const labels = board.labels;
  const tabs = el("div", "tabs"), pane = el("div", "pane"), own = el("div", "own");
  board.words.replaceChildren(board.kicker, board.heading, board.sentence, own, tabs, pane);
  tabs.setAttribute("role", "tablist");
  let shown = "";
  /** @type {ReturnType<typeof numberCell>[]} */
  let cells = [];
  for (const kind of ["formula", "facts"]) {
    const choose = button("", "", () => board.set("pane", kind, true), labels[kind]);
    choose.setAttribute("role", "tab");
    choose.dataset.kind = kind;
    tabs.append(choose);
  }

  function drawPane() {
    for (const choose of /** @type {HTMLElement[]} */ ([...tabs.children])) {
      choose.setAttribute("aria-selected", String(choose.dataset.kind === board.state.pane));
    }
    const f = board.chosen, formulas = FORMULAS[board.state.at];
    const key = `${board.state.pane} ${formulas} ${`dying.${f.name}.dead` in board.arrays} ${JSON.stringify(f)}`;
    tabs.hidden = Boolean(formulas);
    if (key === shown) return;
    shown = key;
    if (formulas) {
      pane.replaceChildren(el("div", "formula", ...formulas.map((text) => markup("div", "", text))));
    } else if (board.state.pane === "formula") {
      const slope = f.name === "maxout" ? `<span class="words">${labels.winning}</span>` : f.slope;
      const lines = [`${f.symbol}(x) = ${f.formula}`, `${f.symbol}′(x) = ${slope}`];
      pane.replaceChildren(el("div", "formula", ...lines.map((text) => markup("div", "", text))));
    } else {
      const most = board.arrays[`dying.${f.name}.dead`];
      const found = most ? [[labels.dead_most, percent(Math.max(...most.data)), labels.dead_most_help]] : [];
      pane.replaceChildren(el("dl", "facts", [...factsOf(f, labels), ...found].flatMap(([name, value, help]) => {
        const term = el("dt", "", name);
        if (help) term.title = help;
        return [term, el("dd", "", value)];
      })));
    }
  }

  function drawSettings() {
    /** @type {{name: string, label: string, step: number}[]} */
    const wanted = board.state.at === "learned"
      ? [{ name: "weight", label: labels.start_slope, step: 0.05 }, { name: "aim", label: labels.aim, step: 0.05 }]
      : board.chosen.shaped_by.map((/** @type {string} */ name) => ({ name, label: SETTINGS[name][0], step: SETTINGS[name][1] }));
    const names = wanted.map(({ label }) => label).join();
    if (own.dataset.names !== names) {
      own.dataset.names = names;
      cells = wanted.map((one) => numberCell(board, one));
      own.replaceChildren(...cells.map((cell) => cell.element));
    }
    for (const cell of cells) cell.update();
    own.hidden = !cells.length || ["zigzag", "race"].includes(board.state.at);
  }

  return {
    /** @param {Record<string, string|number>} values */
    update(values) {
      const scene = `scene-${board.state.at}`;
      board.kicker.textContent = labels[scene];
      board.speak(`${scene}${values.kind ? `-${values.kind}` : ""}`, { name: board.chosen.title, ...values });
      drawSettings();
      drawPane();
    },
  };
}

export default boardOf(Activations);
