// What of a lesson doesn't fit on the screen: on a desk its picture and shelf, on a phone whatever is wider than it.

const PHONE = 600;

const named = (node) => `${node.localName}.${node.className} “${(node.textContent ?? "").trim().slice(0, 24)}”`;

/** Whether something around it lets it slide sideways, by itself. */
const slides = (node, board) => node !== board
  && (["auto", "scroll", "hidden"].includes(getComputedStyle(node).overflowX) || slides(node.parentElement, board));

function onDesk(board) {
  const shelf = board.querySelector(".shelf")?.getBoundingClientRect(), found = [];
  const bottom = (shelf?.bottom ?? 0) + document.querySelector("[data-testid=stMain]").scrollTop;
  if (bottom > innerHeight) found.push(`the shelf ends at ${Math.round(bottom)}`);
  for (const part of board.querySelectorAll(":is(.pictures, .picture)")) {
    if (part.scrollHeight > part.clientHeight + 1) found.push(`${named(part)} is ${part.scrollHeight} high and has ${part.clientHeight}`);
    if (part.scrollWidth > part.clientWidth + 1) found.push(`${named(part)} is ${part.scrollWidth} wide and has ${part.clientWidth}`);
  }
  return found;
}

function onPhone(board) {
  const main = document.querySelector("[data-testid=stMain]"), found = [];
  for (const part of [document.documentElement, main]) {
    if (part.scrollWidth > part.clientWidth) found.push(`${part.localName} is ${part.scrollWidth} wide`);
  }
  const pictures = board?.querySelector(".pictures, .picture")?.getBoundingClientRect();
  for (const knob of pictures?.height ? board.querySelectorAll(".knob") : []) {
    const { height, bottom } = knob.getBoundingClientRect();
    if (height && bottom <= pictures.top) found.push(`${named(knob)} stands before the picture that it changes`);
  }
  for (const part of board?.querySelectorAll("*") ?? []) {
    const { right, width } = part.getBoundingClientRect();
    if (!width || right <= innerWidth + 1 || part.ownerSVGElement || slides(part.parentElement, board)) continue;
    found.push(`${named(part)} ends at ${Math.round(right)}`);
  }
  return found;
}

window.fitting = {
  faults() {
    const boards = [...document.querySelectorAll("[data-drawn]")].map((host) => host.shadowRoot.querySelector(".board")).filter(Boolean);
    if (innerWidth <= PHONE) return boards.length ? boards.flatMap(onPhone) : onPhone(null);
    return boards.flatMap(onDesk);
  },
};
