// What every look at a page walks over: its elements, in its components too, and what each is called.

/** Every element of the page and of its components but the menu beside the screen and what nobody sees. */
function inside(node, visit) {
  for (const child of node.children) {
    if (child.matches("[data-testid=stSidebar], .katex-mathml, script, style, title, desc")) continue;
    visit(child);
    if (child.shadowRoot) inside(child.shadowRoot, visit);
    inside(child, visit);
  }
}

const parentOf = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;

function keyOf(node) {
  const keyed = node.closest("[class*=st-key-]"), host = node.getRootNode().host;
  return keyed ? keyed.className.match(/st-key-([\w-]+)/)[1] : host ? keyOf(host) : "the header";
}
