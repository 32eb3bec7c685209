// Draw a digit: with a pointer, a finger, or the keys; beside it, what the network gets to see.
import { colour, css, inkOn, rgbOf, THEME, watchTheme } from "shared/colours.js";
import { CELLS, DOTS, EMPTY, LEVELS, canStretch, inkOf, levelsOf, spell, stretched, withMark } from "./drawing.js";
import { whenGone } from "shared/mounted.js";

const MOST_UNDO = 100;
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {Record<"draw"|"seen"|"pen"|"rubber"|"undo"|"clear"|"stretch"|"stretchWhy"|"keys", string>} Words */
/** @typedef {{drawn: string, words: Words}} Data */

class Canvas {
  /** @param {ShadowRoot} root @param {(text: string) => void} send */
  constructor(root, send) {
    this.send = send;
    this.find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (root.querySelector(name));
    this.paper = /** @type {HTMLCanvasElement} */ (this.find(".paper"));
    this.seen = /** @type {HTMLCanvasElement} */ (this.find(".seen"));
    /** @type {Drawing} */
    this.drawing = EMPTY;
    /** @type {Drawing[]} */
    this.before = [];
    /** @type {import("./drawing.js").Line|null} */
    this.line = null;
    this.rubs = false;
    this.cursor = { row: 0, column: 0 };
    this.sent = "";
    /** @type {import("shared/colours.js").Mode} */
    this.mode = "light";
    this.listen();
    this.unwatch = watchTheme(root, (mode) => {
      this.mode = mode;
      this.paint();
    });
  }

  /** @param {Data} data */
  update({ drawn, words }) {
    for (const [name, text] of Object.entries(words)) {
      const place = this.find(`[data-word=${name}]`);
      if (place) place.textContent = text;
    }
    this.find("[data-act=stretch]").title = words.stretchWhy;
    this.paper.setAttribute("aria-label", `${words.draw}. ${words.keys}`);
    this.seen.setAttribute("aria-label", words.seen);
    // What comes back from us is what we have; anything else was drawn elsewhere (a link, an upload).
    if (drawn !== this.sent) {
      this.drawing = { base: drawn, marks: [] };
      this.before = [];
      this.sent = drawn;
    }
    this.paint();
  }

  listen() {
    const paper = this.paper;
    paper.onpointerdown = (event) => {
      if (event.button !== 0) return;
      paper.setPointerCapture(event.pointerId);
      this.line = { kind: "line", points: [this.pointOf(event)], rubs: this.rubs };
      this.paint();
    };
    paper.onpointermove = (event) => {
      if (!this.line) return;
      for (const part of event.getCoalescedEvents?.() ?? [event]) this.line.points.push(this.pointOf(part));
      this.paint();
    };
    const done = () => {
      if (!this.line) return;
      const line = this.line;
      this.line = null;
      this.change(withMark(this.drawing, line));
    };
    paper.onpointerup = done;
    paper.onpointercancel = done;
    paper.onkeydown = (event) => this.key(event);
    paper.onfocus = () => this.paint();
    paper.onblur = () => this.paint();

    const acts = {
      pen: () => this.hold(false),
      rubber: () => this.hold(true),
      undo: () => this.undo(),
      clear: () => this.change(EMPTY),
      stretch: () => this.change(stretched(this.drawing)),
    };
    for (const [name, act] of Object.entries(acts)) this.find(`[data-act=${name}]`).onclick = act;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { row, column } = this.cursor;
    const move = MOVES[event.key];
    const undo = event.key === "z" && (event.ctrlKey || event.metaKey);
    if (move) {
      const kept = (/** @type {number} */ at) => Math.max(0, Math.min(CELLS - 1, at));
      this.cursor = { row: kept(row + move[0]), column: kept(column + move[1]) };
      this.paint();
    } else if (event.key === " " || event.key === "Backspace" || event.key === "Delete") {
      const level = levelsOf(inkOf(this.drawing))[row * CELLS + column];
      const ink = event.key === " " && level < LEVELS ? 1 : 0;
      this.change(withMark(this.drawing, { kind: "cell", row, column, ink }));
    } else if (undo) this.undo();
    else return;
    // The lesson's own arrow keys and the page's scrolling stay out of this.
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {boolean} rubs */
  hold(rubs) {
    this.rubs = rubs;
    this.paint();
  }

  /** @param {Drawing} drawing */
  change(drawing) {
    this.before = [...this.before, this.drawing].slice(-MOST_UNDO);
    this.show(drawing);
  }

  undo() {
    const last = this.before.at(-1);
    if (!last) return;
    this.before = this.before.slice(0, -1);
    this.show(last);
  }

  /** @param {Drawing} drawing */
  show(drawing) {
    this.drawing = drawing;
    this.paint();
    const text = spell(levelsOf(inkOf(drawing)));
    if (text === this.sent) return;
    this.sent = text;
    this.send(text);
  }

  /** @param {PointerEvent} event @returns {import("./drawing.js").Point} */
  pointOf(event) {
    const box = this.paper.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * DOTS, ((event.clientY - box.top) / box.height) * DOTS];
  }

  paint() {
    const shown = this.line ? withMark(this.drawing, this.line) : this.drawing;
    const ink = inkOf(shown);
    this.paintPaper(ink);
    this.paintSeen(levelsOf(ink));
    for (const [name, able] of Object.entries({
      undo: this.before.length > 0,
      clear: shown !== EMPTY && spell(levelsOf(ink)) !== "",
      stretch: canStretch(this.drawing),
    })) /** @type {HTMLButtonElement} */ (this.find(`[data-act=${name}]`)).disabled = !able;
    this.find("[data-act=pen]").setAttribute("aria-pressed", String(!this.rubs));
    this.find("[data-act=rubber]").setAttribute("aria-pressed", String(this.rubs));
  }

  /** @param {Float32Array} ink */
  paintPaper(ink) {
    const { context, side } = sized(this.paper);
    const palette = THEME.palettes[this.mode];
    const dots = new OffscreenCanvas(DOTS, DOTS);
    const pixels = new ImageData(DOTS, DOTS);
    ink.forEach((value, at) => pixels.data.set([...colour(value, 1, "sequential", this.mode), 255], at * 4));
    /** @type {OffscreenCanvasRenderingContext2D} */ (dots.getContext("2d")).putImageData(pixels, 0, 0);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(dots, 0, 0, side, side);
    context.strokeStyle = palette.line2;
    context.globalAlpha = 0.55;
    context.lineWidth = 1;
    for (let at = 1; at < CELLS; at++) {
      const place = Math.round((at * side) / CELLS) + 0.5;
      context.strokeRect(place, -1, 0, side + 2);
      context.strokeRect(-1, place, side + 2, 0);
    }
    context.globalAlpha = 1;
    if (this.paper.matches(":focus-visible")) {
      const cell = side / CELLS;
      context.strokeStyle = palette.accent;
      context.lineWidth = 3 * devicePixelRatio;
      context.strokeRect(this.cursor.column * cell, this.cursor.row * cell, cell, cell);
    }
  }

  /** @param {number[]} levels */
  paintSeen(levels) {
    const { context, side } = sized(this.seen);
    const cell = side / CELLS;
    context.clearRect(0, 0, side, side);
    context.textAlign = "center";
    context.textBaseline = "middle";
    const least = parseFloat(getComputedStyle(this.seen).fontSize) * devicePixelRatio;
    context.font = `${Math.max(least, cell * 0.42)}px ${THEME.fonts.sans}`;
    levels.forEach((level, at) => {
      const x = (at % CELLS) * cell, y = Math.floor(at / CELLS) * cell;
      const fill = colour(level, LEVELS, "sequential", this.mode);
      context.fillStyle = css(fill);
      context.fillRect(x, y, cell - devicePixelRatio, cell - devicePixelRatio);
      context.fillStyle = level ? css(rgbOf(inkOn(fill))) : THEME.palettes[this.mode].line2;
      context.fillText(String(level), x + cell / 2, y + cell / 2);
    });
  }
}

/** A canvas as fine as the screen. @param {HTMLCanvasElement} canvas */
function sized(canvas) {
  const side = Math.round((canvas.clientWidth || 200) * devicePixelRatio);
  if (canvas.width !== side || canvas.height !== side) canvas.width = canvas.height = side;
  return { context: /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")), side };
}

/** @type {WeakMap<ShadowRoot, Canvas>} */
const MADE = new WeakMap();

/** @param {{data: Data, parentElement: ShadowRoot, setTriggerValue: (name: string, value: unknown) => void}} component */
export default function ({ data, parentElement, setTriggerValue }) {
  let canvas = MADE.get(parentElement);
  if (!canvas) {
    canvas = new Canvas(parentElement, (text) => setTriggerValue("drawn", text));
    MADE.set(parentElement, canvas);
  }
  canvas.send = (text) => setTriggerValue("drawn", text);
  canvas.update(data);
  const made = canvas;
  return whenGone(parentElement, () => {
    made.unwatch();
    MADE.delete(parentElement);
  });
}
