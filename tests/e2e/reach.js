// What of a page reaches beyond its screen, is cut off or lies under something else, each element by its name.

function nameOf(node) {
  const words = (node.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 30);
  return `${node.localName}.${node.getAttribute("class") ?? ""} “${words}” in ${keyOf(node)}`;
}

/** Whether the page slides along beneath it, so that what it covers can be uncovered. */
const slides = (node) => node !== null && (getComputedStyle(node).position === "sticky" || slides(parentOf(node)));

/** Let every typeface run wider, in the page and in its components. */
function widen(css) {
  const sheet = (window.wider ??= new CSSStyleSheet());
  sheet.replaceSync(css);
  const wear = (root) => { if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet); };
  wear(document);
  inside(document, (node) => { if (node.shadowRoot) wear(node.shadowRoot); });
}

function faults() {
  const screen = document.documentElement.clientWidth, main = document.querySelector("[data-testid=stMain]"), found = [];
  const edges = new Map(), words = document.createRange();
  /** The nearest thing around that hides what reaches beyond it, or scrolls. */
  const edge = (node) => {
    if (!node || node === document.body || node === main) return null;
    if (!edges.has(node)) edges.set(node, getComputedStyle(node).overflowX === "visible" ? edge(parentOf(node)) : node);
    return edges.get(node);
  };
  // A page that has grown narrow may have slid under the bar.
  main.scrollTop = 0;
  if (main.scrollWidth > screen) found.push(`the page is ${main.scrollWidth} wide`);
  inside(document.body, (node) => {
    const box = node.getBoundingClientRect();
    if (!box.width || !box.height || !node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return;
    if (!node.ownerSVGElement && !edge(parentOf(node)) && (box.right > screen + 0.4 || box.left < -0.4)) {
      found.push(`${nameOf(node)} reaches from ${Math.round(box.left)} to ${Math.round(box.right)}`);
    }
    const hides = edge(node);
    if (!hides || !["auto", "scroll"].includes(getComputedStyle(hides).overflowX)) {
      const room = hides?.getBoundingClientRect() ?? { left: 0, right: screen, width: screen };
      for (const child of node.childNodes) {
        if (child.nodeType !== Node.TEXT_NODE || !child.data.trim()) continue;
        words.selectNodeContents(child);
        const { left, right } = words.getBoundingClientRect();
        // What only a screen reader is to find has no room at all.
        if (room.width <= 2 || (right <= room.right + 1 && left >= room.left - 1)) continue;
        found.push(`${nameOf(node)} is cut: ${Math.round(left)} to ${Math.round(right)}, with room to ${Math.round(room.right)}`);
      }
    }
    const y = box.top + box.height / 2;
    if (node.matches("button") && !edge(parentOf(node)) && y > 1 && y < window.innerHeight - 1) {
      for (const x of [box.left + 4, box.left + box.width / 2, box.right - 4]) {
        const there = document.elementFromPoint(x, y), top = there?.shadowRoot?.elementFromPoint(x, y) ?? there;
        if (node.contains(top) || slides(top)) continue;
        found.push(`${nameOf(node)} is covered at ${Math.round(x)} by ${top ? nameOf(top) : "the edge"}`);
      }
    }
  });
  return found;
}

window.reach = { widen, faults };
