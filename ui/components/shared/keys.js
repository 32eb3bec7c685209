// What the keyboard does to a bench: whatever the pointer can do.

/** Elements of the page around that have a use for arrow keys or the space bar themselves. */
const OWN_KEYS = "button, a, summary, [role=slider], [role=tab], [role=listbox], [role=option], [role=radio], [role=dialog], [role=menu]";
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** In a grid: arrows go from cell to cell, Enter holds or edits, Escape leaves. @param {any} bench @param {any} grid @param {KeyboardEvent} event */
export function onGridKey(bench, grid, event) {
  const by = ARROWS[event.key];
  if (by) {
    event.preventDefault();
    event.stopPropagation();
    if (grid.spec.result) bench.walk(grid, by);
    else bench.walkOperand(grid, by);
  } else if (event.key === "Enter") {
    event.preventDefault();
    const at = grid.spec.result ? grid.whereIs(bench.cell) : grid.here;
    if (grid.spec.edit && at) bench.edit(grid, grid.entryAt(at), grid.byPlace.get(at.join(",")));
    else if (grid.spec.result) {
      bench.locked = !bench.locked;
      bench.explain();
      bench.rested();
    }
  } else if (event.key === "Escape") grid.cells.blur();
}

/** Anywhere on the page: left and right step, the space bar plays, Escape lets go. @param {any} bench @param {KeyboardEvent} event */
export function onPageKey(bench, event) {
  const target = event.composedPath()[0];
  if (!(target instanceof Element) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.closest("input, textarea, select, [contenteditable]")) return;
  if (!bench.host.contains(target) && target.closest(OWN_KEYS)) return;
  if (event.key === "ArrowRight") bench.step(1);
  else if (event.key === "ArrowLeft") bench.step(-1);
  else if (event.key === " " && target.tagName !== "BUTTON") bench.play();
  else if (event.key === "Escape") {
    bench.locked = false;
    bench.explain();
    bench.rested();
    return;
  } else return;
  event.preventDefault();
}
