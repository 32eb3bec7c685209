import { bringWords } from "shared/page_words.js";
import { keepAddresses } from "./address.js";
import { followMode } from "./mode.js";
import { fitPaper } from "./paper.js";
import { nameUploads } from "./uploads.js";
import { tellVisit } from "./visit.js";

/**
 * @param {{data: {token: string, holds: boolean, answered: string, words: Record<string, string>,
 *   language: string}, parentElement: ShadowRoot,
 *   setTriggerValue: (name: string, value: string) => void}} component
 */
export default function ({ data, parentElement, setTriggerValue }) {
  document.documentElement.lang = data.language;
  bringWords(data.words);
  keepAddresses();
  fitPaper();
  nameUploads();
  tellVisit(data, (token) => setTriggerValue("returned", token));
  return followMode(parentElement, (mode) => setTriggerValue("switched", mode));
}
