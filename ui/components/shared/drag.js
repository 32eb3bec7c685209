// What can be dragged can be moved with the arrow keys too.

const FAR = 10;

/**
 * @param {Element & GlobalEventHandlers & HTMLOrSVGElement} element
 * @param {Object} how
 * @param {string} how.label what it is, for a screen reader
 * @param {(event: PointerEvent) => void} [how.start]
 * @param {(event: PointerEvent) => void} how.drag
 * @param {() => void} [how.end]
 * @param {(right: number, up: number) => void} how.nudge in steps: 1 for an arrow key, 10 with Shift
 */
export function draggable(element, { label, start, drag, end, nudge }) {
  element.setAttribute("tabindex", "0");
  element.setAttribute("role", "slider");
  element.setAttribute("aria-label", label);
  element.classList.add("draggable");
  element.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (event.button) return;
    event.preventDefault();
    event.stopPropagation();
    element.setPointerCapture(event.pointerId);
    element.focus({ preventScroll: true });
    element.classList.add("held");
    start?.(event);
  });
  element.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
    if (!element.hasPointerCapture(event.pointerId)) return;
    event.stopPropagation();
    drag(event);
  });
  const release = (/** @type {PointerEvent} */ event) => {
    if (!element.classList.contains("held")) return;
    element.classList.remove("held");
    event.stopPropagation();
    end?.();
  };
  element.addEventListener("pointerup", release);
  element.addEventListener("pointercancel", release);
  element.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const by = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? FAR : 1;
    nudge(by[0] * far, by[1] * far);
  });
}

/** Whether a hand is on something in there. @param {HTMLElement} host */
export const inHand = (host) => host.querySelector(".held") !== null;

/**
 * Draw anew, but never under the hand: what is held stays until it is let go, or the drag would be lost.
 * @param {HTMLElement} host @param {() => void} draw
 */
export function whenFree(host, draw) {
  if (inHand(host)) host.addEventListener("lostpointercapture", () => whenFree(host, draw), { once: true });
  else draw();
}

/** A slider's value for a screen reader. @param {Element} element @param {number} now @param {string} text */
export function tellValue(element, now, text) {
  element.setAttribute("aria-valuenow", String(now));
  element.setAttribute("aria-valuetext", text);
}

/** The nearest multiple of a step, without the noise of floating point. @param {number} value @param {number} step */
export const snap = (value, step) => Number((Math.round(value / step) * step).toFixed(6));

/** @param {number} value @param {number} low @param {number} high */
export const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
