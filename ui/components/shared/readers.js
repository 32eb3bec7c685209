// Where a number goes: the rules of the results, read backwards. Pointing at an operand lights every cell that it helps
// to make, and writes into each what it is multiplied by there.
import { colour, css, inkOn } from "./colours.js";
import { fill } from "./dom.js";
import { whole } from "./explain.js";
import { format } from "./numbers.js";
import { placeOf, readersOf, unravel } from "./rules.js";
import { limitOf } from "./thumbnail.js";

/** @typedef {import("./bench.js").Bench} Bench */
/** @typedef {import("./grids.js").Grid} Grid */
/** @typedef {import("./grids.js").At} At */
/** @typedef {import("./rules.js").Place} Place */
/** @typedef {import("./rules.js").Read} Read */
/** @typedef {import("./rules.js").Rule} Rule */
/** One term that reads the place: the cell that it belongs to, the other factor, and every place that it reads.
 * @typedef {{flat: number, factor: number|null, product: number, other: string, places: Place[]}} Reader */
/** What is written into a cell instead of its number. @typedef {{text: string, rgb: import("./colours.js").Rgb}} Tag */

/** The coordinates of a place of a grid in what a rule reads; its padding too. @param {Grid} grid @param {At} at @param {Read} read */
function coordinates(grid, at, read) {
  const flat = grid.entryAt(at);
  if (flat >= 0) return unravel(flat, read.view);
  if (grid.spec.view !== "map" && !grid.drawn) return null;
  return [...unravel(grid.at("c"), read.view.slice(0, -2)), at[0] - grid.pad[0], at[1] - grid.pad[1]];
}

/** What a bench shows while an operand is pointed at. */
export class Tracing {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    /** The place whose readers are lit. */
    this.place = "";
    /** The results that show what its number is multiplied by. @type {Grid[]} */
    this.tagged = [];
  }

  /**
   * Where an operand's number goes; once it is left, what is explained. A place that was typed into doesn't answer again
   * before another one did: its new number is to be seen at work.
   * @param {Grid|null} grid @param {At|null} at
   */
  from(grid, at) {
    const { bench } = this, asks = grid && at && !bench.locked && !bench.playing && !grid.spec.leads;
    const place = asks ? `${grid.spec.id} ${at}` : "";
    if (place === this.place) return;
    this.place = place;
    this.stop();
    if (asks) this.tagged = trace(bench, grid, at);
  }

  stop() { if (this.tagged.length) this.bench.explain(); }

  /** The results have their own numbers again. */
  clear() {
    for (const grid of this.tagged) grid.fill();
    this.tagged = [];
  }
}

/**
 * The terms of one result that read a place of an operand.
 * @param {Bench} bench @param {Grid} result @param {Grid} operand @param {At} at
 * @returns {Reader[]}
 */
function readers(bench, result, operand, at) {
  const rule = /** @type {Rule|undefined} */ (result.spec.rule);
  if (!rule?.left) return [];
  const factors = /** @type {Read[]} */ ([rule.left, rule.right].filter(Boolean)), also = rule.also ?? [];
  const own = [...factors, ...also].filter((read) => read.array === operand.spec.array);
  // A bias is added everywhere and multiplied by nothing.
  if (!own.length && rule.bias?.array === operand.spec.array) own.push(rule.bias);
  const flat = operand.entryAt(at), value = flat < 0 ? 0 : operand.values[flat];
  return own.flatMap((read) => {
    const where = coordinates(operand, at, read);
    const found = where ? readersOf(rule, read, where).filter((reader) => result.whereIs(reader.flat)) : [];
    return found.flatMap(({ flat: cell, index }) => {
      const places = factors.map((factor) => placeOf(factor, index));
      if (places.includes(null)) return [];
      const valueAt = (/** @type {Place} */ place) => (place.flat < 0 ? 0 : bench.arrays[place.array].data[place.flat]);
      const [left, right] = /** @type {Place[]} */ (places).map(valueAt);
      // Shown once more elsewhere (`also`) it is the factor that it equals; where it equals both, so does the other.
      const first = read === rule.left || (read !== rule.right && left === value);
      const lit = also.map((more) => placeOf(more, index)).filter((place) => place !== null);
      return [{
        flat: cell, factor: read === rule.bias || right === undefined ? null : first ? right : left,
        product: right === undefined ? left : left * right, other: factors[first ? 1 : 0]?.array ?? "",
        places: [.../** @type {Place[]} */ (places), ...lit],
      }];
    });
  });
}

/**
 * Light where an operand's number goes.
 * @param {Bench} bench @param {Grid} operand @param {At} at
 * @returns {Grid[]} the results that show it
 */
function trace(bench, operand, at) {
  const results = bench.grids.filter((grid) => grid.spec.result), places = [], tagged = [];
  /** Where a result is shown twice, a cell counts once. */
  const cells = new Set(), names = new Set();
  for (const result of results) {
    const found = readers(bench, result, operand, at);
    if (!found.length) continue;
    const tags = tagsOf(bench, result, found);
    show(result, tags);
    tagged.push(result);
    for (const flat of tags.keys()) cells.add(`${result.spec.array} ${flat}`);
    names.add(result.title());
    places.push(...found.flatMap((reader) => reader.places));
  }
  const count = cells.size;
  if (!count) return [];
  for (const grid of bench.grids) if (!grid.spec.result && grid !== operand) grid.light(places);
  operand.dimAllBut(new Set([String(at)]));
  // What the explained cell was made from is another question.
  operand.window.hidden = true;
  bench.pictures.classList.add("tracing");
  const note = /** @type {HTMLElement|null} */ (bench.shelf.querySelector(".shelf-head b + span"));
  if (note) note.textContent = fill(bench.meta.labels[count === 1 ? "goes_into_one" : "goes_into"], {
    name: nameOf(bench, operand, at), count, where: [...names].join(", "),
  });
  return tagged;
}

/**
 * Light the cells that a number helps to make, each with its tag; a drawing's pixels are too small to be written into.
 * @param {Grid} result @param {Map<number, Tag|null>} tags */
function show(result, tags) {
  result.light([...tags.keys()].map((flat) => whole(result.spec.array, flat)));
  for (const [flat, tag] of tags) {
    const cell = result.byPlace.get(String(result.whereIs(flat)));
    if (!tag || !cell) continue;
    /** @type {Element} */ (result.bars ? cell.lastElementChild : cell).textContent = tag.text;
    if (!result.bars) Object.assign(cell.style, { background: css(tag.rgb), color: inkOn(tag.rgb) });
  }
}

/** @param {Bench} bench @param {Grid} operand @param {At} at */
function nameOf(bench, operand, at) {
  const { spec } = operand, flat = operand.entryAt(at), shape = bench.arrays[spec.array].shape;
  if (flat < 0) return bench.meta.labels.a_zero;
  const index = unravel(flat, shape);
  const own = spec.view !== "kernel" && shape.length > 1 && shape[0] === 1 ? index.slice(1) : index;
  return `${spec.name}[${own.join(", ")}] = ${format(operand.values[flat], operand.decimals)}`;
}

/**
 * What each cell is told: the other factor; in a result of stamps, what is put there; nothing where it is only added.
 * @param {Bench} bench @param {Grid} result @param {Reader[]} found
 * @returns {Map<number, Tag|null>}
 */
function tagsOf(bench, result, found) {
  /** @type {Map<number, Reader[]>} */
  const cells = new Map();
  for (const reader of found) cells.set(reader.flat, [...cells.get(reader.flat) ?? [], reader]);
  const twin = bench.grids.find((grid) => grid.spec.array === found[0].other && !grid.spec.result);
  const stamps = Boolean(result.spec.stamps), shows = stamps ? result : twin;
  const limit = shows ? shows.limit : limitOf(found.map(({ factor }) => factor ?? 0)), decimals = (shows ?? result).decimals;
  const tag = (/** @type {Reader[]} */ readers_) => {
    const [{ factor, product }] = readers_, value = stamps ? product : factor;
    if (readers_.length > 1 || factor === null || value === null) return null;
    const rgb = colour(value, limit, shows?.spec.ramp ?? "diverging", bench.mode);
    return { text: stamps ? format(value, decimals) : `×${format(value, decimals)}`, rgb };
  };
  return new Map([...cells].map(([flat, readers_]) => [flat, tag(readers_)]));
}
