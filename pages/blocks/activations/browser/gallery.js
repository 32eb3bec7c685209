// All activations in a row: each a small picture of its curve and slope. A click chooses one, its + lays it beside.
import { button, el } from "shared/dom.js";
import { svg } from "shared/plot_marks.js";

const VIEW = { left: -4, right: 4, low: -1.3, high: 2.2 };
const WIDTH = 96, HEIGHT = 42, EVERY = 4;

/** @param {any} board @param {HTMLElement} row */
export function makeGallery(board, row) {
  const labels = board.labels;
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", labels.functions);
  const cards = board.meta.functions.map((/** @type {any} */ f) => {
    const curve = svg("path", { class: "curve strong" }), slope = svg("path", { class: "curve strong dash" });
    const zero = HEIGHT * (VIEW.high / (VIEW.high - VIEW.low));
    const axes = svg(
      "g", { class: "grid" },
      svg("line", { x1: 0, x2: WIDTH, y1: zero, y2: zero, class: "zero" }),
      svg("line", { x1: WIDTH / 2, x2: WIDTH / 2, y1: 0, y2: HEIGHT }),
    );
    const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "plot small", "aria-hidden": "true" }, axes, slope, curve);
    const choose = button(
      "thumb", labels.choose.replace("{name}", f.title), () => board.set("f", f.name, true), el("span", "", f.title), picture,
    );
    choose.dataset.name = f.name;
    const pin = button("pin", labels.compare_with.replace("{name}", f.title), () => board.pin(f.name), "+");
    pin.title = labels.compare_with.replace("{name}", f.title);
    return { f, choose, pin, curve, slope, card: el("div", "card", choose, pin) };
  });
  row.replaceChildren(...cards.map((/** @type {any} */ made) => made.card));

  /** @param {ArrayLike<number>} x @param {ArrayLike<number>} y */
  function path(x, y) {
    let drawn = "";
    for (let i = 0; i < x.length; i += EVERY) {
      if (x[i] < VIEW.left || x[i] > VIEW.right) continue;
      const across = ((x[i] - VIEW.left) / (VIEW.right - VIEW.left)) * WIDTH;
      const up = ((VIEW.high - Math.max(-9, Math.min(9, y[i]))) / (VIEW.high - VIEW.low)) * HEIGHT;
      drawn += `${drawn ? "L" : "M"}${across.toFixed(1)} ${up.toFixed(1)}`;
    }
    return drawn;
  }

  return {
    update() {
      for (const { f, choose, pin, curve, slope } of cards) {
        const table = board.table(f.name);
        curve.setAttribute("d", path(table.x, table.y));
        slope.setAttribute("d", path(table.x, table.slope));
        choose.setAttribute("aria-pressed", String(f.name === board.state.f));
        pin.setAttribute("aria-pressed", String(board.pinned().includes(f.name)));
        pin.hidden = f.name === board.state.f || board.state.at !== "compare";
      }
    },
  };
}
