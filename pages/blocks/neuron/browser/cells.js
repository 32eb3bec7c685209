// A unit's numbers, the truth table of what it answers, and the sixteen such tables in a strip.
import { colour, css } from "shared/colours.js";
import { as, button, el } from "shared/dom.js";
import { dye, LIMIT, numberCell } from "shared/number_cell.js";
import { outputColour } from "./plane.js";
import { bitOf } from "./unit.js";

/** @typedef {import("shared/scenes.js").Shell} Shell */
/** A cell of the truth table. @typedef {{value: number, text: string, kind: "output"|"number"|"plain", wrong?: boolean}} Entry */

/**
 * A unit's weights and bias as cells that can be typed into; they stand in a list from `at` on.
 * @param {Shell} shell @param {string} title @param {string} note @param {number[]} list @param {number} at @param {number} most a weight
 */
export function unitCells(shell, title, note, list, at, most) {
  const cells = ["w1", "w2", "b"].map((name, i) => numberCell(shell, {
    label: `${title} ${name}`, get: () => list[at + i], set: (value) => { list[at + i] = value; }, most: name === "b" ? 2 * most : most,
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
