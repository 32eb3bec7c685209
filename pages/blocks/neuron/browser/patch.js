// The same unit with nine inputs, a patch of a picture: slid over it, the unit is a convolution.
import { between, chip, equal, head, line as row, sign, total } from "shared/arithmetic.js";
import { colour, css, inkOn } from "shared/colours.js";
import { button, el, gridRow } from "shared/dom.js";
import { dye, numberCell, signedLegend } from "shared/number_cell.js";
import { product, short } from "shared/numbers.js";
import { outputColour } from "shared/plane.js";
import { pills } from "./cells.js";
import { patchesOf, sumOf } from "./unit.js";

const SIDE = 8, MAP = SIDE - 2, PLAY_MS = 260, MOST = 20, MOST_BIAS = 200, INK = 16;
/** In rem, what stands beside the cells of picture and map. */
const BESIDE = 31;

/**
 * A square of cells that is pointed at, chosen from and walked with the arrow keys.
 * @param {string} label @param {number} side
 * @param {{point: (at: number[]|null) => void, choose: (at: number[]) => void, walk: (down: number, right: number) => void}} on
 */
function square(label, side, { point, choose, walk }) {
  const cells = Array.from({ length: side * side }, (_, i) => {
    const cell = el("span", "cell"), at = [Math.floor(i / side), i % side];
    cell.setAttribute("role", "gridcell");
    cell.onpointerenter = () => point(at);
    cell.onclick = () => choose(at);
    return cell;
  });
  const rows = Array.from({ length: side }, (_, i) => gridRow(...cells.slice(i * side, (i + 1) * side)));
  const frame = el("div", "frame"), root = el("div", "tiles", ...rows, frame);
  root.style.setProperty("--side", String(side));
  root.tabIndex = 0;
  root.setAttribute("role", "grid");
  root.setAttribute("aria-label", label);
  root.onpointerleave = () => point(null);
  root.onkeydown = (event) => {
    const by = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    walk(by[0], by[1]);
  };
  /** @param {number} down @param {number} right @param {number} wide how many cells it takes */
  const hold = (down, right, wide) => {
    frame.style.setProperty("--down", String(down));
    frame.style.setProperty("--right", String(right));
    frame.style.setProperty("--wide", String(wide));
  };
  return { root, cells, hold };
}

export class Patch {
  /** @param {import("shared/scenes.js").Shell} shell */
  constructor(shell) {
    this.shell = shell;
    /** Of the walk over the picture; 0 while it stands. */
    this.timer = 0;
    /** The patch that is pointed at, by its place in the map. @type {number|null} */
    this.pointed = null;
    /** @type {ReturnType<typeof numberCell>[]} */
    this.numbers = [];
    // Made by `build`, before anything is written into them.
    /** @type {ReturnType<typeof square>} */
    this.picture;
    /** @type {ReturnType<typeof square>} */
    this.map;
  }

  get state() { return this.shell.state; }
  get unit() { return { w: /** @type {number[]} */ (this.state.kernel), b: this.state.offset }; }
  /** @returns {number[]} */
  get pixels() { return this.shell.meta.digits[this.state.digit]; }
  get patches() { return patchesOf(this.pixels, SIDE); }
  /** The patch that is explained. */
  get place() { return this.pointed ?? this.state.spot; }
  /** What is made of a sum. @param {number} z */
  answer(z) { return this.state.answer === "step" ? Number(z > 0) : this.state.answer === "relu" ? Math.max(0, z) : z; }

  build() {
    const { shell } = this, { labels } = shell;
    const near = (/** @type {number} */ at) => Math.max(0, Math.min(MAP - 1, at));
    const spotOf = (/** @type {number[]} */ [down, right]) => near(down) * MAP + near(right);
    /** A cell of the picture is the middle of its patch. @param {number} back */
    const on = (back) => ({
      point: (/** @type {number[]|null} */ at) => this.point(at && spotOf(at.map((one) => one - back))),
      choose: (/** @type {number[]} */ at) => this.choose(spotOf(at.map((one) => one - back))),
      walk: (/** @type {number} */ down, /** @type {number} */ right) => {
        const { spot } = this.state;
        this.choose(spotOf([Math.floor(spot / MAP) + down, (spot % MAP) + right]));
      },
    });
    this.picture = square(`${labels.picture}: ${labels.patch_keys}`, SIDE, on(1));
    this.map = square(`${labels.map}: ${labels.patch_keys}`, MAP, on(0));
    this.numbers = this.state.kernel.map((_, i) => numberCell(shell, {
      label: `w ${Math.floor(i / 3) + 1}, ${(i % 3) + 1}`, get: () => this.state.kernel[i], most: MOST, step: 1,
      set: (value) => { this.state.kernel[i] = value; },
    }));
    const bias = numberCell(shell, {
      label: "b", get: () => this.state.offset, set: (value) => { this.state.offset = value; }, most: MOST_BIAS, step: 1,
    });
    this.numbers.push(bias);
    const { rem, pictures } = shell, across = (pictures.clientWidth - BESIDE * rem) / (SIDE + MAP);
    const tile = shell.narrow ? Math.min(2.4 * rem, (shell.width - 2.4 * rem) / SIDE - 1)
      : Math.max(1.85 * rem, Math.min(across, (pictures.clientHeight - 6 * rem) / SIDE, 3.2 * rem));
    for (const { root } of [this.picture, this.map]) root.style.setProperty("--tile", `${Math.floor(tile)}px`);
    const kernel = el("div", "kernel", ...this.numbers.slice(0, 9).map((cell) => cell.root));
    const box = (/** @type {string} */ title, /** @type {string} */ note, /** @type {Node[]} */ ...inside) =>
      el("div", "patch-box", el("div", "grid-head", el("b", "", title), el("span", "", note)), ...inside);
    return [
      box(labels.picture, labels.picture_note, this.picture.root),
      el("div", "between", "×"),
      box(labels.weights, labels.type_note, kernel, el("div", "named-cell", el("small", "", "b"), bias.root), signedLegend(shell, "w, b")),
      el("div", "between", "→"),
      box(labels.map, labels.map_note, this.map.root),
    ];
  }

  point(spot) {
    if (spot === this.pointed) return;
    this.pointed = spot;
    this.update();
    this.shell.write();
  }

  choose(spot) {
    this.state.spot = spot;
    this.pointed = null;
    this.shell.changed();
  }

  update() {
    const { shell, unit, place, pixels } = this, { mode } = shell, down = Math.floor(place / MAP), right = place % MAP;
    const sums = this.patches.map((x) => sumOf(unit, x)), most = Math.max(...sums.map(Math.abs), 1);
    this.picture.cells.forEach((cell, i) => {
      cell.textContent = String(pixels[i]);
      dye(cell, colour(pixels[i], INK, "sequential", mode));
    });
    this.map.cells.forEach((cell, i) => {
      const y = this.answer(sums[i]), rgb = this.state.answer === "step" ? outputColour(y, mode) : colour(y, most, "diverging", mode);
      cell.textContent = short(y, 1);
      cell.style.background = css(rgb);
      cell.style.color = inkOn(rgb);
    });
    this.picture.hold(down, right, 3);
    this.map.hold(down, right, 1);
    this.numbers.forEach((cell) => cell.update());
  }

  say() {
    const z = sumOf(this.unit, this.patches[this.place]), sums = this.patches.map((x) => sumOf(this.unit, x));
    const facts = {
      z: short(z), y: short(this.answer(z)), count: sums.length, over: sums.filter((sum) => sum > 0).length, digit: this.state.digit,
      row: Math.floor(this.place / MAP) + 1, column: (this.place % MAP) + 1,
    };
    return { text: this.state.answer === "step" ? "patch" : "patch-map", facts };
  }

  tools() {
    const { shell } = this, { labels, meta } = shell;
    const names = Object.keys(meta.kernels), digits = meta.digits.map((_, i) => i);
    const kernels = el("div", "pills", el("span", "caption", labels.kernel), ...names.map((name) => button("pill", "", () => {
      this.state.kernel.splice(0, 9, ...meta.kernels[name]);
      shell.changed();
    }, labels[`kernel_${name}`])));
    const say = (/** @type {string} */ name) => labels[`answer_${name}`];
    return [
      kernels, pills(shell, "answer", meta.answers, labels.activation, { say }),
      pills(shell, "digit", digits, labels.picture, { say: String }),
    ];
  }

  get playing() { return this.timer !== 0; }

  /** Over the whole picture, row by row, from where it stands; from the start if it stands at the end. */
  play() {
    if (this.playing) {
      this.leave();
      return;
    }
    const last = MAP * MAP - 1;
    if (this.state.spot === last) this.choose(0);
    this.timer = window.setInterval(() => {
      if (this.state.spot === last) this.shell.stop_();
      else this.choose(this.state.spot + 1);
    }, PLAY_MS);
  }

  leave() {
    clearInterval(this.timer);
    this.timer = 0;
  }

  shelf() {
    const { shell, unit, place } = this, { labels } = shell, x = this.patches[place], z = sumOf(unit, x), y = this.answer(z);
    const at = `(${Math.floor(place / MAP)}, ${place % MAP})`;
    const terms = (/** @type {number} */ digits) => between([
      ...x.map((value, j) => chip(product(short(unit.w[j], digits), short(value, digits)), unit.w[j] * value)),
      chip(short(unit.b, digits), unit.b, { name: "b " }),
    ], "+");
    const ends = {
      step: () => [total(short(z), z, "part"), sign(z > 0 ? "> 0 ⟹" : "≤ 0 ⟹"), total(`y = ${y}`, y - 0.5)],
      relu: () => [el("b", "symbol", "y"), sign("="), ...equal((digits) => [sign(`max(0, ${short(z, digits)})`)], short(y), y, 2)],
      sum: () => [total(`y = ${short(y)}`, y)],
    };
    return [
      head(`z${at}`, labels.note_patch, labels.help_patch),
      row(el("b", "symbol", "z"), sign("="), ...equal(terms, short(z), z, 2)),
      row(...ends[this.state.answer]()),
    ];
  }
}
