// How large each word of a page stands on the screen, and which numbers don't fit into their cells.

const CELL = ".cell, .lens-cell, .entry-cell", EDGE = 1;

function nameOf(node) {
  const words = (node.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 24);
  const names = [node, parentOf(node)].map((one) => `${one.localName}.${(one.getAttribute("class") ?? "").trim().replace(/\s+/g, ".")}`);
  return `${names.reverse().join(" > ")} “${words}” in ${keyOf(node)}`;
}

/** A drawing's type is as large as its unit stands on the screen. */
function pixelsOf(node) {
  const size = parseFloat(getComputedStyle(node).fontSize), matrix = node.ownerSVGElement ? node.getScreenCTM() : null;
  return size * (matrix ? Math.hypot(matrix.c, matrix.d) : 1);
}

const shown = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true });

/** Its own words. */
const wordsOf = (node) => [...node.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE && /[^\s\u200b]/.test(child.data));

/** What only a screen reader is to find has no room at all. */
const hidden = (node) => {
  for (let at = node, steps = 0; at && steps < 3; at = parentOf(at), steps += 1) {
    const { width, height } = at.getBoundingClientRect();
    if (!at.ownerSVGElement && getComputedStyle(at).overflow !== "visible" && (width <= 2 || height <= 2)) return true;
  }
  return false;
};

/** Every kind of word on the page with its size: one of a kind stands for all. */
function sizes() {
  const found = new Map();
  inside(document.body, (node) => {
    if (!wordsOf(node).length || !shown(node) || hidden(node)) return;
    const box = node.getBoundingClientRect();
    if (!box.width || !box.height) return;
    const px = pixelsOf(node), kind = `${px.toFixed(1)} ${node.localName}.${node.getAttribute("class")} ${keyOf(node)}`;
    if (px > 0 && !found.has(kind)) found.set(kind, [px, nameOf(node)]);
  });
  return [...found.values()].sort((a, b) => a[0] - b[0]);
}

/** Words on a canvas are no elements: painted.js kept how large they are, here as they stand on the screen. */
function painted(least) {
  const found = [];
  inside(document.body, (node) => {
    if (node.localName !== "canvas" || !node.painted || !shown(node)) return;
    const scale = node.getBoundingClientRect().height / node.height;
    const small = node.painted.words.find(({ size }) => size * scale < least - 0.15);
    if (small) found.push(`${(small.size * scale).toFixed(1)} px: painted “${small.words}” in ${keyOf(node)}`);
  });
  return found;
}

/** Fields whose number is longer than their room. */
function cutFields() {
  const found = [];
  inside(document.body, (node) => {
    if (node.localName !== "input" || !/^(number|text)$/.test(node.type) || node.type === "text" && node.maxLength > 12) return;
    if (shown(node) && node.clientWidth && node.scrollWidth > node.clientWidth + 1) found.push(`“${node.value}” cut: ${nameOf(node)}`);
  });
  return found;
}

/** Indices that a fraction's bar strikes, or the end of the fraction cuts. */
function struckIndices() {
  const found = [], words = document.createRange();
  inside(document.body, (node) => {
    if (node.localName !== "sub" || !shown(node) || node.querySelector("sub")) return;
    const part = node.closest(".frac > *");
    if (!part) return;
    words.selectNodeContents(node);
    const { top, bottom } = words.getBoundingClientRect(), { bottom: end } = part.getBoundingClientRect();
    // Where the letters stand: about a third of their size below the middle of their line.
    const stands = (top + bottom) / 2 + 0.36 * parseFloat(getComputedStyle(node).fontSize);
    if (stands > end - (part.matches(":first-child") ? EDGE : 0)) found.push(`struck by a bar: ${nameOf(node)}`);
  });
  return found;
}

/** Products of two numbers, in a sentence, of which a line holds one and the next the other. */
function brokenProducts() {
  const found = [], words = document.createRange();
  inside(document.body, (node) => {
    if (!node.closest(".say p, .notes") || !shown(node)) return;
    for (const child of wordsOf(node)) {
      for (const { 0: product, index } of child.data.matchAll(/[\d.]+ × [−(\d.]+/g)) {
        words.setStart(child, index);
        words.setEnd(child, index + product.length);
        const lines = new Set([...words.getClientRects()].map(({ top }) => Math.round(top)));
        if (lines.size > 1) found.push(`broken “${product}”: ${nameOf(node)}`);
      }
    }
  });
  return found;
}

/** Whether a scroller around it ends before this place. */
const beyond = (node, x, y) => {
  for (let at = parentOf(node); at; at = parentOf(at)) {
    const { left, right, top, bottom } = at.getBoundingClientRect();
    if (getComputedStyle(at).overflow !== "visible" && (x < left || x > right || y < top || y > bottom)) return true;
  }
  return false;
};

/** Indices that a cell beneath them lies over. */
function coveredIndices() {
  const found = [], words = document.createRange();
  inside(document.body, (node) => {
    if (node.localName !== "sub" || !shown(node) || node.closest(".frac")) return;
    words.selectNodeContents(node);
    const { left, right, top, bottom } = words.getBoundingClientRect();
    const middle = (left + right) / 2, foot = (top + bottom) / 2 + 0.3 * parseFloat(getComputedStyle(node).fontSize);
    const over = node.getRootNode().elementFromPoint(middle, foot)?.closest(CELL);
    if (over && !over.contains(node) && !beyond(node, middle, foot)) found.push(`covered by ${nameOf(over)}: ${nameOf(node)}`);
  });
  return found;
}

/** What is wrong with the type: too small, cut, struck through, or too near to its cell's edge. */
function faults(least) {
  const found = sizes().filter(([px]) => px < least - 0.15).map(([px, name]) => `${px.toFixed(1)} px: ${name}`);
  found.push(...painted(least), ...cutFields(), ...struckIndices(), ...coveredIndices(), ...brokenProducts());
  const words = document.createRange();
  inside(document.body, (node) => {
    const cell = wordsOf(node).length && shown(node) && !node.ownerSVGElement ? node.closest(CELL) : null;
    if (!cell || parseFloat(getComputedStyle(node).fontSize) === 0) return;
    const room = cell.getBoundingClientRect();
    if (!room.width || hidden(node)) return;
    for (const child of wordsOf(node)) {
      words.selectNodeContents(child);
      const { left, right } = words.getBoundingClientRect();
      if (left < room.left + EDGE || right > room.right - EDGE) {
        found.push(`${(right - left).toFixed(1)} wide in ${room.width.toFixed(1)}: ${nameOf(node)}`);
      }
    }
  });
  return found;
}

window.legible = { sizes, faults };
