// From one set of numbers to the next, in a few frames; at once for readers who want no motion.

const MS = 420;
const ease = (/** @type {number} */ t) => 1 - (1 - t) ** 3;

/** @param {(numbers: Float64Array) => void} draw */
export function makeTween(draw) {
  let shown = new Float64Array(0), frame = 0;

  return {
    /** @param {Float64Array} target @param {boolean} moves */
    to(target, moves) {
      cancelAnimationFrame(frame);
      const from = shown, began = performance.now();
      if (!moves || from.length !== target.length || matchMedia("(prefers-reduced-motion: reduce)").matches) {
        draw((shown = target));
        return;
      }
      const step = () => {
        const t = Math.min(1, (performance.now() - began) / MS), share = ease(t);
        shown = t < 1 ? target.map((value, i) => (Number.isFinite(from[i]) ? from[i] + (value - from[i]) * share : value)) : target;
        draw(shown);
        if (t < 1) frame = requestAnimationFrame(step);
      };
      step();
    },
    stop: () => cancelAnimationFrame(frame),
  };
}
