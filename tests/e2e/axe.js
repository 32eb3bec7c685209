// What axe-core finds fault with, each element by its rule, where it is, and why.

/** Off unless asked for, the first as an experiment: a name holds the words that are seen; what is pressed is as large as a fingertip. */
const ASKED_FOR = { "label-content-name-mismatch": { enabled: true }, "target-size": { enabled: true } };

/** What stands around a picture, whichever of its views and scenes is shown. */
const AROUND = ["header", "[class*=st-key-section-]"];

/** An element and those around it, those around its component too. */
function* outwards(element) {
  for (let node = element; node; node = node.parentElement ?? node.getRootNode().host) yield node;
}

/**
 * @param {{rule: string, selector: string}[]} excused what isn't the project's own, with all that stands inside
 * @param {string[]|null} only these rules; null for all
 * @param {boolean} whole whether what stands around the picture is looked at again
 */
window.axeFaults = async (excused, only, whole) => {
  const how = only ? { runOnly: only } : { rules: ASKED_FOR };
  const exclude = whole ? [] : AROUND.filter((one) => document.querySelector(one));
  const asked = { ...how, resultTypes: ["violations"], elementRef: true };
  const { violations } = await axe.run({ include: [document], exclude }, asked);
  const found = [], used = new Set();
  for (const { id, nodes } of violations) {
    for (const { element, any, all, none } of nodes) {
      const excuse = excused.findIndex(({ rule, selector }) => rule === id && [...outwards(element)].some((one) => one.matches(selector)));
      if (excuse >= 0) used.add(excuse);
      else found.push([id, element.outerHTML.slice(0, 160), [...any, ...all, ...none].map(({ message }) => message).join("; ")]);
    }
  }
  return { found, used: [...used] };
};
