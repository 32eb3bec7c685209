"""Typed formulas: their values and gradients, step by step, and what is refused without being executed."""

import ast
import builtins
import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.autograd.expression import (
    FUNCTIONS,
    MAX_DEPTH,
    MAX_LENGTH,
    OPERATIONS,
    Graph,
    ParseError,
    names,
    outline,
    parse,
)
from engine.autograd.tape import LARGEST, Tape

POINT = {"x": 3.0, "y": -4.0, "z": 0.5}


def test_a_sum_times_a_number() -> None:
    """Curriculum B, graph: (x + y)·z at -2, 5, -4."""
    graph = parse("(x + y) * z", {"x": -2, "y": 5, "z": -4})
    assert graph.value == -12
    assert graph.grads == {"x": -4, "y": -4, "z": 3}


def test_a_sigmoid_neuron() -> None:
    """Curriculum B, graph: w = (2, -3, -3), x = (-1, -2)."""
    graph = parse("1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))", {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3})
    assert graph.value == pytest.approx(0.7311, abs=5e-5)
    expected = {"w0": -0.1966, "w1": -0.3932, "w2": 0.1966, "x0": 0.3932, "x1": -0.5898}
    assert graph.grads == pytest.approx(expected, abs=5e-5)
    whole = parse("sigmoid(w0*x0 + w1*x1 + w2)", {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3})
    assert whole.grads == pytest.approx(graph.grads, rel=1e-12)


def test_a_function_computed_in_stages() -> None:
    """Curriculum B, graph: (x + σ(y)) / (σ(x) + (x + y)²) at 3, -4."""
    graph = parse("(x + sigmoid(y)) / (sigmoid(x) + (x + y)**2)", {"x": 3, "y": -4})
    assert graph.value == pytest.approx(1.54564, abs=5e-6)
    assert graph.grads == pytest.approx({"x": 2.05957, "y": 1.59223}, abs=5e-6)


Drawn = tuple[str, torch.Tensor]
UNARY: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "exp": torch.exp,
    "log": torch.log,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
}


class Unsound(Exception):
    """A drawn formula has a number on its way that isn't finite, or is very large."""


def draw(rng: np.random.Generator, leaves: dict[str, torch.Tensor], depth: int) -> Drawn:
    """A random formula as text, and PyTorch's value of it. Raises Unsound."""
    if depth == 0 or rng.random() < 0.1:
        if rng.random() < 0.8:
            name = str(rng.choice(list(leaves)))
            return name, leaves[name]
        number = round(float(rng.uniform(0.1, 3)), 2)
        return str(number), torch.tensor(number, dtype=torch.float64)
    text, value = _combine(rng, leaves, depth)
    if not abs(value.item()) < 1e6:
        raise Unsound
    return text, value


def _combine(rng: np.random.Generator, leaves: dict[str, torch.Tensor], depth: int) -> Drawn:
    kind = str(rng.choice(["+", "-", "*", "/", "**", "power", "negative", "max", *UNARY]))
    text, value = draw(rng, leaves, depth - 1)
    if kind in UNARY:
        return f"{kind}({text})", UNARY[kind](value)
    if kind == "negative":
        return f"-({text})", -value
    if kind == "power":
        exponent = int(rng.choice([-2, -1, 0, 1, 2, 3]))
        return f"({text})**{exponent}", value**exponent
    other, second = draw(rng, leaves, depth - 1)
    if kind == "max":
        return f"max({text}, {other})", torch.maximum(value, second)
    made = {"+": torch.add, "-": torch.sub, "*": torch.mul, "/": torch.div, "**": torch.pow}[kind]
    return f"({text}) {kind} ({other})", made(value, second)


def compared(rng: np.random.Generator) -> tuple[Graph, float] | None:
    """The graph of a random formula and its largest relative difference from PyTorch; None for one to pass over."""
    leaves = {name: torch.tensor(rng.uniform(-2, 2), dtype=torch.float64, requires_grad=True) for name in "xyz"}
    try:
        text, value = draw(rng, leaves, depth=4)
    except Unsound:
        return None
    if not value.requires_grad or len(text) > MAX_LENGTH:
        return None
    value.backward()
    theirs = {name: leaf.grad.item() for name, leaf in leaves.items() if leaf.grad is not None}
    if not all(math.isfinite(grad) for grad in theirs.values()):
        return None
    try:
        graph = parse(text, {name: leaf.item() for name, leaf in leaves.items()})
    except ParseError as error:
        if "no derivative" in str(error):  # PyTorch takes 0 for the slope of 0^b by b; we say that there is none
            return None
        raise
    pairs = [(graph.value, value.item()), *((grad, theirs[name]) for name, grad in graph.grads.items())]
    return graph, max(abs(ours - true) / max(abs(true), 1e-3) for ours, true in pairs)


def test_200_random_formulas_have_the_values_and_gradients_of_pytorch() -> None:
    rng = np.random.default_rng(7)
    found: list[tuple[Graph, float]] = []
    while len(found) < 200:
        if one := compared(rng):
            found.append(one)
    assert max(difference for _, difference in found) < 1e-10
    assert {node.op for graph, _ in found for node in graph.nodes} == {*OPERATIONS, "variable", "constant"}


@pytest.mark.parametrize("op", OPERATIONS)
def test_each_local_derivative_agrees_with_a_central_difference(op: str) -> None:
    point = [0.7, 1.9] if len(OPERATIONS[op].derivatives) == 2 or op == "max" else [0.7]
    _, local = OPERATIONS[op].run(*point)
    for place, derivative in enumerate(local):
        up, down = ([v + sign * 1e-6 * (i == place) for i, v in enumerate(point)] for sign in (1, -1))
        slope = (OPERATIONS[op].run(*up)[0] - OPERATIONS[op].run(*down)[0]) / 2e-6
        assert derivative == pytest.approx(slope, abs=1e-8)


def test_the_backward_pass_is_a_list_of_products_from_the_last_node_to_the_first() -> None:
    graph = parse("x * y + x", POINT)
    assert [node.op for node in graph.nodes] == ["variable", "variable", "multiply", "add"]
    assert [(s.node, s.parent, s.local, s.amount) for s in graph.sent] == [
        (3, 2, 1.0, 1.0),
        (3, 0, 1.0, 1.0),
        (2, 0, -4.0, -4.0),
        (2, 1, 3.0, 3.0),
    ]
    assert graph.nodes[0].grad == 1 - 4, "branches add"


def test_every_gradient_is_the_sum_of_what_was_sent() -> None:
    graph = parse("tanh(x*y + z) / max(x, y, z*z) - exp(z) * relu(x - z)", POINT)
    for place, node in enumerate(graph.nodes[:-1]):
        if node.grad is not None:
            assert node.grad == pytest.approx(sum(s.amount for s in graph.sent if s.parent == place), rel=1e-12)


def test_addition_hands_on_multiplication_swaps_and_max_routes() -> None:
    assert parse("x + y", POINT).grads == {"x": 1, "y": 1}
    assert parse("x * y", POINT).grads == {"x": -4, "y": 3}
    assert parse("max(x, y)", POINT).grads == {"x": 1, "y": 0}
    assert parse("max(y, x, x)", POINT).grads["x"] == 1


def test_a_constant_is_asked_for_no_gradient() -> None:
    graph = parse("x ** 2 + 2 * 3", POINT)
    assert all((node.grad is None) == (node.label in {"2", "3", "×"}) for node in graph.nodes)
    assert parse("2 + 3", {}).value == 5
    assert parse("2 + 3", {}).sent == ()


def test_powers_of_zero_and_of_negative_numbers_are_those_of_arithmetic() -> None:
    at_zero = {"x": 0.0}
    assert parse("x ** 2", at_zero).grads == {"x": 0}
    assert parse("x ** 1", at_zero).grads == {"x": 1}
    assert parse("x ** 0", at_zero).grads == {"x": 0}
    assert parse("y ** 3", POINT).grads == {"y": 48}
    assert parse("(-2) ** 2", {}).value == 4


def test_sigmoid_stays_finite_far_out() -> None:
    assert parse("sigmoid(x)", {"x": 1000}).value == 1
    assert parse("sigmoid(x)", {"x": -1000}).value == 0


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("（x）×（y−z）", "(x)*(y-z)"),
        ("max（x，y）÷z", "max(x,y)/z"),
        ("  x ", "x"),
        ("+x", "x"),
        ("\u3000x·y", "x*y"),
    ],
)
def test_signs_as_printed_in_books_are_understood(text: str, same: str) -> None:
    assert parse(text, POINT).value == parse(same, POINT).value


def test_the_names_of_a_formula_come_in_reading_order() -> None:
    assert names("b * max(a, b) + exp(c1) - a") == ("b", "a", "c1")
    assert names("1 + 2") == ()
    with pytest.raises(ParseError, match="exp is a function"):
        names("exp + 1")


@pytest.mark.parametrize(
    ("text", "position", "complaint"),
    [
        ("x + log(y)", 4, "positive number, and here it is given -4"),
        ("z + x / (y + 4)", 6, "divided by 0"),
        ("x * (y ** 0.5)", 7, "negative number, is raised"),
        ("y ** x", 2, "no derivative here"),
        ("(y + 4) ** z", 8, "no derivative here"),
        ("(y + 4) ** (-1)", 8, "divides by 0"),
        ("x + exp(x ** 4)", 4, "grow beyond"),
        ("x ^ 2", 2, r"written \*\*"),
        ("x = 2", 2, "without an equals sign"),
        ("2x", 0, r"to multiply, write \*"),
        ("(x)(y)", 0, r"To multiply, write \*"),
        ("(x + y", 0, "never closed"),
        ("x + y)", 5, "never opened"),
        ("x + q", 4, "no variable 'q'; there are: x, y, z"),
        ("sin(x)", 0, "no function 'sin'; known are exp"),
        ("max(x)", 0, "takes 2 to 8"),
        ("exp(x, y)", 0, "takes one number; here it has 2"),
        ("x // y", 2, r"only \+ - "),
        ("1 / 0", 2, "divided by 0"),
        ("２ + x", 0, "no place in a formula"),
        ("1e7 * x", 0, "up to 1,000,000"),
        ("x and y", 0, "no 'and' or 'or'"),
        ("exp", 0, "needs brackets"),
    ],
)
def test_an_error_says_what_and_points_at_it(text: str, position: int, complaint: str) -> None:
    with pytest.raises(ParseError, match=complaint) as caught:
        parse(text, POINT)
    assert caught.value.position == position
    reason, formula, caret = str(caught.value).split("\n")
    assert (reason, formula, caret) == (f"{caught.value.message}.", text, " " * position + "^")


HOSTILE = [
    "__import__('os').system('id')",
    "__import__",
    "__import__(x)",
    "().__class__",
    "().__class__.__bases__[0].__subclasses__()",
    "x.__class__",
    "x.real",
    "(1).real",
    "exp.__globals__",
    "open(x)",
    "open('secret')",
    "eval(x)",
    "exec(x)",
    "print(x)",
    "globals()",
    "getattr(x, y)",
    "breakpoint()",
    "exit()",
    "input()",
    "lambda: 0",
    "lambda x: x",
    "(lambda: 0)()",
    "[x for x in y]",
    "{x for x in y}",
    "{x: y for x in y}",
    "(x for x in y)",
    "max(x for x in y)",
    "(x := 3)",
    "x = 3",
    "x; y",
    "import os",
    "f'{x}'",
    "f'{__import__(\"os\")}'",
    "'a' * 1000000",
    "b'a'",
    "9**9**9",
    "9**9**9**9**9",
    "(9**9**9)**(9**9**9)",
    "exp(exp(exp(x)))",
    "1e308 * 10",
    "10**10**10 * 0",
    "1" * 199,
    "1" * 100_000,
    "(" * 199,
    "-" * 150 + "x",
    "x" + "+x" * 60,
    "exp(" * 49 + "x",
    "max(*x)",
    "max(**x)",
    "max(x, key=y)",
    "x if y else z",
    "not x",
    "~5",
    "x < y",
    "x @ y",
    "x % y",
    "x << 100000",
    "x,",
    "x[0]",
    "x[:]",
    "...",
    "Ellipsis",
    "None",
    "True",
    "1j",
    "await x",
    "yield x",
    "x\ny",
    "x\\\ny",
    "x # comment",
    "x\x00",
    "\N{GREEK SMALL LETTER OMEGA}",
    "\N{MATHEMATICAL ITALIC SMALL X}",
    "_",
    "__",
    "`x`",
    "$x",
    "!x",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:24]))
def test_a_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse(text, POINT)


def test_nothing_is_executed_or_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every door through which Python text could run is wired to an alarm."""

    def alarm(*_: object, **__: object) -> None:
        raise AssertionError("the text was executed")

    refused = 0
    with monkeypatch.context() as doors:
        for name in ("eval", "exec", "open", "print", "input", "__import__"):
            doors.setattr(builtins, name, alarm)
        for text in HOSTILE:
            try:
                parse(text, POINT)
            except ParseError:
                refused += 1
    assert refused == len(HOSTILE) >= 50


@given(st.text(max_size=60) | st.text("xyz0123456789+-*/(). ,eplogmax_", max_size=60))
def test_any_text_gives_a_finite_graph_or_a_parse_error(text: str) -> None:
    try:
        graph = parse(text, POINT)
    except ParseError as error:
        assert 0 <= error.position <= len(error.expression)  # noqa: PT017
        return
    assert all(abs(node.value) <= LARGEST for node in graph.nodes)
    assert all(math.isfinite(grad) for grad in graph.grads.values())


@pytest.mark.parametrize("fault", [RecursionError, MemoryError, ValueError])
def test_a_parser_that_gives_up_is_answered_with_a_sentence(
    fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's parser does so when the stack is nearly used up, or memory is."""

    def give_up(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(ast, "parse", give_up)
    with pytest.raises(ParseError, match="nested too deeply"):
        parse("x", POINT)


def test_a_formula_of_the_greatest_allowed_depth_is_computed() -> None:
    assert parse("-" * (MAX_DEPTH - 1) + "x", POINT).value == -3


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("exp", 1, "can't be called 'exp'"),
        ("_x", 1, "can't be called '_x'"),
        ("x y", 1, "can't be called"),
        ("x" * 17, 1, "can't be called"),
        ("x", math.nan, "x = nan: expected"),
        ("x", math.inf, "x = inf: expected"),
        ("x", -1e9, "expected a number from -1,000,000"),
    ],
)
def test_a_variable_that_can_t_be_used_is_named(name: str, value: float, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse("1", {name: value})


def test_gradients_that_grow_without_bound_are_refused() -> None:
    # 1/x at the smallest numbers that a computer has is larger than the largest.
    with pytest.raises(ParseError, match="gradients grow"):
        parse("log(x)", {"x": 1e-310})


def test_a_tape_can_be_written_by_hand() -> None:
    tape = Tape()
    x, two = tape.variable("x", 5), tape.constant(2)
    assert tape.variable("x", 7) == x, "the same name is the same node"
    tape.apply("multiply", tape.apply("power", x, two), x)
    graph: Graph = tape.graph()
    assert (graph.value, graph.grads) == (125, {"x": 75})


def test_every_function_is_an_operation() -> None:
    assert set(FUNCTIONS) <= set(OPERATIONS)


@pytest.mark.parametrize(
    ("text", "op", "spans"),
    [
        ("(x + y) * z", "add", ["x + y"]),
        ("x * y + max(x, z)", "variable", ["x", "x"]),
        ("x * y + max(x, z)", "max", ["max(x, z)"]),
        (" 1 / (1 + exp(-x)) ", "negate", ["-x"]),
        ("（x）×（y−z）", "subtract", ["y−z"]),
    ],
)
def test_an_outline_knows_where_each_node_is_written(text: str, op: str, spans: list[str]) -> None:
    node = next(node for node in outline(text) if node.op == op)
    assert [text.strip()[start:end] for start, end in node.spans] == spans


def test_an_outline_is_the_graph_without_its_numbers() -> None:
    for text in ("(x + y) * z", "tanh(x*y + z) / max(x, y, z*z) - exp(z) * relu(x - z)", "+x", "2 + 3", "x"):
        graph, plan = parse(text, POINT), outline(text)
        assert [(n.op, n.label, n.parents) for n in plan] == [(n.op, n.label, n.parents) for n in graph.nodes]


def test_an_outline_needs_no_value_but_refuses_what_can_t_be_read() -> None:
    assert [node.op for node in outline("log(x) / (y - y)")][-1] == "divide"
    for text in ("sin(x)", "(x", "2x", "x.y", "max(x)", "-" * 60 + "x"):
        with pytest.raises(ParseError):
            outline(text)
