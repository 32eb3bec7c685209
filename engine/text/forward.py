"""A forward pass that is straight-line code, followed name by name: which layer reads what, what is added or joined."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Literal

from engine.layers import AdaptiveAvgPool2d, Flatten, WeightNorm
from engine.sentence import Sentence
from engine.text.arguments import layer_of
from engine.text.constant import Constant, constant, not_read, refused
from engine.text.functional import FUNCTIONS, METHODS, layer_called
from engine.text.joined import Value, gate_of, overwrite
from engine.text.modules import Instance, Leaf, Maker, Module, Scope, Sequence
from engine.text.reading import Fault, Place, Refused
from engine.text.said import Call, Piece
from engine.types import Layer

A_VALUE = Sentence("a call of a layer, such as {example}", example="x = self.conv1(x)")
_FLAT = Sentence("This is read where it makes a row of each example: {example}", example="x.flatten(1)")


class Batch:
    """How many examples there are: known to nobody, and needed to flatten only."""


BATCH = Batch()
Local = Value | Constant | Batch


class Follower:
    """Follows values through ``forward``; a layer with weights may be called once."""

    def __init__(self, maker: Maker) -> None:
        self.maker, self.source, self.limits = maker, maker.source, maker.limits
        self.called: dict[int, Leaf] = {}
        self.steps = 0

    def through(self, module: Module, value: Value, path: tuple[str, ...], fed: ast.expr | None, place: Place) -> Value:
        """What a module makes of a value. Raises Refused."""
        self.step(place)
        if isinstance(module, Sequence):
            for name, inner in module.items:
                value = self.through(inner, value, (*path, name), None, place)
            return value
        if isinstance(module, Instance):
            return self.forward(module, value, path, place)
        if id(module) in self.called and _has_weights(module.layer):
            told = Sentence("This layer is called a second time; here each place has weights of its own")
            raise Refused(Fault(place, told))
        self.called[id(module)] = module
        simple = isinstance(fed, ast.Name | ast.Call)
        call = replace(module.call, fed=self.source.place(fed) if fed is not None and simple else None)
        return self.applied(value, module.layer, call, path)

    def forward(self, instance: Instance, value: Value, path: tuple[str, ...], place: Place) -> Value:
        """What an instance's ``forward`` returns. Raises Refused."""
        method = instance.method("forward")
        if method is None:
            told = Sentence(
                "The class {name} has no forward, which says what its layers read", name=instance.definition.name
            )
            raise Refused(Fault(place, told))
        names = [each.arg for each in [*method.args.posonlyargs, *method.args.args]]
        needed = len(names) - len(method.args.defaults)
        if needed != 2 or method.args.vararg or method.args.kwarg or method.args.kwonlyargs or method.decorator_list:
            told = Sentence("Of self and one input a forward is read; this one takes {names}", names=", ".join(names))
            raise Refused(Fault(_heading(self.source.place(method), self.source.lines), told))
        local: dict[str, Local] = {names[1]: value}
        for name, default in zip(names[2:], method.args.defaults, strict=True):
            local[name] = constant(self.source, default, self.maker.top)
        return _Pass(self, instance, local, path).run(method)

    def step(self, place: Place) -> None:
        """Count one more step. Raises Refused where there are too many: modules inside modules multiply."""
        self.steps += 1
        if self.steps > 8 * self.limits.layers:
            told = Sentence("There are more than {most} layers; that many are built here", most=self.limits.layers)
            raise Refused(Fault(place, told))

    def applied(self, value: Value, layer: Layer, call: Call, path: tuple[str, ...], wants: int | None = None) -> Value:
        """What one layer makes of a value."""
        self.step(call.place)
        if call.in_place:
            overwrite(value)
        piece = Piece(path, call.place, layer, call, module=".".join(path), wants=wants)
        return Value("layer", value, call.place, piece)


class _Pass:
    """One run through one ``forward``: what its names stand for on the way."""

    def __init__(self, outer: Follower, instance: Instance, local: dict[str, Local], path: tuple[str, ...]) -> None:
        self.outer, self.instance, self.local, self.path = outer, instance, local, path
        self.source, self.maker = outer.source, outer.maker

    def run(self, method: ast.FunctionDef) -> Value:
        """What it returns. Raises Refused."""
        for node in method.body:
            match node:
                case ast.Pass() | ast.Expr(ast.Constant(str())):
                    continue
                case ast.Return(ast.expr() as value):
                    return self.value(value)
                case ast.Assign([ast.Name(name)], value) | ast.AnnAssign(ast.Name(name), _, ast.expr() as value):
                    self.local[name] = self._assigned(value)
                case ast.AugAssign(ast.Name(name) as target, ast.Add(), value):
                    read = ast.copy_location(ast.Name(name, ast.Load()), target)
                    summed = self._sum(node, read, value)
                    overwrite(summed.parents[0])
                    self.local[name] = summed
                case _:
                    raise not_read(self.source, node, A_VALUE)
        told = Sentence("This forward returns nothing; its last line would be {example}", example="return x")
        raise Refused(Fault(self.source.place(method.body[-1]), told))

    def value(self, node: ast.expr) -> Value:
        """The value of an expression. Raises Refused for anything but values."""
        match node:
            case ast.Name(name):
                found = self.local.get(name)
                if isinstance(found, Value):
                    _expect_kept(found, self.source.place(node))
                    return found
                told = Sentence("{name} is nothing that a layer made", name=name[:40])
                raise refused(self.source, node, told)
            case ast.BinOp(left, ast.Add(), right):
                return self._sum(node, left, right)
            case ast.Call(ast.Attribute(ast.Name("self"), name)):
                return self._layer(node, name)
            case ast.Call(ast.Attribute(owner, name)) if not self._is_library(owner):
                return self._method(node, owner, name)
            case ast.Call(ast.Call() as inner, [argument], []):
                module = self.maker.module(inner, self._scope(), 1)
                if not isinstance(module, Leaf) or _has_weights(module.layer):
                    told = Sentence("This is made anew in each pass; what has weights is made in __init__")
                    raise refused(self.source, inner, told)
                return self.outer.through(module, self.value(argument), self.path, argument, self.source.place(node))
            case ast.Call(ast.Name() | ast.Attribute()):
                return self._function(node)
            case ast.Call(called):
                raise not_read(self.source, called, A_VALUE)
        raise not_read(self.source, node, A_VALUE)

    def _assigned(self, node: ast.expr) -> Local:
        """What a name gets: a value, how many examples there are, or a number."""
        if self._is_batch(node):
            return BATCH
        match node:
            case ast.Constant() | ast.UnaryOp() | ast.Attribute():
                return constant(self.source, node, self._constants())
            case ast.Name(name) if name in self.local:
                return self.local[name]
        return self.value(node)

    def _layer(self, node: ast.Call, name: str) -> Value:
        module = self.instance.modules.get(name)
        if module is None:
            known = ", ".join(self.instance.modules) or "–"
            told = Sentence(
                "self.{name} is no layer that __init__ makes; those are {known}", name=name[:40], known=known
            )
            raise refused(self.source, node, told)
        if len(node.args) != 1 or node.keywords:
            raise refused(self.source, node, Sentence("A layer reads one value here, and nothing besides"))
        self.instance.used.add(name)
        (argument,) = node.args
        value = self.value(argument)
        return self.outer.through(module, value, (*self.path, name), argument, self.source.place(node))

    def _function(self, node: ast.Call) -> Value:
        name = self.maker.dotted(node.func)
        short = name.rpartition(".")[2]
        if not name.startswith(("torch.", "torch.nn.functional.")):
            raise not_read(self.source, node, A_VALUE)
        first = node.args[0] if node.args else next((each.value for each in node.keywords if each.arg == "input"), None)
        behind = min(len(node.args), 1)
        if short in ("cat", "concat", "concatenate"):
            return self._join(node)
        if first is None:
            raise not_read(self.source, node, A_VALUE)
        if short == "add" and len(node.args) == 2 and not node.keywords:
            return self._sum(node, node.args[0], node.args[1])
        if short == "flatten":
            return self._flatten(node, self.value(first), node.args[behind:], first)
        if short == "pad":
            return self._pad(node, self.value(first))
        if short not in FUNCTIONS:
            told = Sentence("There is no function {name} here; there are {known}", name=short[:40],
                            known=", ".join([*FUNCTIONS, "cat", "flatten", "pad"]))  # fmt: skip
            raise refused(self.source, node, told)
        return self._called(node, short, self.value(first), behind)

    def _method(self, node: ast.Call, owner: ast.expr, name: str) -> Value:
        value = self.value(owner)
        if name == "contiguous" and not node.args:
            return value
        if name == "flatten":
            return self._flatten(node, value, node.args, owner)
        if name in ("view", "reshape"):
            return self._view(node, value, owner)
        if name == "mean":
            return self._mean(node, value)
        if name in METHODS:
            return self._called(node, name, value, 0)
        if name == "add" and len(node.args) == 1 and not node.keywords:
            return self._sum(node, owner, node.args[0])
        told = Sentence("A value has no {name} here; there are {known}", name=name[:40],
                        known=", ".join([*METHODS, "flatten", "view", "reshape", "mean"]))  # fmt: skip
        raise refused(self.source, node, told)

    def _called(self, node: ast.Call, name: str, value: Value, behind: int) -> Value:
        layer, call = layer_called(self.source, node, name, behind, self._constants(), self.outer.limits)
        return self.outer.applied(value, layer, replace(call, style="attribute"), ())

    def _sum(self, node: ast.expr | ast.stmt, left: ast.expr, right: ast.expr) -> Value:
        return self._met("sum", (self.value(left), self.value(right)), node)

    def _join(self, node: ast.Call) -> Value:
        """torch.cat along the channels."""
        if not node.args or not isinstance(node.args[0], ast.List | ast.Tuple) or not node.args[0].elts:
            raise not_read(
                self.source, node, Sentence("values in a list, such as {example}", example="torch.cat([a, b], dim=1)")
            )
        dims = [*node.args[1:], *(each.value for each in node.keywords if each.arg in ("dim", "axis"))]
        place = self.source.place(node)
        told = Sentence("Values are joined along their channels here: {example}", example="dim=1")
        if not dims:
            closing = Place(place.last, place.end - 1, place.last, place.end - 1)
            raise Refused(Fault(place, told, (self.source.edited([(closing, ", dim=1")]),)))
        if constant(self.source, dims[0], self._constants()) not in (1, -3):
            there = self.source.place(dims[0])
            raise Refused(Fault(there, told, (self.source.edited([(there, "1")]),)))
        return self._met("join", tuple(self.value(each) for each in node.args[0].elts), node)

    def _met(self, kind: Literal["sum", "join"], parents: tuple[Value, ...], node: ast.expr | ast.stmt) -> Value:
        """Values that come together, none of them changed on the way."""
        place = self.source.place(node)
        self.outer.step(place)
        for parent in parents:
            _expect_kept(parent, place)
        return Value(kind, gate_of(parents), place, parents=parents, path=self.path)

    def _flatten(self, node: ast.Call, value: Value, given: list[ast.expr], fed: ast.expr) -> Value:
        """From axis 1 on; PyTorch's functions begin at 0, which would make one row of all examples."""
        dims = {**dict(zip(("start_dim", "end_dim"), given, strict=False))}
        dims |= {each.arg: each.value for each in node.keywords if each.arg in ("start_dim", "end_dim")}
        read = {name: constant(self.source, each, self._constants()) for name, each in dims.items()}
        start, end = read.get("start_dim", 0), read.get("end_dim", -1)
        place = self.source.place(node)
        if not isinstance(start, int) or not isinstance(end, int) or start == 0 or len(given) > 2:
            fix = self.source.edited([(place, f"{self.source.words(fed, 10**4)}.flatten(1)")])
            raise Refused(Fault(place, _FLAT, (fix,)))
        return self._flat(node, value, Flatten(start, end))

    def _view(self, node: ast.Call, value: Value, owner: ast.expr) -> Value:
        """view(x.size(0), -1), view(-1, 400): a row of each example."""
        sizes = node.args
        if len(sizes) == 1 and isinstance(sizes[0], ast.Tuple | ast.List):
            sizes = sizes[0].elts
        place = self.source.place(node)
        if len(sizes) == 2 and not node.keywords:
            batch, rest = sizes
            many = self._is_batch(batch) or self._whole(batch) == -1
            count = self._whole(rest)
            if many and count is not None and (count > 0 or (count == -1 and self._is_batch(batch))):
                values = {"features": self.source.place(rest)} if count > 0 else {}
                call = Call(self.source, place, place, values, "attribute")
                return self.outer.applied(value, Flatten(), call, (), count if count > 0 else None)
        fix = self.source.edited([(place, f"{self.source.words(owner, 10**4)}.flatten(1)")])
        raise Refused(Fault(place, _FLAT, (fix,)))

    def _mean(self, node: ast.Call, value: Value) -> Value:
        """x.mean((2, 3)): each map's mean."""
        given = {each.arg: each.value for each in node.keywords}
        dims = node.args[0] if node.args else given.get("dim")
        read = constant(self.source, dims, self._constants()) if dims is not None else None
        if read not in ((2, 3), (-2, -1), (3, 2), (-1, -2)) or given.keys() - {"dim", "keepdim"} or len(node.args) > 1:
            raise refused(
                self.source, node, Sentence("A mean is read over each map: {example}", example="x.mean((2, 3))")
            )
        place = self.source.place(node)
        call = Call(self.source, place, place, {}, "attribute")
        value = self.outer.applied(value, AdaptiveAvgPool2d(1), call, ())
        keep = "keepdim" in given and constant(self.source, given["keepdim"], {}) is True
        return value if keep else self._flat(node, value, Flatten())

    def _flat(self, node: ast.Call, value: Value, layer: Flatten) -> Value:
        place = self.source.place(node)
        return self.outer.applied(value, layer, Call(self.source, place, place, {}, "attribute"), ())

    def _pad(self, node: ast.Call, value: Value) -> Value:
        """F.pad(x, (left, right, top, bottom)) with zeros."""
        example = Sentence("four numbers, such as {example}", example="F.pad(x, (1, 1, 1, 1))")
        if len(node.args) != 2 or node.keywords:
            raise not_read(self.source, node, example)
        as_layer = ast.copy_location(ast.Call(node.func, [node.args[1]], []), node)
        layer, call = layer_of(self.source, as_layer, "ZeroPad2d", self._constants(), self.outer.limits)
        return self.outer.applied(value, layer, replace(call, style="attribute"), ())

    def _is_library(self, owner: ast.expr) -> bool:
        """Whether what stands before a dot is a name of PyTorch's, and no value."""
        while isinstance(owner, ast.Attribute):
            owner = owner.value
        return isinstance(owner, ast.Name) and owner.id not in self.local and owner.id in self.maker.aliases

    def _is_batch(self, node: ast.expr) -> bool:
        match node:
            case ast.Name(name):
                return self.local.get(name) is BATCH
            case ast.Call(ast.Attribute(ast.Name(name), "size"), [ast.Constant(0)], []):
                return isinstance(self.local.get(name), Value)
            case ast.Subscript(ast.Attribute(ast.Name(name), "shape"), ast.Constant(0)):
                return isinstance(self.local.get(name), Value)
            case ast.Subscript(ast.Call(ast.Attribute(ast.Name(name), "size"), [], []), ast.Constant(0)):
                return isinstance(self.local.get(name), Value)
            case ast.Call(ast.Name("len"), [ast.Name(name)], []):
                return isinstance(self.local.get(name), Value)
        return False

    def _whole(self, node: ast.expr) -> int | None:
        try:
            found = constant(self.source, node, self._constants())
        except Refused:
            return None
        return found if type(found) is int else None

    def _constants(self) -> dict[str, Constant]:
        local = {name: value for name, value in self.local.items() if not isinstance(value, Value | Batch)}
        return self.maker.top | self.instance.constants | local

    def _scope(self) -> Scope:
        return Scope(self._constants(), {f"self.{name}": each for name, each in self.instance.modules.items()})


def _expect_kept(value: Value, place: Place) -> None:
    """Raise Refused for a value that was written into and is read again."""
    if value.overwritten:
        told = Sentence(
            "Something wrote into this value before ({given}); {better} would keep it",
            given="inplace=True / +=",
            better="inplace=False / x = x + y",
        )
        raise Refused(Fault(place, told))


def _has_weights(layer: Layer) -> bool:
    """Whether it can't be called twice as if it were two."""
    names = ("in_channels", "in_features", "num_features", "num_channels", "num_parameters", "normalized_shape")
    return isinstance(layer, WeightNorm) or any(hasattr(layer, name) for name in names)


def _heading(place: Place, lines: tuple[str, ...]) -> Place:
    """The first line of what stands over several."""
    return Place(place.line, place.column, place.line, len(lines[place.line - 1]) + 1)
