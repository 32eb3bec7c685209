// The way through a graph: numbers forward, one operation at a time; the 1 at the end; gradients back.

/** @typedef {{kind: "all"|"start"|"forward"|"seed"|"backward", node: number}} Place */

export const ALL = -1;

/**
 * Every step of a graph, in order; after the last stands "all".
 * @param {import("./twin.js").Plan[]} nodes @param {boolean[]} moves
 * @returns {Place[]}
 */
export function stepsOf(nodes, moves) {
  const last = nodes.length - 1;
  const operations = nodes.map((_, i) => i).filter((i) => nodes[i].parents.length);
  const back = operations.filter((i) => moves[i]).reverse();
  return [
    { kind: "start", node: -1 },
    ...operations.map((node) => /** @type {Place} */ ({ kind: "forward", node })),
    ...(moves[last] ? [/** @type {Place} */ ({ kind: "seed", node: last })] : []),
    ...back.map((node) => /** @type {Place} */ ({ kind: "backward", node })),
  ];
}

/**
 * What is known once the first `step` steps are done.
 * @param {ReturnType<typeof import("./twin.js").run>} tape @param {import("./twin.js").Plan[]} nodes
 * @param {Place[]} steps @param {number} step
 * @returns {{value: boolean[], sent: boolean[], grad: (number|null)[], arrived: number[]}} of each node whether its value
 *   is known, of each product whether it was sent, the gradients as far as they are added up, and from how many uses
 */
export function reached(tape, nodes, steps, step) {
  const done = step === ALL ? steps : steps.slice(0, step + 1);
  const forward = new Set(done.filter(({ kind }) => kind === "forward").map(({ node }) => node));
  const back = new Set(done.filter(({ kind }) => kind === "backward").map(({ node }) => node));
  const seeded = done.some(({ kind }) => kind === "seed"), last = nodes.length - 1;
  const value = nodes.map(({ parents }, i) => (!parents.length || forward.has(i)) && !Number.isNaN(tape.value[i]));
  const sent = tape.sent.map(({ node }) => back.has(node));
  const arrived = nodes.map((_, i) => tape.sent.filter((s, at) => s.parent === i && sent[at]).length);
  const grad = nodes.map((_, i) => {
    if (!tape.moves[i] || tape.trouble) return null;
    if (i === last) return seeded ? 1 : null;
    return arrived[i] ? tape.sent.reduce((sum, s, at) => sum + (s.parent === i && sent[at] ? s.amount : 0), 0) : null;
  });
  return { value, sent, grad, arrived };
}
