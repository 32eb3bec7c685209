// What stands in another's way on a page's board, or isn't all to be seen: words over words, and boxes that cut what they hold.
const SLACK = 3;
/** A scroller that says so by what it is: code and wide tables may be moved, whole words may be shortened by dots. */
const MOVED = "pre, .steps, .track, .phase, .phase > span, .code-line, .strip, .starts, .scroll, .whole, .whole *";
/** The widest phone: there the arithmetic lies over the picture's foot, and what is wider slides. */
const PHONE = 600, FLOATING = ".shelf.staying";
/** What stands in one piece with lines of its own: none of it may lie over other words. */
const WHOLE = ".frac";
/** What is laid out as a formula is, what is small on purpose until it is pointed at, and what only a screen reader finds. */
const LAID = ".cells, .steps, .katex, .frac, .sum big, .whole, .weight.crowded, .spoken, option";

const board = () => [...document.querySelectorAll("*")].map((one) => one.shadowRoot?.querySelector(".board")).find(Boolean);
const nameOf = (node) => `${node.localName}.${[...node.classList].join(".")} "${node.textContent.trim().slice(0, 24)}"`;

function cut(root) {
  const found = [];
  for (const node of [root, ...root.querySelectorAll("*")]) {
    if (node.ownerSVGElement || node.matches(`${MOVED}, .spoken`)) continue;
    if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const { overflowX, overflowY } = getComputedStyle(node);
    if (overflowY !== "visible" && node.clientHeight && node.scrollHeight > node.clientHeight + SLACK)
      found.push(`${node.scrollHeight - node.clientHeight} px of height cut: ${nameOf(node)}`);
    if (overflowX !== "visible" && node.clientWidth && node.scrollWidth > node.clientWidth + SLACK)
      found.push(`${node.scrollWidth - node.clientWidth} px of width cut: ${nameOf(node)}`);
  }
  return found;
}

/** What of an element is seen at all: where the scrollers around it end. @param {Map<Element, {left, right, top, bottom}>} known */
function seenOf(node, known) {
  if (!node || known.has(node)) return known.get(node) ?? { left: -Infinity, right: Infinity, top: -Infinity, bottom: Infinity };
  const around = seenOf(node.parentElement, known), { overflowX, overflowY } = getComputedStyle(node), box = node.getBoundingClientRect();
  const seen = { ...around };
  if (!node.ownerSVGElement && overflowX !== "visible") {
    seen.left = Math.max(seen.left, box.left);
    seen.right = Math.min(seen.right, box.right);
  }
  if (!node.ownerSVGElement && overflowY !== "visible") {
    seen.top = Math.max(seen.top, box.top);
    seen.bottom = Math.min(seen.bottom, box.bottom);
  }
  known.set(node, seen);
  return seen;
}

function overlaps(root) {
  const words = document.createRange(), placed = [], known = new Map();
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (const node of root.querySelectorAll(WHOLE)) {
    if (node.parentElement.closest(WHOLE) || !node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const { left, right, top, bottom } = node.getBoundingClientRect(), part = (bottom - top) / 6, seen = seenOf(node, known);
    const box = {
      left: Math.max(left, seen.left), right: Math.min(right, seen.right),
      top: Math.max(top + part, seen.top), bottom: Math.min(bottom - part, seen.bottom),
    };
    if (box.right - box.left > 2 && box.bottom > box.top) placed.push({ node, ...box });
  }
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const node = text.parentElement;
    if (!text.data.trim() || node.closest(LAID) || parseFloat(getComputedStyle(node).fontSize) === 0) continue;
    if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    words.selectNodeContents(text);
    const size = parseFloat(getComputedStyle(node).fontSize);
    for (const { left, right, top, bottom } of words.getClientRects()) {
      // The letters themselves, without the leading around them.
      const middle = (top + bottom) / 2, half = Math.min(bottom - top, 0.7 * size) / 2, seen = seenOf(node, known);
      const box = {
        left: Math.max(left, seen.left), right: Math.min(right, seen.right),
        top: Math.max(middle - half, seen.top), bottom: Math.min(middle + half, seen.bottom),
      };
      if (box.right - box.left > 2 && box.bottom > box.top) placed.push({ node, ...box });
    }
  }
  const found = [];
  placed.forEach((one, i) => {
    for (const other of placed.slice(i + 1)) {
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      const apart = one.node === other.node
        || innerWidth <= PHONE && one.node.closest(FLOATING) !== other.node.closest(FLOATING);
      if (across > SLACK && down > SLACK && !apart) found.push(`${nameOf(one.node)} over ${nameOf(other.node)}`);
    }
  });
  return found;
}

window.crowding = {
  faults: () => {
    const root = board();
    return root ? [...(innerWidth > PHONE ? cut(root) : []), ...overlaps(root)] : [];
  },
};
