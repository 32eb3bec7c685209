// What can be dragged in a plot, by pointer and by keyboard. A handle outlives redrawing, so that it is never
// taken out of the hand that holds it.
import { svg } from "./plot_marks.js";

/** @typedef {ReturnType<typeof import("./scales.js").makeScale>} Scale */
/**
 * @typedef {object} Handle
 * @property {string} id
 * @property {number} x
 * @property {number} y
 * @property {"x"|"y"|"xy"} along      which way it moves
 * @property {string} label            what it is, for a screen reader
 * @property {string} [text]           what stands beside it
 * @property {"left"|"right"} [words]  on which side; where there is room unless given
 * @property {[number, number]} [x_range]
 * @property {[number, number]} [y_range]
 * @property {number} [step]           what an arrow key adds; a hundredth of the axis unless given
 */
/** @typedef {{x: number, y: number}} Place */

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1], PageDown: [-10, -10], PageUp: [10, 10] };

/** Where a handle's words begin, or end. @param {Handle} handle @param {Scale} x @param {Scale} y @param {number} rem */
export function wordsOf(handle, x, y, rem) {
  const [cx, cy] = [x.at(handle.x), y.at(handle.y)];
  const left = handle.words === "left" || (!handle.words && cx > x.at(x.axis.high) - 5 * rem);
  return { left, x: cx + (left ? -0.7 : 0.7) * rem, y: cy - 0.75 * rem };
}

/**
 * @param {SVGElement} layer
 * @param {{drag: (id: string, place: Place) => void, drop: (id: string, place: Place) => void}} tell
 */
export function makeHandles(layer, tell) {
  /** @type {Map<string, ReturnType<typeof make>>} */
  const made = new Map();

  /** @param {string} id */
  function make(id) {
    const ring = svg("circle"), hit = svg("circle", { class: "hit" }), text = svg("text");
    const group = svg("g", { class: "handle", tabindex: 0, role: "slider", "data-id": id }, hit, ring, text);
    /** @type {{handle: Handle, x: Scale, y: Scale}|null} */
    let now = null;
    let held = false;
    /** @type {Place|null} */
    let moved = null;

    /** @param {number} x @param {number} y @param {boolean} done */
    function move(x, y, done) {
      if (!now) return;
      const { handle } = now;
      /** @param {number} v @param {[number, number]|undefined} range @param {Scale} scale */
      const within = (v, range, scale) => (range ? Math.max(range[0], Math.min(range[1], v)) : scale.clamp(v));
      moved = {
        x: handle.along === "y" ? handle.x : within(x, handle.x_range, now.x),
        y: handle.along === "x" ? handle.y : within(y, handle.y_range, now.y),
      };
      (done ? tell.drop : tell.drag)(id, moved);
    }
    /** @param {PointerEvent} event @param {boolean} done */
    function follow(event, done) {
      if (!held || !now) return;
      const box = /** @type {SVGSVGElement} */ (layer.closest("svg")).getBoundingClientRect();
      move(now.x.value(event.clientX - box.left), now.y.value(event.clientY - box.top), done);
    }
    group.addEventListener("pointerdown", (event) => {
      held = true;
      group.setPointerCapture(event.pointerId);
      group.classList.add("held");
      event.stopPropagation();
      event.preventDefault();
      group.focus({ preventScroll: true });
    });
    group.addEventListener("pointermove", (event) => {
      follow(event, false);
      if (held) event.stopPropagation();
    });
    const release = (/** @type {PointerEvent} */ event) => {
      if (held && moved) follow(event, true);
      held = false;
      moved = null;
      group.classList.remove("held");
    };
    group.addEventListener("pointerup", release);
    group.addEventListener("pointercancel", release);
    group.addEventListener("keydown", (event) => {
      const arrow = ARROWS[/** @type {keyof typeof ARROWS} */ (event.key)];
      if (!arrow || !now) return;
      event.preventDefault();
      event.stopPropagation();
      const { handle, x, y } = now;
      // A handle on one axis listens to both pairs of arrows: up and right are more.
      const [right, up] = handle.along === "xy" ? arrow : [arrow[0] || arrow[1], arrow[0] || arrow[1]];
      const by = (/** @type {Scale} */ scale, /** @type {number} */ value, /** @type {number} */ steps) =>
        (handle.step ? value + steps * handle.step : scale.move(value, steps));
      move(by(x, handle.x, right), by(y, handle.y, up), true);
    });
    layer.append(group);

    return {
      group,
      /** @param {Handle} handle @param {Scale} x @param {Scale} y @param {number} rem */
      place(handle, x, y, rem) {
        now = { handle, x, y };
        const [cx, cy] = [x.at(handle.x), y.at(handle.y)], words = wordsOf(handle, x, y, rem);
        // What has no place can't be held.
        const placed = Number.isFinite(cx) && Number.isFinite(cy);
        group.style.display = placed ? "" : "none";
        if (!placed) return;
        group.setAttribute("transform", `translate(${cx} ${cy})`);
        group.setAttribute("aria-label", handle.label);
        group.setAttribute("aria-valuenow", String(handle.along === "y" ? handle.y : handle.x));
        group.setAttribute("aria-valuetext", handle.text ?? String(handle.along === "y" ? handle.y : handle.x));
        group.classList.toggle("upright", handle.along === "y");
        ring.setAttribute("r", String(0.46 * rem));
        hit.setAttribute("r", String(1.1 * rem));
        text.setAttribute("x", String(words.x - cx));
        text.setAttribute("y", String(words.y - cy));
        text.setAttribute("class", words.left ? "end" : "");
        if (text.textContent !== (handle.text ?? "")) text.textContent = handle.text ?? "";
      },
    };
  }

  return {
    /** @param {Handle[]} handles @param {Scale} x @param {Scale} y @param {number} rem */
    update(handles, x, y, rem) {
      const wanted = new Set(handles.map((handle) => handle.id));
      for (const [id, old] of made) {
        if (wanted.has(id)) continue;
        old.group.remove();
        made.delete(id);
      }
      for (const handle of handles) {
        const one = made.get(handle.id) ?? make(handle.id);
        made.set(handle.id, one);
        one.place(handle, x, y, rem);
      }
    },
  };
}
