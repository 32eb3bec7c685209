// What Streamlit's field for a file says to a screen reader: in English only. The words for it stand in the style of the
// place around it, beside those that are seen (ui/uploads.py).
import { fill } from "shared/dom.js";

const FIELD = '[data-testid="stFileUploader"]', CHIP = '[data-testid="stFileChip"]', FILE = '[data-testid="stFileChipName"]';
/** What is named, and by which of the words. */
const NAMED = [
  ['[data-testid="stFileUploaderDropzoneInput"]', "--upload-choose"],
  [`${CHIP} [data-testid="stFileChipDeleteBtn"] button`, "--upload-remove"],
  ['[data-testid="stFileChips"] > button', "--upload-another"],
];

let names = false;

/** Whatever comes into a field for a file is named in the reader's language; once for a page. */
export function nameUploads() {
  if (names) return;
  names = true;
  new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true, characterData: true });
  nameAll();
}

function nameAll() {
  for (const field of document.querySelectorAll(FIELD)) {
    const style = getComputedStyle(field);
    for (const [selector, word] of NAMED) {
      const text = style.getPropertyValue(word).trim();
      for (const one of text ? field.querySelectorAll(selector) : []) {
        const said = fill(JSON.parse(text), { name: one.closest(CHIP)?.querySelector(FILE)?.textContent ?? "" });
        if (one.getAttribute("aria-label") !== said) one.setAttribute("aria-label", said);
      }
    }
  }
}
