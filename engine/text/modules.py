"""What ``__init__`` makes: layers, Sequentials, and modules of a class in the same text. Read, never executed."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace

from engine.layers import WeightNorm
from engine.sentence import Sentence
from engine.text.arguments import layer_of, unknown_layer
from engine.text.constant import Constant, constant, not_read, refused
from engine.text.known import LAYERS
from engine.text.limits import Limits
from engine.text.reading import Fault, Refused
from engine.text.said import Call
from engine.text.source import Source
from engine.types import Layer

A_MODULE = Sentence("a layer, such as {example}", example="nn.Conv2d(1, 8, 3, padding=1)")
AN_ASSIGNMENT = Sentence("an assignment, such as {example}", example="self.conv1 = nn.Conv2d(1, 8, 3)")

_ALIASES = {"nn": "torch.nn", "F": "torch.nn.functional", "torch": "torch", "OrderedDict": "collections.OrderedDict"}
_MOVES = ("to", "cpu", "cuda", "eval", "train", "float", "double")
"""What a network is told, and stays the same network."""


@dataclass(eq=False)
class Leaf:
    """A layer, and where it is made."""

    layer: Layer
    call: Call


@dataclass(eq=False)
class Sequence:
    """Modules in a row, by name."""

    items: tuple[tuple[str, Module], ...]


@dataclass(eq=False)
class Instance:
    """A module of a class in the text: what its ``self`` holds."""

    definition: ast.ClassDef
    modules: dict[str, Module] = field(default_factory=dict)
    constants: dict[str, Constant] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def method(self, name: str) -> ast.FunctionDef | None:
        """The class's own function of this name, the last of them."""
        found = [each for each in self.definition.body if isinstance(each, ast.FunctionDef) and each.name == name]
        return found[-1] if found else None


Module = Leaf | Sequence | Instance


@dataclass
class Scope:
    """What names stand for: numbers and words, and modules; "self.x" is a name like any other."""

    constants: dict[str, Constant] = field(default_factory=dict)
    modules: dict[str, Module] = field(default_factory=dict)


class Maker:
    """Makes modules of calls. ``classes`` are those of the text, ``aliases`` what it imports, ``top`` its constants."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source, self.limits = source, limits
        self.classes: dict[str, ast.ClassDef] = {}
        self.aliases = dict(_ALIASES)
        self.top: dict[str, Constant] = {}
        self.count = self.statements = 0

    def dotted(self, node: ast.expr) -> str:
        """A dotted name as PyTorch calls it, whatever the text imports it as; "" for anything else."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self.aliases.get(node.id, node.id), *reversed(parts)])

    def module(self, node: ast.expr, scope: Scope, depth: int = 0) -> Module:
        """The module that an expression makes or names. Raises Refused."""
        self.count += 1
        if depth > self.limits.blocks or self.count > 4 * self.limits.layers:
            told = Sentence("Modules stand inside modules more than {most} deep", most=self.limits.blocks)
            if self.count > 4 * self.limits.layers:
                told = Sentence("There are more than {most} layers; that many are built here", most=self.limits.layers)
            raise refused(self.source, node, told)
        match node:
            case ast.Name(name) if name in scope.modules:
                return scope.modules[name]
            case ast.Attribute(ast.Name("self"), name) if f"self.{name}" in scope.modules:
                return scope.modules[f"self.{name}"]
            case ast.Call(ast.Attribute(ast.Call() as inner, name)) if name in _MOVES:
                return self.module(inner, scope, depth)
            case ast.Call():
                return self._call(node, scope, depth)
        raise not_read(self.source, node, A_MODULE)

    def _call(self, node: ast.Call, scope: Scope, depth: int) -> Module:
        name = self.dotted(node.func)
        short = name.removeprefix("torch.nn.").removeprefix("engine.")
        if name in self.classes:
            return self._instance(node, self.classes[name], scope, depth)
        if short == "Sequential":
            return self._sequence(node, scope, depth)
        if short.endswith("weight_norm") and len(node.args) == 1 and not node.keywords:
            inner = self.module(node.args[0], scope, depth + 1)
            if isinstance(inner, Leaf):
                return Leaf(WeightNorm(inner.layer), inner.call)
        if short in ("ModuleList", "ModuleDict"):
            told = Sentence("{name} is for loops, which aren't read; {better} calls its layers itself", name=short,
                            better="nn.Sequential")  # fmt: skip
            raise refused(self.source, node, told)
        if not short or "." in short:
            raise not_read(self.source, node, A_MODULE)
        if short not in LAYERS:
            raise unknown_layer(self.source, node, short, blocks=False)
        layer, call = layer_of(self.source, node, short, scope.constants, self.limits)
        return Leaf(layer, replace(call, style="attribute"))

    def _sequence(self, node: ast.Call, scope: Scope, depth: int) -> Sequence:
        """nn.Sequential of modules by position, or of an OrderedDict or list of (name, module)."""
        if node.keywords:
            raise refused(self.source, node.keywords[0], Sentence("Sequential has no settings; it holds layers"))
        match node.args:
            case [ast.Call(func, [ast.List(pairs) | ast.Tuple(pairs)], [])] if self._ordered(func):
                return Sequence(tuple(self._pair(pair, scope, depth) for pair in pairs))
        items = []
        for number, each in enumerate(node.args):
            inner = self.module(each, scope, depth + 1)
            if isinstance(inner, Leaf) and isinstance(each, ast.Call):
                inner.call = replace(inner.call, style="item", prefix=self._prefix(each))
            items.append((str(number), inner))
        return Sequence(tuple(items))

    def _ordered(self, func: ast.expr) -> bool:
        return self.dotted(func) == "collections.OrderedDict"

    def _prefix(self, node: ast.Call) -> str:
        words = self.source.words(node.func)
        return words[: words.rfind(".") + 1]

    def _pair(self, node: ast.expr, scope: Scope, depth: int) -> tuple[str, Module]:
        match node:
            case ast.Tuple([ast.Constant(str(name)), module]):
                return name, self.module(module, scope, depth + 1)
        raise not_read(self.source, node, Sentence("a pair, such as {example}", example='("relu1", nn.ReLU())'))

    def instance(self, definition: ast.ClassDef) -> Instance:
        """A module of this class, made without arguments. Raises Refused."""
        return self._instance(None, definition, Scope(dict(self.top)), 0)

    def _instance(self, node: ast.Call | None, definition: ast.ClassDef, scope: Scope, depth: int) -> Instance:
        made = Instance(definition)
        init = made.method("__init__")
        inner = Scope(dict(self.top))
        if init is not None:
            self._bind(node, init, scope, inner, depth)
            for statement in init.body:
                self._statement(statement, inner, depth + 1)
        made.modules = {name[5:]: each for name, each in inner.modules.items() if name.startswith("self.")}
        made.constants = inner.constants
        return made

    def _bind(self, node: ast.Call | None, init: ast.FunctionDef, outer: Scope, inner: Scope, depth: int) -> None:
        """Give a call's arguments, and defaults, to the names of ``__init__``."""
        takes = init.args
        if takes.vararg or takes.kwarg:
            star = takes.vararg or takes.kwarg
            assert star is not None
            told = Sentence("{name} may be anything; arguments with names of their own are read", name=f"*{star.arg}")
            raise Refused(Fault(self.source.place(star), told))
        names = [*takes.posonlyargs, *takes.args][1:]
        defaults = dict(zip([each.arg for each in names][::-1], takes.defaults[::-1], strict=False))
        defaults |= {each.arg: value for each, value in zip(takes.kwonlyargs, takes.kw_defaults, strict=True) if value}
        given: dict[str, ast.expr] = {}
        if node is not None:
            if len(node.args) > len(names):
                raise refused(self.source, node.args[len(names)], Sentence("This is more than the class takes"))
            given = {each.arg: value for each, value in zip(names, node.args, strict=False)}
            for keyword in node.keywords:
                if keyword.arg is None or keyword.arg not in {each.arg for each in [*names, *takes.kwonlyargs]}:
                    raise refused(self.source, keyword, Sentence("The class takes no such setting"))
                given[keyword.arg] = keyword.value
        for each in [*names, *takes.kwonlyargs]:
            value = given.get(each.arg, defaults.get(each.arg))
            if value is None:
                told = Sentence("{name} has no value; a default would give it one: {example}", name=each.arg,
                                example=f"{each.arg}=10")  # fmt: skip
                fix = self.source.edited([(self.source.place(each), f"{each.arg}=10")])
                raise Refused(Fault(self.source.place(each), told, (fix,)))
            self.assign(each.arg, value, outer if each.arg in given else Scope(dict(self.top)), inner, depth)

    def _statement(self, node: ast.stmt, scope: Scope, depth: int) -> None:
        """One statement of ``__init__``."""
        self.statements += 1
        if self.statements > 20 * self.limits.layers:
            told = Sentence("There are more than {most} layers; that many are built here", most=self.limits.layers)
            raise refused(self.source, node, told)
        match node:
            case ast.Pass() | ast.Expr(ast.Constant(str())):
                return
            case ast.Expr(ast.Call(ast.Attribute(ast.Call(ast.Name("super")), "__init__"))):
                return
            case ast.Assign([target], value) | ast.AnnAssign(target, _, ast.expr() as value):
                match target:
                    case ast.Name(name):
                        self.assign(name, value, scope, scope, depth)
                        return
                    case ast.Attribute(ast.Name("self"), name) if not name.startswith("__"):
                        self.assign(f"self.{name}", value, scope, scope, depth)
                        return
        raise not_read(self.source, node, AN_ASSIGNMENT)

    def assign(self, name: str, node: ast.expr, outer: Scope, inner: Scope, depth: int) -> None:
        """Let a name stand for a number, a word or a module."""
        named = isinstance(node, ast.Name | ast.Attribute) and self.source.words(node) in outer.modules
        if named or isinstance(node, ast.Call):
            inner.modules[name] = self.module(node, outer, depth)
            inner.constants.pop(name, None)
        else:
            inner.constants[name] = constant(self.source, node, outer.constants)
            inner.modules.pop(name, None)
