// What every field in a picture means by its keys: Enter accepts, leaving accepts, Escape discards.

/** Whether a press of the pointer is on its way to its click, and whether it is still held down. */
const press = { open: false, held: false };
addEventListener("pointerdown", () => { press.open = press.held = true; }, true);
addEventListener("pointerup", () => { press.held = false; }, true);
for (const name of ["click", "keydown", "pointercancel"]) addEventListener(name, () => { press.open = press.held = false; }, true);

/**
 * Once what the reader presses has been hit: accepting draws things anew, and a button that is taken away under the
 * pointer is never clicked. It comes before the button hears of the click, as it does where one leaves with Tab.
 * @param {() => void} act
 */
function onceHit(act) {
  if (!press.open) {
    act();
    return;
  }
  const once = () => {
    removeEventListener("click", once, true);
    removeEventListener("pointercancel", once, true);
    removeEventListener("pointerup", soon, true);
    clearTimeout(waiting);
    act();
  };
  // A drag ends without a click.
  const soon = () => { waiting = setTimeout(once); };
  let waiting = 0;
  addEventListener("click", once, true);
  addEventListener("pointercancel", once, true);
  if (press.held) addEventListener("pointerup", soon, true);
  else soon();
}

/**
 * @param {HTMLInputElement} input
 * @param {{accept: (left: boolean) => void, discard: () => void}} on `left` says that the reader is elsewhere by now
 */
export function typing(input, { accept, discard }) {
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      accept(false);
    } else if (event.key === "Escape") discard();
  });
  input.addEventListener("blur", () => {
    // Looked at after whatever took the focus: a field that was taken away by a redraw wasn't left by the reader, and
    // one in a window that lies behind another still has the focus in its own.
    queueMicrotask(() => {
      const root = /** @type {ShadowRoot|Document} */ (input.getRootNode());
      if (!input.isConnected || root.activeElement === input) return;
      onceHit(() => { if (/** @type {ShadowRoot|Document} */ (input.getRootNode()).activeElement !== input) accept(true); });
    });
  });
}
