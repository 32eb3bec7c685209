// The word with which every component makes its elements.

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
