// What the scenes are put together from: a unit's numbers and its sum, its truth table, the sixteen such tables in a strip.
import { between, chip, equal, head, line as row, sign, total } from "shared/arithmetic.js";
import { colour, css } from "shared/colours.js";
import { as, button, el } from "shared/dom.js";
import { dye, LIMIT, numberCell } from "shared/number_cell.js";
import { format, product, short } from "shared/numbers.js";
import { outputColour } from "shared/plane.js";
import { activate, bitOf, sumOf } from "./unit.js";

/** @typedef {import("shared/scenes.js").Shell} Shell */
/** A cell of the truth table. @typedef {{value: number, text: string, kind: "output"|"number"|"plain", wrong?: boolean}} Entry */

/**
 * A unit's weights and bias as cells that can be typed into; they stand in a list from `at` on.
 * @param {Shell} shell @param {string} title @param {string} note @param {number[]} list @param {number} at @param {number} most a weight
 * @param {() => void} [took] what is done once one was typed
 */
export function unitCells(shell, title, note, list, at, most, took = () => {}) {
  const cells = ["w1", "w2", "b"].map((name, i) => numberCell(shell, {
    label: `${title} ${name}`, get: () => list[at + i], most: name === "b" ? 2 * most : most,
    set: (value) => {
      list[at + i] = value;
      took();
    },
  }));
  const root = el(
    "div", "unit",
    el("div", "grid-head", el("b", "", title), el("span", "", note)),
    el("div", "cells", ...["w₁", "w₂", "b"].map((name, i) => el("div", "named-cell", el("small", "", name), cells[i].root))),
  );
  return { root, update: () => cells.forEach((cell) => cell.update()) };
}

/**
 * The truth table: one row for each corner, pointed at and chosen like the corners themselves.
 * @param {Shell} shell @param {string[]} names of the columns
 * @param {{pick: (corner: number) => void, point: (corner: number|null) => void}} on
 */
export function truthTable(shell, names, { pick, point }) {
  const root = el("div", "table"), body = el("div", "entries");
  root.style.setProperty("--columns", String(names.length));
  root.classList.toggle("many", names.length > 5);
  root.append(as("row", el("div", "entry heads", ...names.map((name) => as("columnheader", el("span", "", name))))), body);
  root.tabIndex = 0;
  root.setAttribute("role", "grid");
  root.setAttribute("aria-label", shell.labels.table);
  root.onkeydown = (event) => {
    if (event.key === "Escape") root.blur();
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    pick((shell.state.at + by + 4) % 4);
  };
  root.onpointerleave = () => point(null);
  /** @param {Entry[][]} rows @param {number} chosen */
  const update = (rows, chosen) => {
    while (body.children.length < rows.length) {
      const corner = body.children.length, row = as("row", el("div", "entry", ...names.map(() => as("gridcell", el("span", "cell")))));
      row.onclick = () => pick(corner);
      row.onpointerenter = () => point(corner);
      body.append(row);
    }
    rows.forEach((cells, r) => {
      const row = /** @type {HTMLElement} */ (body.children[r]);
      row.className = `entry${r === chosen ? " chosen" : ""}`;
      row.setAttribute("aria-selected", String(r === chosen));
      cells.forEach(({ value, text, kind, wrong }, c) => {
        const cell = /** @type {HTMLElement} */ (row.children[c]);
        cell.textContent = text;
        cell.classList.toggle("wrong", Boolean(wrong));
        cell.classList.toggle("plain", kind === "plain");
        if (kind === "plain") cell.removeAttribute("style");
        else dye(cell, kind === "output" ? outputColour(value, shell.mode) : colour(value, LIMIT, "diverging", shell.mode));
      });
    });
  };
  return { root, update };
}

/** As the plane has it: x₁ to the right, x₂ upwards. */
const PLACES = [1, 3, 0, 2];

/** @param {Shell} shell @param {number} code */
function littleTable(shell, code) {
  return el("span", "little", ...PLACES.map((corner) => {
    const cell = el("i");
    cell.style.background = css(outputColour(bitOf(code, corner), shell.mode));
    return cell;
  }));
}

/**
 * @param {Shell} shell
 * @param {(code: number) => void} choose
 */
export function functionStrip(shell, choose) {
  const root = el("nav", "functions"), { labels } = shell;
  root.setAttribute("aria-label", labels.functions);
  const items = shell.meta.functions.map(({ name }, code) => {
    const made = button("function", "", () => choose(code), littleTable(shell, code), el("span", "", name), el("b", "tick"));
    made.dataset.code = String(code);
    root.append(made);
    return made;
  });
  /** @param {{made: number, goal: number, found?: (code: number) => boolean}} now */
  const update = ({ made, goal, found }) => items.forEach((item, code) => {
    const ticked = found?.(code) ?? false, { name } = shell.meta.functions[code];
    const states = { made: code === made, goal: code === goal, found: ticked, open: Boolean(found) && !ticked };
    for (const [state, on] of Object.entries(states)) item.classList.toggle(state, on);
    item.setAttribute("aria-pressed", String(code === goal));
    item.setAttribute("aria-label", `${name}${ticked ? `, ${labels.found}` : ""}${code === made ? `, ${labels.made}` : ""}`);
    item.title = code === goal ? labels.drop_goal : labels.take_goal;
  });
  return { root, update };
}

/** How steep a name of the edge says: a number, or null for the step. @param {string} name */
export const steepnessOf = (name) => (name === "step" ? null : Number(name));

/**
 * A row of pills to choose one of the names that a key of the state can have.
 * @param {Shell} shell @param {string} which key of the state @param {string[]} names @param {string} caption
 * @param {{say?: (name: string) => string, before?: () => void}} [how] what stands on each; what is done before the choice counts
 */
export function pills(shell, which, names, caption, { say = (name) => name, before } = {}) {
  const made = el("div", `pills of-${which}`, el("span", "caption", caption));
  for (const name of names) {
    const pill = button("pill", "", () => {
      before?.();
      shell.state[which] = name;
      for (const other of made.querySelectorAll(".pill")) other.setAttribute("aria-pressed", String(other === pill));
      shell.changed();
    }, say(name));
    pill.setAttribute("aria-pressed", String(shell.state[which] === name));
    made.append(pill);
  }
  return made;
}

/** How soft the edge is. @param {Shell} shell @param {string} which key of the state */
export function edgePills(shell, which) {
  const { labels, meta } = shell, made = pills(shell, which, meta.edges, labels.steepness, {
    say: (name) => (name === "step" ? labels.step : name),
  });
  made.classList.add("edge");
  return made;
}

/** The lines of the shelf for one unit at one place. @param {Shell} shell */
export function unitLines(shell, { name, unit, x, steepness, sum = "z", title = "", note = "", help = shell.labels.help_plane }) {
  const z = sumOf(unit, x), y = activate(z, steepness);
  const terms = (/** @type {number} */ digits) => between([
    ...x.map((value, j) => chip(product(short(unit.w[j], digits), short(value, digits)), unit.w[j] * value)),
    chip(short(unit.b, digits), unit.b, { name: "b " }),
  ], "+");
  const lines = title ? [head(title, note, help)] : [];
  lines.push(row(el("b", "symbol", sum), sign("="), ...equal(terms, short(z, 3), z, 2)));
  if (steepness === null) {
    lines.push(row(total(short(z, 3), z, "part"), sign(z > 0 ? "> 0 ⟹" : "≤ 0 ⟹"), total(`${name} = ${y}`, y ? 1 : -1)));
    return lines;
  }
  const times = steepness === 1 ? "" : `${steepness} × `;
  lines.push(row(
    el("b", "symbol", name), sign("="), sign(`σ(${times}${short(z, 3)}) =`),
    ...equal((digits) => [sign("1 ÷ (1 + e"), el("sup", "op-sign", short(-steepness * z, digits)), sign(")")], format(y, 3), y - 0.5, 3),
  ));
  return lines;
}

/** @param {number} value @returns {{value: number, text: string, kind: "plain"}} */
export const plain = (value) => ({ value, text: short(value), kind: "plain" });

/** What the lecture hall's larger type takes above and beneath a plane, in rem. */
const LARGE_TYPE = 1.2;

/**
 * How large planes can be, so many of them side by side with other things.
 * @param {Shell} shell @param {number} planes @param {number} beside in rem, what stands beside them
 * @param {number} beneath in rem, what stands above and beneath
 */
export function planeSize(shell, planes, beside, beneath) {
  const { rem } = shell, room = shell.pictures.clientHeight, type = shell.meta.present ? LARGE_TYPE : 0;
  if (shell.narrow) return Math.min(shell.width - 2.4 * rem, 26 * rem);
  const across = (shell.pictures.clientWidth - (2.8 + beside) * rem) / planes;
  return Math.floor(Math.max(13 * rem, Math.min(across, room - (beneath + type) * rem, 36 * rem)));
}
