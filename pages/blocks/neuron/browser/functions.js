// The sixteen functions of two bits, as little truth tables in a strip: the one that is made, those found, the goal.
import { css } from "shared/colours.js";
import { button, el } from "shared/dom.js";
import { outputColour } from "./plane.js";
import { bitOf } from "./unit.js";

/** As the plane has it: x₁ to the right, x₂ upwards. */
const PLACES = [1, 3, 0, 2];

/** @param {import("shared/scenes.js").Shell} shell @param {number} code */
function littleTable(shell, code) {
  return el("span", "little", ...PLACES.map((corner) => {
    const cell = el("i");
    cell.style.background = css(outputColour(bitOf(code, corner), shell.mode));
    return cell;
  }));
}

/**
 * @param {import("shared/scenes.js").Shell} shell
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
    item.className = `function${code === made ? " made" : ""}${code === goal ? " goal" : ""}${ticked ? " found" : ""}${found && !ticked ? " open" : ""}`;
    item.setAttribute("aria-pressed", String(code === goal));
    item.setAttribute("aria-label", `${name}${ticked ? `, ${labels.found}` : ""}${code === made ? `, ${labels.made}` : ""}`);
    item.title = code === goal ? labels.drop_goal : labels.take_goal;
  });
  return { root, update };
}
