// What is printed on a page, line by line as it is read: what stands beside one another is one line, a chip is a bracket,
// a raised text a power. A hint that begins with "=" goes on after the element that has it.
window.printed = (() => {
  const BESIDE = /^(inline|contents|ruby)/, ASIDE = "style, script, noscript, [hidden], .st-key-section-exercises", MATRIX = ".matrix";
  const NAME = /^(?!(ln|exp|max|min|tanh) )\p{L}+[₀-₉]* (?=[−\d])/u;  // a chip's: b 0.5
  const seen = (node) => getComputedStyle(node).display !== "none" && getComputedStyle(node).visibility !== "hidden";
  const inRow = ({ display, flexDirection }) => /flex/.test(display) && !flexDirection.startsWith("column");

  function read(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent.replace(/\s+/g, " ");
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(ASIDE) || !seen(node)) return "";
    if (node.matches(".katex")) return `$${node.querySelector("annotation")?.textContent ?? ""}$`;
    if (node.matches(".frac")) return `((${read(node.firstElementChild)})/(${read(node.lastElementChild)}))`;
    if (node.matches(MATRIX)) return ` ${cells(node.querySelector(".matrix-cells") ?? node)} `;
    if (node.matches(".chip > small")) return "";
    if (node.matches(".gap")) return "; ";
    const inside = all(node);
    if (node.matches("sup")) return `^[${inside}]`;
    if (node.matches("sub")) return `_${inside}`;
    if (!node.matches(".chip")) return inside;
    const text = node.matches(".more") ? inside.match(/[−-]?[^\s]+$/)?.[0] ?? "" : inside;
    return text.trim() && ` ⟦${text.trim().replace(NAME, "")}⟧ `;
  }

  // A matrix, row by row: ▦[1|2;3|4].
  function cells(grid) {
    const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length, texts = [...grid.children].map((one) => read(one).trim());
    const rows = Array.from({ length: Math.ceil(texts.length / columns) }, (_, i) => texts.slice(i * columns, (i + 1) * columns).join("|"));
    return `▦[${rows.join(";")}]`;
  }

  function all(node) {
    const style = getComputedStyle(node), row = inRow(style), children = [...(node.shadowRoot ?? node).childNodes];
    const column = !row && /flex|grid/.test(style.display);
    let text = "";
    for (const child of children) {
      const piece = read(child), own = child.nodeType === Node.ELEMENT_NODE ? getComputedStyle(child) : null;
      const below = column || (own && !row && !BESIDE.test(own.display)) || piece.includes("\n") || child instanceof SVGElement;
      text += below && piece ? `\n${piece}\n` : row ? ` ${piece} ` : piece;
    }
    return text;
  }

  // What a hint says, and what goes on in one.
  function hints(root) {
    return [...root.querySelectorAll("*")].flatMap((node) => [
      ...(node.shadowRoot ? hints(node.shadowRoot) : []),
      ...["title", "aria-label", "aria-valuetext"].filter((name) => node.hasAttribute(name) && node.checkVisibility()).map((name) => {
        const said = node.getAttribute(name);
        return said.startsWith("=") ? `${read(node)} ${said}`.replace(/\s+/g, " ") : said;
      }),
    ]);
  }

  const lines = (root = document.querySelector('[data-testid="stMain"]')) => {
    const read = `${all(root)}\n${hints(root).join("\n")}`.split("\n").map((line) => line.replace(/\s+/g, " ").trim());
    return [...new Set(read.filter((line) => /[=≈]/.test(line) && /\d/.test(line)))];
  };

  const roots = () => [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')].flatMap((host) => host.shadowRoot ?? []);

  // What the pictures say while the pointer is in one after another of what answers to it.
  async function pointed(selector, most) {
    const found = new Set(), frame = () => new Promise(requestAnimationFrame);
    for (const root of roots()) {
      const cells = [...root.querySelectorAll(selector)].filter((node) => node.checkVisibility());
      const step = Math.max(1, cells.length / most);
      for (let at = 0; at < cells.length; at += step) {
        const cell = cells[Math.floor(at)], box = cell.getBoundingClientRect();
        const middle = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
        const where = { ...middle, bubbles: true, composed: true, pointerType: "mouse" };
        for (const name of ["pointerover", "pointermove"]) cell.dispatchEvent(new PointerEvent(name, where));
        cell.dispatchEvent(new PointerEvent("pointerenter", { ...where, bubbles: false }));
        await frame();
        await frame();
        for (const shelf of root.querySelectorAll(".shelf, .say, .kicker, .notes")) for (const line of lines(shelf)) found.add(line);
      }
    }
    return [...found];
  }
  return { lines, pointed };
})();
