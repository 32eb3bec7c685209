// What is said of a step, and the arithmetic of a node: forward, what arrived from above, what it sends on.
import { between, chip, equal, head, line, sign, total } from "shared/arithmetic.js";
import { el, fill } from "shared/dom.js";
import { settle } from "shared/equation.js";
import { bracketed, product } from "shared/numbers.js";
import { applied, numeral, slope } from "./words.js";

/** Digits that count in the middle of a sum, where it holds with them. */
const DIGITS = 4;

/** Which block of words goes with an operation's way back. @type {Record<string, string>} */
const PATTERNS = { add: "add", subtract: "add", negate: "add", multiply: "multiply", max: "max", relu: "max" };
const patternOf = (/** @type {string} */ op) => PATTERNS[op] ?? "local";

/** Which block of words, and its numbers. @param {any} board @returns {[string, Record<string, string|number>]} */
export function saidOf(board) {
  const { tape, names, nodes, place } = board, last = nodes.length - 1, f = names[last];
  if (tape.trouble) return ["scene-broken", { name: names[tape.trouble.node], reason: board.reason(tape.trouble) }];
  const facts = { f, value: numeral(tape.value[last], 6), count: nodes.filter(({ op }) => op === "variable").length };
  if (board.moved) return ["scene-moved", { ...facts, ...changeOf(board) }];
  if (place.kind === "all") return [nodes[last].parents.length && tape.moves[last] ? "scene-all" : "scene-plain", facts];
  if (place.kind === "start" || place.kind === "seed") return [`scene-${place.kind}`, facts];
  const node = nodes[place.node], own = names[place.node];
  const operands = node.parents.map((parent) => names[parent]), result = numeral(tape.value[place.node]);
  const numbers = (/** @type {number} */ digits) => applied(node, node.parents.map((parent) => numeral(tape.value[parent], digits)));
  const { digits, sign: is } = settle(numbers, result, DIGITS);
  const upstream = tape.grad[place.node], made = {
    ...facts, name: own, written: applied(node, operands), numbers: numbers(digits), is, result,
    upstream: upstream === null ? "" : numeral(upstream),
  };
  if (place.kind === "forward") return ["scene-forward", made];
  return [`scene-${patternOf(node.op)}`, made];
}

/** How far the last pull moved f, and how far the gradient had said it would. @param {any} board */
function changeOf(board) {
  const { name, from, f, grad } = board.moved, by = board.inputs[name] - from, last = board.nodes.length - 1;
  const variable = board.names[board.nodes.findIndex(({ op, label }) => op === "variable" && label === name)];
  const change = board.tape.value[last] - f, foretold = signed(grad * by);
  const { digits, sign: is } = settle((count) => product(numeral(by), numeral(grad, count)), foretold.replace("+", ""), DIGITS);
  return { variable, by: signed(by), change: signed(change), foretold, slope: numeral(grad), times: bracketed(numeral(grad, digits)), is };
}

const signed = (/** @type {number} */ value) => (value > 0 ? "+" : "") + numeral(Number(value.toPrecision(6)));

/** The lines of the shelf for the node in focus. @param {any} board @returns {Node[]} */
export function shelfOf(board) {
  const { nodes, names, tape, focus, labels, reached } = board, node = nodes[focus], f = names[nodes.length - 1];
  const help = board.narrow ? labels.tap : labels.hover;
  const note = node.op === "variable" ? labels.note_variable : node.op === "constant" ? labels.note_constant : labels[`pattern_${node.op}`];
  const lines = [head(names[focus], note, help)];
  if (tape.trouble?.node === focus) return [...lines, line(el("span", "trouble-text", board.reason(tape.trouble)))];
  if (node.parents.length && reached.value[focus]) lines.push(forwardLine(node, focus, board));
  if (node.op === "constant" || tape.trouble) return lines;
  const arrived = arrivedLine(board, f);
  if (arrived) lines.push(arrived);
  const sends = tape.sent.filter((sent, at) => sent.node === focus && reached.sent[at]);
  if (sends.length) lines.push(line(...sends.flatMap((sent) => sentParts(sent, board, f))));
  if (node.op === "variable" && board.place.kind === "all") {
    const nudge = fill(labels.nudge, { name: names[focus], f, by: "0.01" });
    lines.push(line(el("span", "aside", fill(nudge, { change: signed(0.01 * tape.grad[focus]) }))));
  }
  return lines;
}

function forwardLine(node, focus, { names, tape, nodes }) {
  const value = tape.value[focus], written = applied(node, node.parents.map((parent) => names[parent]));
  const numbers = (/** @type {number} */ digits) =>
    [chip(applied(node, node.parents.map((parent) => numeral(tape.value[parent], digits))), value)];
  return line(
    el("b", "symbol", names[focus]), sign("="), el("span", "written", written), sign("="),
    ...equal(numbers, numeral(value, 6), value, DIGITS));
}

/** What reached this node: one product for each use, added up. */
function arrivedLine({ nodes, names, tape, focus, reached, labels }, f) {
  const start = line(el("b", "symbol", slope(f, names[focus])), sign("="));
  if (focus === nodes.length - 1) {
    if (reached.grad[focus] === null) return null;
    start.append(total("1", 1), el("span", "aside", labels.seed));
    return start;
  }
  const uses = tape.sent.filter((sent, at) => sent.parent === focus && reached.sent[at]);
  if (!uses.length) return null;
  const chips = (/** @type {number} */ digits) =>
    between(uses.map((sent) => chip(product(numeral(sent.grad, digits), numeral(sent.local, digits)), sent.amount)), "+");
  start.append(...equal(chips, numeral(reached.grad[focus], 6), reached.grad[focus], DIGITS));
  const all = tape.sent.filter((sent) => sent.parent === focus).length;
  const counted = uses.length < all ? labels.uses_so_far : labels.uses;
  if (all > 1) start.append(el("span", "aside", fill(counted, { count: all, so_far: uses.length })));
  return start;
}

/** upstream × local = what goes to one operand. */
function sentParts(sent, { names, nodes, labels }, f) {
  const own = names[sent.node], to = names[sent.parent];
  const factors = (/** @type {number} */ digits) => [
    chip(numeral(sent.grad, digits), sent.grad, { help: `${slope(f, own)} · ${labels.upstream}` }), sign("×"),
    chip(bracketed(numeral(sent.local, digits)), sent.local, { help: `${slope(own, to)} · ${labels.local}` }),
  ];
  return [el("span", "to", `→ ${to}`), ...equal(factors, numeral(sent.amount), sent.amount, DIGITS)];
}
