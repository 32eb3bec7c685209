// A unit's numbers, and the truth table of what it answers.
import { colour } from "shared/colours.js";
import { el } from "shared/dom.js";
import { dye, LIMIT, numberCell } from "shared/number_cell.js";
import { outputColour } from "./plane.js";

/** @typedef {import("shared/scenes.js").Shell} Shell */

/**
 * A unit's weights and bias as cells that can be typed into.
 * @param {Shell} shell @param {string} title @param {string} note @param {import("./unit.js").Unit} unit @param {number} most
 */
export function unitCells(shell, title, note, unit, most) {
  const cells = unit.w.map((_, j) => numberCell(shell, {
    label: `${title} w${j + 1}`, get: () => unit.w[j], set: (value) => { unit.w[j] = value; }, most,
  }));
  const bias = numberCell(shell, { label: `${title} b`, get: () => unit.b, set: (value) => { unit.b = value; }, most: 2 * most });
  const named = (name, cell) => el("div", "named-cell", el("small", "", name), cell.root);
  const root = el("div", "unit", el("div", "grid-head", el("b", "", title), el("span", "", note)),
    el("div", "cells", ...cells.map((cell, j) => named(`w${"₁₂₃"[j]}`, cell)), named("b", bias)));
  return { root, update: () => [...cells, bias].forEach((cell) => cell.update()) };
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
  root.append(el("div", "entry heads", ...names.map((name) => el("span", "", name))), body);
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
  /** @param {{value: number, text: string, kind: "output"|"number"|"plain", wrong?: boolean}[][]} rows @param {number} chosen */
  const update = (rows, chosen) => {
    while (body.children.length < rows.length) {
      const corner = body.children.length, row = el("div", "entry", ...names.map(() => el("span", "cell")));
      row.setAttribute("role", "row");
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
