// The words with which every component makes its elements.

/**
 * @param {string} tag
 * @param {string} [classes]
 * @param {...(Node|string|(Node|string)[])} inside nodes and texts; nothing in a text is read as markup
 * @returns {HTMLElement}
 */
export function el(tag, classes = "", ...inside) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  made.append(...inside.flat());
  return made;
}

/** An element that says what it is to a screen reader. @template {Element} E @param {string} role @param {E} element @returns {E} */
export function as(role, element) {
  element.setAttribute("role", role);
  return element;
}

/** A row of a grid, which takes no part in how its cells stand. @param {...HTMLElement} cells */
export const gridRow = (...cells) => as("row", el("div", "cell-row", ...cells));

/**
 * @param {string} classes
 * @param {string} label
 * @param {() => void} click
 * @param {...(Node|string)} children
 * @returns {HTMLButtonElement}
 */
export function button(classes, label, click, ...children) {
  const made = /** @type {HTMLButtonElement} */ (el("button", classes, ...children));
  made.type = "button";
  if (label) made.setAttribute("aria-label", label);
  made.onclick = click;
  return made;
}

/**
 * Trusted markup of our own (formulas, icons), never a learner's text.
 * @param {string} tag
 * @param {string} classes
 * @param {string} html
 */
export function markup(tag, classes, html) {
  const made = el(tag, classes);
  made.innerHTML = html;
  return made;
}

const GAP = /\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g;

/**
 * Words with gaps: {name} becomes its value, {name|step|steps} the word for so many; a gap without a value stays.
 * ui/i18n.py fills the server's in the same way.
 * @param {string} words @param {Record<string, string|number>} values
 */
export const fill = (words, values) => words.replace(GAP, (gap, name, one, many) => {
  if (!(name in values)) return gap;
  return one === undefined ? String(values[name]) : String(values[name]) === "1" ? one : many;
});

/** A product, as far as it is short: "1 × 1", "pixel × dy". Chinese words stand around it without a space. */
const FACTOR = "[^\\s\\u3000-\\u9fff\\uff00-\\uffef]{1,12}", PRODUCT = new RegExp(`(${[FACTOR, FACTOR].join(" × ")})`);

/** No line ends within a product. @param {string} words */
const unbroken = (words) => words.split(PRODUCT).map((part, i) => (i % 2 ? el("span", "unbroken", part) : part));

/**
 * A sentence with its numbers: {name} is filled in, **…** is strong. Only text nodes are made, none of it is markup.
 * @param {string} template
 * @param {Record<string, string|number>} values
 * @returns {DocumentFragment}
 */
export function sentence(template, values) {
  const made = document.createDocumentFragment();
  fill(template, values).split("**").forEach((piece, i) => made.append(...(i % 2 ? [el("b", "", piece)] : unbroken(piece))));
  return made;
}
