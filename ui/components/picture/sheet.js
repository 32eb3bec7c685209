// The contact sheet: every digit of the data set, a class at a time, or those that the network gets wrong.
import { colour, css, THEME, watchTheme } from "shared/colours.js";
import { fill } from "shared/dom.js";
import { unpack } from "shared/unpack.js";
import { whenGone } from "shared/mounted.js";

const MISREAD = "misread";
/** A digit's side, in heights of the type that stands under it; what lies between two digits, in px. */
const SIDE = 2.5;
const GAP = 8;
const CLASSES = 10;
const KEYS = { ArrowLeft: -1, ArrowRight: 1 };

/** @typedef {"light"|"dark"} Mode */
/** @typedef {Record<"filter"|"misread"|"sheet"|"digit"|"held"|"wrong"|"hint"|"arrow", string>} Words */

class Sheet {
  /** @param {ShadowRoot} root @param {(index: number) => void} choose */
  constructor(root, choose) {
    this.choose = choose;
    this.root = root;
    this.chips = /** @type {HTMLElement} */ (root.querySelector(".chips"));
    this.window = /** @type {HTMLElement} */ (root.querySelector(".window"));
    this.canvas = /** @type {HTMLCanvasElement} */ (root.querySelector("canvas"));
    this.caption = /** @type {HTMLElement} */ (root.querySelector(".caption"));
    this.filter = "";
    this.at = -1;
    /** @type {Mode} */
    this.mode = "light";
    /** @type {number[]} */
    this.shown = [];
    /** The digits' pixels, once they have come. @type {import("shared/unpack.js").Numbers|undefined} */
    this.levels = undefined;
    // What comes with them.
    /** @type {import("shared/unpack.js").Numbers} */
    this.labels;
    /** @type {import("shared/unpack.js").Numbers} */
    this.guesses;
    /** @type {import("shared/unpack.js").Numbers} */
    this.held;
    /** @type {number} */
    this.chosen;
    /** @type {Words} */
    this.words;
    this.canvas.onpointermove = (event) => this.point(this.placeOf(event));
    this.canvas.onpointerleave = () => this.point(-1);
    this.canvas.onclick = (event) => this.take(this.placeOf(event));
    this.canvas.onkeydown = (event) => this.key(event);
    this.resized = new ResizeObserver(() => this.paint());
    this.resized.observe(this.window);
    this.unwatch = watchTheme(root, (mode) => {
      this.mode = mode;
      this.paint();
    });
  }

  /** @param {Uint8Array} bytes */
  update(bytes) {
    const { meta, arrays } = unpack(bytes);
    const moved = meta.chosen !== this.chosen;
    this.chosen = meta.chosen;
    this.words = meta.words;
    this.levels = arrays.levels.data;
    this.labels = arrays.labels.data;
    this.guesses = arrays.guesses.data;
    this.held = arrays.held.data;
    this.canvas.setAttribute("aria-label", `${this.words.sheet}. ${this.words.hint}`);
    this.chips.setAttribute("aria-label", this.words.filter);
    this.makeChips();
    if (!this.filter || moved) {
      const stays = this.filter === MISREAD && this.labels[this.chosen] !== this.guesses[this.chosen];
      this.open(stays ? MISREAD : String(this.labels[this.chosen]));
    } else this.paint();
  }

  makeChips() {
    const wrong = [...this.labels.keys()].filter((i) => this.labels[i] !== this.guesses[i]).length;
    const names = [...Array(CLASSES).keys()].map(String);
    this.chips.replaceChildren(
      ...[...names, MISREAD].map((name) => {
        const chip = document.createElement("button");
        chip.type = "button";
        chip.dataset.filter = name;
        chip.textContent = name === MISREAD ? `${this.words.misread} (${wrong})` : name;
        chip.onclick = () => this.open(name);
        return chip;
      }),
    );
  }

  /** @param {string} filter */
  open(filter) {
    this.filter = filter;
    this.shown = [...this.labels.keys()].filter((i) =>
      filter === MISREAD ? this.labels[i] !== this.guesses[i] : String(this.labels[i]) === filter,
    );
    this.at = -1;
    this.paint();
    const row = Math.floor(Math.max(0, this.shown.indexOf(this.chosen)) / this.columns);
    this.window.scrollTop = row * this.pitch - this.window.clientHeight / 2;
  }

  /** The height of its type, in px: the canvas's own. */
  get type() {
    return parseFloat(getComputedStyle(this.canvas).fontSize);
  }

  /** Whole pixels for each of a digit's eight. */
  get side() {
    return Math.ceil((SIDE * this.type) / 8) * 8;
  }

  get pitch() {
    return this.side + GAP + (this.filter === MISREAD ? Math.round(1.25 * this.type) : 0);
  }

  get columns() {
    return Math.max(1, Math.floor((this.window.clientWidth || 400) / (this.side + GAP)));
  }

  /** @param {MouseEvent} event */
  placeOf(event) {
    const column = Math.floor(event.offsetX / (this.side + GAP)), row = Math.floor(event.offsetY / this.pitch);
    const at = row * this.columns + column;
    return column < this.columns && at < this.shown.length ? at : -1;
  }

  /** @param {number} at */
  point(at) {
    if (at === this.at) return;
    this.at = at;
    this.paint();
  }

  /** @param {number} at */
  take(at) {
    if (at >= 0) this.choose(this.shown[at]);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = { ...KEYS, ArrowUp: -this.columns, ArrowDown: this.columns }[event.key];
    if (step !== undefined) {
      const from = this.at >= 0 ? this.at : Math.max(0, this.shown.indexOf(this.chosen));
      this.point(Math.max(0, Math.min(this.shown.length - 1, from + step)));
      const top = Math.floor(this.at / this.columns) * this.pitch;
      const { scrollTop, clientHeight } = this.window;
      this.window.scrollTop = Math.max(top + this.pitch - clientHeight, Math.min(top, scrollTop));
    } else if (event.key === "Enter" || event.key === " ") this.take(this.at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  paint() {
    const { levels } = this;
    if (!levels) return;
    for (const chip of this.chips.children) {
      chip.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (chip).dataset.filter === this.filter));
    }
    const { columns, pitch, side, type } = this;
    const scale = devicePixelRatio;
    const width = columns * (side + GAP), height = Math.ceil(this.shown.length / columns) * pitch;
    this.canvas.width = width * scale;
    this.canvas.height = height * scale;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    context.scale(scale, scale);
    const palette = THEME.palettes[this.mode];
    const fills = [...Array(17).keys()].map((level) => css(colour(level, 16, "sequential", this.mode)));
    context.font = `${type}px ${THEME.fonts.sans}`;
    context.textAlign = "center";
    this.shown.forEach((digit, at) => {
      const x = (at % columns) * (side + GAP) + GAP / 2, y = Math.floor(at / columns) * pitch + GAP / 2;
      for (let pixel = 0; pixel < 64; pixel++) {
        context.fillStyle = fills[levels[digit * 64 + pixel]];
        context.fillRect(x + (pixel % 8) * (side / 8), y + Math.floor(pixel / 8) * (side / 8), side / 8, side / 8);
      }
      const wrong = this.labels[digit] !== this.guesses[digit];
      if (this.filter === MISREAD) {
        context.fillStyle = palette.mute;
        context.fillText(`${this.labels[digit]} → ${this.guesses[digit]}`, x + side / 2, y + side + type);
      } else if (wrong) {
        context.fillStyle = palette.warn;
        context.fillRect(x, y + side + 1, side, 2);
      }
      if (digit === this.chosen || at === this.at) {
        context.strokeStyle = palette.accent;
        context.lineWidth = at === this.at ? 3 : 2;
        context.strokeRect(x - 1.5, y - 1.5, side + 3, side + 3);
      }
    });
    this.tell();
  }

  tell() {
    const digit = this.shown[this.at];
    if (digit === undefined) {
      this.caption.textContent = this.words.hint;
      return;
    }
    const label = this.labels[digit], guess = this.guesses[digit];
    const parts = [fill(this.words.digit, { index: digit, label })];
    if (guess !== label) parts.push(fill(this.words.wrong, { guess }));
    if (this.held[digit]) parts.push(this.words.held);
    this.caption.textContent = parts.join(" · ");
  }
}

/** @type {WeakMap<ShadowRoot, Sheet>} */
const MADE = new WeakMap();

/** @param {{data: Uint8Array, parentElement: ShadowRoot, setTriggerValue: (name: string, value: unknown) => void}} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const choose = (/** @type {number} */ index) => setTriggerValue("digit", index);
  const sheet = MADE.get(parentElement) ?? new Sheet(parentElement, choose);
  MADE.set(parentElement, sheet);
  sheet.choose = choose;
  sheet.update(data);
  return whenGone(parentElement, () => {
    sheet.unwatch();
    sheet.resized.disconnect();
    MADE.delete(parentElement);
  });
}
