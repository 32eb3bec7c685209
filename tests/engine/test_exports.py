"""``from engine import …`` offers what a user looks for, and everything public says what it is."""

import ast
import importlib
import inspect
import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import engine
from tests.root import ROOT

ENGINE = Path(engine.__file__).parent
FILES = sorted(ENGINE.rglob("*.py"))
# What only one lesson computes stands in its room and is read no less.
NUMBERS = [
    path for path in sorted(ROOT.glob("pages/*/*/**/*.py")) if {"compute", "exercises"} & {path.stem, path.parent.name}
]


def documented_values() -> set[str]:
    """Names with a string right below their assignment."""
    found = set()
    for path in FILES:
        body = ast.parse(path.read_text(encoding="utf-8")).body
        for value, below in itertools.pairwise(body):
            is_text = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
            if isinstance(value, ast.Assign | ast.AnnAssign) and is_text:
                targets = value.targets if isinstance(value, ast.Assign) else [value.target]
                found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


@pytest.mark.parametrize("name", engine.__all__)
def test_what_the_engine_exports_exists_and_says_what_it_is(name: str) -> None:
    thing = getattr(engine, name)
    if inspect.isclass(thing) or inspect.isfunction(thing):
        assert thing.__module__.startswith("engine.")
        assert inspect.cleandoc(thing.__doc__ or "")
        # A dataclass without a docstring gets its signature for one.
        assert not (thing.__doc__ or "").startswith(f"{name}(")
    elif isinstance(thing, dict):
        assert name in documented_values()


@pytest.mark.parametrize("room", ["engine.layers", "engine.losses", "engine.optimizers"])
def test_whole_rooms_are_exported(room: str) -> None:
    module = importlib.import_module(room)
    for name in module.__all__:
        assert getattr(engine, name) is getattr(module, name)


def test_exports_are_in_order_and_none_stands_twice() -> None:
    assert len(set(engine.__all__)) == len(engine.__all__)
    assert set(engine.__all__) <= set(dir(engine))


def public(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.AST]]:
    """Public classes and functions, and public methods of public classes; overloads and setters have no words."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            decorators = {d.attr if isinstance(d, ast.Attribute) else getattr(d, "id", "") for d in node.decorator_list}
            if decorators & {"overload", "setter"} or node.name.startswith("_"):
                continue
            yield f"{prefix}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{prefix}{node.name}.")


@pytest.mark.parametrize("path", [*FILES, *NUMBERS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_public_function_and_class_has_a_docstring(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the file itself says what it holds"
    without = [name for name, node in public(tree.body, "") if not ast.get_docstring(node)]  # type: ignore[arg-type]
    assert without == []


def test_a_network_is_built_trained_measured_and_explained_with_what_is_exported() -> None:
    """The words of the module's first line, by name from ``engine`` alone."""
    rng = np.random.default_rng(0)
    layers = engine.pattern_layers("INPUT -> [CONV -> RELU -> POOL]*1 -> FC", (1, 8, 8), 3)
    network = engine.Network.build(layers, (1, 8, 8), rng=rng, initializer=engine.HeNormal())
    x, target = rng.standard_normal((6, 1, 8, 8)).astype(np.float32), np.arange(6) % 3
    trained = next(engine.fit(network, (x, target), engine.SGD(0.1), rng=rng)).network
    assert engine.network_cost(layers, (1, 8, 8)).parameters == sum(value.size for value in trained.params.values())
    assert engine.receptive_fields(layers, (1, 8, 8))[1].size == (3, 3)
    trace = trained.forward(x)
    back = trained.backward(trace, engine.score_gradient(trace.y, 0))
    terms = engine.forward_terms(trace["conv1"], (0, 0, 4, 4))
    assert terms.value == pytest.approx(terms.products.sum() + terms.bias, rel=1e-5)
    assert engine.grad_cam(trace, back, "relu1").heat.shape == (6, 8, 8)
    assert engine.check_network(trained, x, target, rng=rng).worst.relative_error < 1e-6
    assert engine.parse_expression("(x + y) * z", {"x": -2, "y": 5, "z": -4}).value == -12
