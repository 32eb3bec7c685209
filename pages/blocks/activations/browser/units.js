// A layer's units as cells: the darker, the more of a gradient each lets through; hatched where none comes through.
import { colour, css, gradient } from "shared/colours.js";
import { el } from "shared/dom.js";

/** @param {any} board @param {number} across how many stand in a row */
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
