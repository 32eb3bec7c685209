"""Pasted PyTorch source: read as the network that PyTorch makes of it, or refused at its place; never executed."""

import ast
import inspect
import random
import re
import string
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine import Network
from engine.text import Reading, lines_of, read
from engine.text.functional import FUNCTIONS
from engine.types import Array, Params
from tests.engine.text.places import assert_sound
from tests.engine.text.sources import CLASS, NOT_READ, READ

every_style = pytest.mark.parametrize("style", READ)
LENET = READ["LeNet with functions and view"]


def executed(source: str, network: str) -> torch.nn.Module:
    """What PyTorch makes of a source, with weights and running statistics in general position."""
    names: dict[str, Any] = {}
    torch.manual_seed(3)
    exec(source, names)
    module = eval(network, names)
    assert isinstance(module, torch.nn.Module)
    for name, value in module.state_dict().items():
        if name.endswith("running_var"):
            value.uniform_(0.5, 1.5)
        elif value.dtype.is_floating_point:
            value.normal_(0, 0.5)
    return module.double().eval()


def with_weights_of(module: torch.nn.Module, reading: Reading) -> Network:
    """The network that was read, with PyTorch's weights."""
    assert reading.layers is not None
    network = Network.build(reading.layers, reading.input_shape, rng=np.random.default_rng(0), dtype=np.float64)
    state = {name: value.numpy() for name, value in module.state_dict().items()}
    params: Params = {}
    for name in network.params:
        own, _, key = name.rpartition(".")
        params[name] = state[f"{reading.modules[own]}.{key}"]
    assert len(params) == len(state)
    return network.replace(params)


def computed(module: torch.nn.Module, x: Array) -> Array:
    with torch.no_grad():
        y: Array = module(torch.from_numpy(x)).numpy()
    return y


@every_style
def test_a_style_is_read_as_the_network_that_pytorch_makes_of_it(style: str) -> None:
    written = READ[style]
    reading = read(written.source, written.shape)
    assert reading.layers is not None, reading.faults
    assert reading.kind == "pytorch"
    assert " ".join(type(layer).__name__ for _, layer in reading.layers) == written.kinds
    module = executed(written.source, written.network)
    network = with_weights_of(module, reading)
    x = np.random.default_rng(1).standard_normal((3, *written.shape))
    np.testing.assert_allclose(network.predict(x), computed(module, x), rtol=1e-9, atol=1e-11)


@every_style
def test_a_style_is_written_out_as_lines_that_read_back(style: str) -> None:
    written = READ[style]
    reading = read(written.source, written.shape)
    assert reading.layers is not None
    assert reading.text == lines_of(reading.layers)
    again = read(reading.text, written.shape)
    assert again.layers == reading.layers
    assert [line.output for line in again.lines] == [line.output for line in reading.lines]


def filled(where: str, line: str) -> str:
    """The class with one line in it that isn't read."""
    gaps = {"init": "pass", "forward": "pass", "beside": "pass"} | {where: line}
    return CLASS.format(**gaps)


@pytest.mark.parametrize("what", NOT_READ)
def test_what_is_not_read_is_refused_where_it_stands(what: str) -> None:
    case = NOT_READ[what]
    source = filled(case.where, case.line)
    reading = read(source, (1, 8, 8))
    assert_sound(reading, source)
    (fault,) = reading.faults
    assert case.said in str(fault.sentence)
    expected = source[: source.rindex(case.line)].count("\n") + 1
    assert fault.place.line == expected
    assert bool(fault.fixes) == case.fix
    if case.fix:
        again = read(fault.fixes[0].applied(source), (1, 8, 8))
        assert [str(each.sentence) for each in again.faults] != [str(fault.sentence)]


def test_the_class_with_nothing_in_it_is_read() -> None:
    assert read(filled("init", "pass"), (1, 8, 8)).faults == ()


@pytest.mark.parametrize(
    ("change", "said", "first"),
    [
        (("padding=2", "padding=0"), "a row of 400", "        x = x.view(-1, 256)"),
        (("nn.Linear(120, 84)", "nn.Linear(121, 84)"), "reads a row of 121", "        self.fc2 = nn.Linear(120, 84)"),
        (("nn.Conv2d(6,", "nn.Conv2d(7,"), "reads 7, but 6 arrive", "        self.conv2 = nn.Conv2d(6, 16, 5)"),
    ],
)
def test_what_does_not_fit_is_mended_in_the_source(change: tuple[str, str], said: str, first: str) -> None:
    source = LENET.source.replace(*change)
    reading = read(source, LENET.shape)
    assert_sound(reading, source)
    fault = reading.faults[0]
    assert said in str(fault.sentence)
    assert fault.fixes[0].text == first
    assert reading.text == source


def test_a_missing_flatten_is_put_into_a_sequential() -> None:
    source = "import torch.nn as nn\nmodel = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Linear(9, 4))"
    (fault,) = read(source, (1, 8, 8)).faults
    mended = fault.fixes[0].applied(source)
    assert mended.endswith("nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(72, 4))")
    assert read(mended, (1, 8, 8)).faults == ()


def with_another_number(source: str, rng: random.Random) -> str:
    """A source with one of the numbers in its calls made another."""
    found = rng.choice([*re.finditer(r"(?<=[ (=])[1-9](?=[,) ])", source)])
    return source[: found.start()] + rng.choice("123456789") + source[found.end() :]


def test_most_single_mistakes_in_sources_are_cured_by_what_is_offered() -> None:
    rng = random.Random(8)
    faulty = offered = cured = 0
    for _ in range(300):
        written = READ[rng.choice([*READ])]
        source = with_another_number(written.source, rng)
        reading = read(source, written.shape)
        assert_sound(reading, source)
        if not reading.faults:
            continue
        faulty += 1
        fault = reading.faults[0]
        if fault.fixes:
            offered += 1
            told = [
                (each.place.line, each.sentence) for each in read(fault.fixes[0].applied(source), written.shape).faults
            ]
            cured += (fault.place.line, fault.sentence) not in told
    assert faulty > 120
    assert offered > 0.8 * faulty
    assert cured > 0.95 * offered


def test_a_missing_flatten_is_put_in_where_the_layer_is_called() -> None:
    source = LENET.source.replace("        x = x.view(-1, 16 * 5 * 5)\n", "")
    (fault,) = read(source, LENET.shape).faults
    mended = fault.fixes[0].applied(source)
    assert "F.relu(self.fc1(x.flatten(1)))" in mended
    assert read(mended, LENET.shape).faults == ()


@pytest.mark.parametrize(
    ("source", "said", "line"),
    [
        ("class Net(nn.Module):\n    def __init__(self, n):\n        self.a = nn.ReLU()\n", "n has no value", 2),
        ("class Net(nn.Module):\n    def __init__(self):\n        self.a = nn.ReLU()\n", "no forward", 1),
        ("class Net(nn.Module):\n    def forward(self, x):\n        x = x + 1\n", "isn't read", 3),
        ("class Net(nn.Module):\n    def forward(self, x):\n        pass\n", "returns nothing", 3),
        ("class Net(nn.Module):\n    def forward(self, x, y):\n        return x\n", "one input", 2),
        ("class Net(nn.Module):\n    def forward(self, x):\n        return x\n", "no layer yet", 1),
        ("class Net:\n    pass\n", "a class", 1),
        ("import torch\n", "Here is no network", 1),
        ("class A(nn.Module):\n  def __init__(self, *all):\n    pass\n", "may be anything", 2),
        ("class A(nn.Module):\n  pass\nmodel = A(3)\n", "no forward", 1),
        (
            "class A(nn.Module):\n  def __init__(self, n=1):\n    pass\nmodel = A(3, 4)\n",
            "more than the class takes",
            4,
        ),
        ("class A(nn.Module):\n  def __init__(self, n=1):\n    pass\nmodel = A(m=4)\n", "no such setting", 4),
        ("class A(nn.Module):\n    pass\nclass B(A):\n    pass\n", "a class", 3),
        ("class MyModule(nn.Module):\n    pass\nclass B(MyModule):\n    pass\n", "a class", 3),
        ("def f():\n    pass\n", "a function", 1),
        ("@decorated\nclass Net(nn.Module):\n    pass\n", "a class", 2),
        ("class A(nn.Module):\n  def __init__(self):\n    self.a = A()\n", "more than 8 deep", 3),
        ("class A(nn.Module):\n  def forward(self, x):\n    return self.forward(x)\n", "no layer that", 3),
        ("model = nn.Sequential(nn.ReLU(), lambda x: x)", "a lambda", 1),
        ("model = nn.Sequential(**{'a': nn.ReLU()})", "no settings", 1),
        ("model = nn.Sequential(OrderedDict(a=nn.ReLU()))", "isn't read", 1),
        ("class A(nn.Module):\n  def forward(self, x):\n    return x\n   bad\n", "indented", 4),
        ("model = nn.Sequential(nn.Conv2d(1, 2, 3)", "never closed", 1),
    ],
)
def test_a_source_without_a_network_says_what_is_missing(source: str, said: str, line: int) -> None:
    reading = read(source, (1, 8, 8))
    assert_sound(reading, source)
    assert said in str(reading.faults[0].sentence)
    assert reading.faults[0].place.line == line


def test_paths_that_cross_would_need_weights_twice_and_are_refused() -> None:
    source = filled("forward", "a = F.relu(x); b = self.conv2(a) + x; x = self.conv3(b) + a").replace(
        "padding=1)\n", "padding=1)\n        self.conv2 = nn.Conv2d(2, 2, 1)\n        self.conv3 = nn.Conv2d(2, 2, 1)\n"
    )
    crossing = source.replace("F.relu(x)", "self.conv4(x)").replace(
        "        pass\n", "        self.conv4 = nn.Conv2d(2, 2, 1)\n", 1
    )
    assert read(source, (1, 8, 8)).faults == ()
    assert "Paths cross" in str(read(crossing, (1, 8, 8)).faults[0].sentence)


def test_paths_that_cross_again_and_again_are_bounded() -> None:
    steps = "\n        ".join(["y = x", *["x, y = y, x" for _ in range(0)], *["z = F.relu(x) + y; y = x; x = z"] * 60])
    source = filled("forward", steps)
    started = time.perf_counter()
    reading = read(source, (1, 8, 8))
    assert time.perf_counter() - started < 5
    assert_sound(reading, source)
    assert "more than" in str(reading.faults[0].sentence)


def test_what_is_left_out_is_told() -> None:
    source = filled("init", "self.spare = nn.ReLU()").replace(
        "    def forward", "    def training_step(self, batch):\n        return eval(batch)\n\n    def forward"
    )
    notes = [str(note) for note in read(source, (1, 8, 8)).notes]
    assert notes == [
        "Made and never called, so left out: spare",
        "Only __init__ and forward are read, not training_step",
    ]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_take_what_pytorchs_take_in_its_order(name: str) -> None:
    functions = vars(torch.nn.functional)
    function = functions.get(f"_{name}", functions[name])
    # What is built in has its signature in the first line of its documentation alone.
    try:
        there = list(inspect.signature(function).parameters)[1:]
    except ValueError:
        first = next(line for line in (function.__doc__ or "").splitlines() if name in line)
        there = re.findall(r"[(,] ?(\w+)", first.partition("->")[0])[1:]
    order = FUNCTIONS[name][1]
    assert list(order) == there[: len(order)]


def test_many_small_modules_inside_each_other_are_bounded() -> None:
    inner = "class A(nn.Module):\n    def forward(self, x):\n" + "        x = F.relu(x)\n" * 300 + "        return x\n"
    outer = "class B(nn.Module):\n    def __init__(self):\n        self.a = A()\n    def forward(self, x):\n"
    source = inner + outer + "        x = self.a(x)\n" * 300 + "        return x\n"
    started = time.perf_counter()
    reading = read(source, (1, 8, 8))
    assert time.perf_counter() - started < 5
    assert_sound(reading, source)
    assert "more than 400 layers" in str(reading.faults[0].sentence)


HOSTILE = [
    "open({path!r}, 'w').write('x')", "__import__('pathlib').Path({path!r}).touch()", "exec(\"open({path!r}, 'w')\")",
    "raise SystemExit", "1 / 0", "[open({path!r}, 'w') for _ in (1,)]", "(lambda: open({path!r}, 'w'))()",
    "f'{{open({path!r}, \"w\")}}'", "(x := open({path!r}, 'w'))", "getattr(torch, 'save')(1, {path!r})",
    "torch.save(1, {path!r})", "x.tofile({path!r})", "nn.Conv2d(open({path!r}, 'w'), 1, 1)", "eval(\"1\")",
    "().__class__.__base__.__subclasses__()", "while_true()", "'a' * 10**9", "9**9**9", "print(open({path!r}, 'w'))",
    "nn.Module.__init__(open({path!r}, 'w'))", "super().__init__(open({path!r}, 'w'))", "F.relu(open({path!r}, 'w'))",
]  # fmt: skip


@pytest.mark.parametrize("template", HOSTILE)
def test_nothing_is_executed_wherever_it_stands(template: str, tmp_path: Path) -> None:
    path = tmp_path / "written"
    line = template.format(path=str(path))
    for where in ("init", "forward", "beside"):
        for form in ("{}", "x = {}", "self.y = {}", "return {}", "@{}\nclass A(nn.Module): pass"):
            source = filled(where, form.format(line))
            assert_sound(read(source, (1, 8, 8)), source)
    for text in (line, f"Conv2d(1, {line}, 3)", f"nn.Sequential({line})", f"a: {line} = nn.Sequential(nn.ReLU())"):
        assert_sound(read(text, (1, 8, 8)), text)
    assert not path.exists()


TOKENS = [
    "lambda x: x", "(y := x)", "f'{x}'", "*x", "**x", "[i for i in x]", "x.__class__", "__builtins__", "yield",
    "await x",
    "self.conv1", "nn.Conv2d", "None", "-1", "10**9", "1e999", "9" * 5000, "(" * 30, ")" * 3, "\0", "٣", "𝟙", "é", "",
    "x + x", "x", "self", "torch.cat([x, x], 1)", "F.relu", "super()", "'", '"""', "\\", "#", ":", "=", ",", "\n", "\t",
    "if x:", "for x in y:", "class A(nn.Module):", "def f(self, x):", "return", "import os", "global x",
    "del x", "\ud800",
]  # fmt: skip


def mutated(source: str, rng: random.Random) -> str:
    """A source with one to four of its words, lines or letters made others."""
    for _ in range(rng.randrange(1, 5)):
        kind = rng.randrange(5)
        words = [(found.start(), found.end()) for found in re.finditer(r"\w+|[^\w\s]", source)] or [(0, 0)]
        start, end = rng.choice(words)
        if kind == 0:
            source = source[:start] + rng.choice(TOKENS) + source[end:]
        elif kind == 1:
            source = source[:start] + source[end:]
        elif kind == 2:
            other = rng.choice(words)
            source = source[:start] + source[slice(*other)] + source[end:]
        elif kind == 3:
            lines = source.split("\n")
            lines.insert(rng.randrange(len(lines)), rng.choice(lines) + rng.choice(["", " ", ")"]))
            source = "\n".join(lines)
        else:
            source = source[:start] + rng.choice(string.printable) + source[start:]
    return source


def test_two_hundred_mutated_sources_are_answered_with_a_place_and_no_exception() -> None:
    rng = random.Random(41)
    refused = 0
    for _ in range(200):
        written = READ[rng.choice([*READ])]
        source = mutated(written.source, rng)
        reading = read(source, written.shape)
        assert_sound(reading, source)
        refused += reading.layers is None
    assert refused > 120


def test_what_is_called_by_a_texts_words_stands_in_two_tables() -> None:
    """No file of the chapter evaluates, imports by name, or looks an attribute up by what a text says."""
    folder = Path(__file__).parents[3] / "engine" / "text"
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec", "compile", "__import__", "globals", "open", "setattr"}


def drawn_forward(rng: random.Random) -> str:
    """A class whose forward makes new values of old ones at random: layers, sums, joins, some of them in place."""
    made: list[str] = []
    steps: list[str] = []
    names = ["x"]

    def layer(inputs: int = 2) -> str:
        made.append(f"self.c{len(made)} = nn.Conv2d({inputs}, 2, 1)")
        return f"self.c{len(made) - 1}"

    for _ in range(rng.randrange(2, 7)):
        a, b = rng.choice(names), rng.choice(names)
        target = rng.choice([*names, f"v{len(names)}"])
        kind = rng.randrange(8)
        if kind == 0:
            steps.append(f"{target} = F.relu({a}, inplace={rng.random() < 0.5})")
        elif kind == 1:
            steps.append(f"{target} = {layer()}({a}) + {b}")
        elif kind == 2:
            steps.append(f"{a} += {rng.choice([b, f'{layer()}({b})', f'torch.tanh({b})'])}")
            continue
        elif kind == 3:
            steps.append(f"{target} = {layer(4)}(torch.cat([{a}, {b}], dim=1))")
        elif kind == 4:
            steps.append(f"{target} = {a}")
        elif kind == 5:
            steps.append(f"{target} = {a} + torch.sigmoid({b})")
        else:
            steps.append(
                f"{target} = {layer()}({rng.choice([a, f'F.relu({a})', f'F.dropout({a}, training=self.training)'])})"
            )
        if target not in names:
            names.append(target)
    body = "\n        ".join
    return (
        "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n\nclass Net(nn.Module):\n"
        f"    def __init__(self):\n        super().__init__()\n        {body(made) or 'pass'}\n\n"
        f"    def forward(self, x):\n        {body(steps)}\n        return {rng.choice(names)}\n"
    )


def test_whatever_forward_is_read_computes_what_pytorch_computes() -> None:
    """Sums, joins and writing in place, drawn: a forward may be refused, but never read as another one."""
    rng = random.Random(9)
    agreed = 0
    for _ in range(400):
        source = drawn_forward(rng)
        reading = read(source, (2, 3, 3))
        assert_sound(reading, source)
        if reading.layers is None:
            continue
        module = executed(source, "Net()")
        network = Network.build(reading.layers, (2, 3, 3), rng=np.random.default_rng(0), dtype=np.float64)
        state = {name: value.numpy() for name, value in module.state_dict().items()}
        params = {
            name: state[f"{reading.modules[name.rpartition('.')[0]]}.{name.rpartition('.')[2]}"]
            for name in network.params
        }
        x = np.random.default_rng(1).standard_normal((2, 2, 3, 3))
        expected = computed(module, x.copy())
        np.testing.assert_allclose(network.replace(params).predict(x), expected, atol=1e-9, err_msg=source)
        agreed += 1
    assert agreed > 250
