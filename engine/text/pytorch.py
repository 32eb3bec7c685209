"""Pasted PyTorch source as pieces: a Sequential, or a class that makes layers and a forward that calls them."""

from __future__ import annotations

import ast
from dataclasses import replace

from engine.sentence import Sentence
from engine.text.constant import constant, not_read
from engine.text.forward import Follower
from engine.text.joined import Joiner, Value
from engine.text.limits import Limits
from engine.text.modules import A_MODULE, Instance, Maker, Module, Scope, Sequence
from engine.text.reading import Fault, Refused
from engine.text.said import Said
from engine.text.source import Source


def read_pytorch(lines: tuple[str, ...], limits: Limits) -> Said:
    """The network of a piece of source. Raises Refused where something in it isn't read."""
    source = Source(lines)
    program = _Program(source, limits)
    for statement in source.tree(limits):
        program.statement(statement)
    return program.said()


class _Program:
    """Goes through the statements of the source from top to bottom."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source, self.limits = source, limits
        self.maker = Maker(source, limits)
        self.scope = Scope()
        self.network: Module | None = None

    def statement(self, node: ast.stmt) -> None:
        """One statement: an import, a class, a number, or the network itself."""
        match node:
            case ast.Import(names):
                for each in names:
                    self.maker.aliases[each.asname or each.name.partition(".")[0]] = (
                        each.name if each.asname else each.name.partition(".")[0]
                    )
            case ast.ImportFrom(module, names, 0):
                for each in names:
                    self.maker.aliases[each.asname or each.name] = f"{module}.{each.name}"
            case ast.ClassDef(name, [base], [], _, []) if self._is_module(base):
                self.maker.classes[name] = node
            case ast.Pass() | ast.Expr(ast.Constant(str())):
                return
            case ast.Assign([ast.Name(name)], value) | ast.AnnAssign(ast.Name(name), _, ast.expr() as value):
                self._assign(name, value)
            case ast.Expr(ast.Call() as call) if self._makes(call):
                self.network = self.maker.module(call, self.scope)
            case _:
                fault = not_read(self.source, node, A_MODULE).fault
                raise Refused(replace(fault, fixes=(self.source.without(node),)))

    def said(self) -> Said:
        """The pieces of the network that the source names last, or else of its last class."""
        network = self.network
        if network is None:
            classes = list(self.maker.classes.values())
            if not classes:
                told = Sentence("Here is no network: a class of nn.Module, or an nn.Sequential, would be one")
                raise Refused(Fault(self.source.whole(), told))
            network = self.maker.instance(_outermost(classes))
        follower = Follower(self.maker)
        whole = self.source.whole()
        start = Value("input", None, whole)
        end = follower.through(network, start, (), None, whole)
        return Said(Joiner(self.limits).row(end, start), self._notes(network))

    def _assign(self, name: str, value: ast.expr) -> None:
        if isinstance(value, ast.Call):
            module = self.maker.module(value, self.scope)
            self.scope.modules[name] = module
            if isinstance(module, Sequence | Instance):
                self.network = module
        else:
            self.scope.constants[name] = constant(self.source, value, self.scope.constants)
            self.maker.top = self.scope.constants

    def _is_module(self, base: ast.expr) -> bool:
        """Whether a class stands on nn.Module itself: what another one would hand down isn't looked for."""
        name = self.maker.dotted(base)
        known = name in ("torch.nn.Module", "Module") or name.endswith(".LightningModule")
        return known and name not in self.maker.classes

    def _makes(self, call: ast.Call) -> bool:
        name = self.maker.dotted(call.func)
        return name in self.maker.classes or name.removeprefix("torch.nn.") == "Sequential"

    def _notes(self, network: Module) -> tuple[Sentence, ...]:
        """What of a class wasn't read, and what it makes and never calls."""
        if not isinstance(network, Instance):
            return ()
        notes = []
        unused = [name for name in network.modules if name not in network.used]
        if unused:
            notes.append(Sentence("Made and never called, so left out: {names}", names=", ".join(unused)))
        methods = [each.name for each in network.definition.body if isinstance(each, ast.FunctionDef)]
        others = [name for name in methods if name not in ("__init__", "forward")]
        if others:
            notes.append(Sentence("Only __init__ and forward are read, not {names}", names=", ".join(others)))
        return tuple(notes)


def _outermost(classes: list[ast.ClassDef]) -> ast.ClassDef:
    """The last class that no other one's source calls."""
    called = {
        node.func.id
        for each in classes
        for node in ast.walk(each)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    free = [each for each in classes if each.name not in called]
    return (free or classes)[-1]
