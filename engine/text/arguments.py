"""From what stands in a layer's brackets to the layer: each value looked at before the layer sees it."""

from __future__ import annotations

import ast
import math
import types
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal, Union, get_args, get_origin

from engine.sentence import Sentence
from engine.text.changes import Changes
from engine.text.constant import Constant, constant, not_read, refused
from engine.text.edits import edit
from engine.text.known import LAYERS, Argument, arguments, nearest
from engine.text.limits import Limits
from engine.text.reading import Fault, Place, Refused
from engine.text.said import Call
from engine.text.source import Source
from engine.types import Layer

_KINDS: dict[Any, Sentence | str] = {
    int: Sentence("a whole number"),
    float: Sentence("a number"),
    bool: Sentence("True or False"),
    types.NoneType: "None",
    tuple: Sentence("a pair or row of whole numbers"),
}


def layer_of(
    source: Source, node: ast.Call, name: str, known: Mapping[str, Constant], limits: Limits
) -> tuple[Layer, Call]:
    """The layer ``name`` with what stands in the brackets of its call. Raises Refused."""
    given, places, in_place = values_of(source, node, name, known, limits)
    call = Call(source, source.place(node), name_place(source, node.func), places, in_place=in_place)
    return made(source, node, name, given, call), call


def values_of(
    source: Source, node: ast.Call, name: str, known: Mapping[str, Constant], limits: Limits
) -> tuple[dict[str, Constant], dict[str, Place], bool]:
    """What a layer is told, under our own names for it, where each value stands, and whether it works in place.

    Raises Refused.
    """
    takes = arguments(name)
    if len(node.args) > len(takes):
        told = Sentence(
            "That is more than can be told to {layer}; its settings: {takes}",
            layer=name,
            takes=", ".join(each.name for each in takes) or "–",
        )
        raise refused(source, node.args[len(takes)], told)
    by_name = {each.name: each for each in takes}
    said: list[tuple[Argument, ast.expr]] = list(zip(takes, node.args, strict=False))
    for keyword in node.keywords:
        if keyword.arg is None:
            raise not_read(source, keyword.value, Sentence("settings by their names"))
        if keyword.arg not in by_name:
            raise _unknown(source, keyword, name, list(by_name))
        said.append((by_name[keyword.arg], keyword.value))
    given: dict[str, Constant] = {}
    places: dict[str, Place] = {}
    in_place = False
    for argument, value in said:
        if argument.name in places:
            raise refused(source, value, Sentence("{name} is given twice", name=argument.name))
        places[argument.name] = source.place(value)
        found = checked(source, value, name, argument, known, limits)
        if argument.field:
            given[argument.field] = found
        elif argument.name == "inplace":
            in_place = found is True
    return given, places, in_place


def made(source: Source, node: ast.Call, name: str, given: Mapping[str, Constant], call: Call) -> Layer:
    """The layer, once its values are fine one by one. Raises Refused where one is missing or they don't go together."""
    missing = [each.name for each in arguments(name) if each.needed and each.field not in given]
    if missing:
        told = Sentence(
            "{layer} can't be without {missing}; for example {example}",
            layer=name,
            missing=", ".join(missing),
            example=example(name),
        )
        raise Refused(Fault(source.place(node), told))
    make: Any = LAYERS[name]
    try:
        layer: Layer = make(**given)
    except (ValueError, TypeError, ArithmeticError) as error:
        told = Sentence("{layer} can't be made like this: {reason}", layer=name, reason=str(error))
        changes, meant = _instead(make, given)
        raise Refused(Fault(source.place(node), told, edit(call, changes)), meant) from None
    return layer


def _instead(make: Callable[..., Layer], given: Mapping[str, Constant]) -> tuple[Changes, Layer | None]:
    """The one setting that, told otherwise, lets the others be, and the layer that this makes."""
    kernel, channels = given.get("kernel_size"), given.get("in_channels")
    half = kernel // 2 if type(kernel) is int else 0
    tried: tuple[Changes, ...] = (
        *({"out_channels": channels}, {"groups": channels}, {"groups": 1}, {"stride": 1}),
        *({"padding": half}, {"padding": 0}, {"p": 0.5}, {"num_groups": 1}, {"padding": "same"}),
    )
    for changes in tried:
        if changes.keys() <= given.keys():
            try:
                return changes, make(**{**given, **changes})
            except (ValueError, TypeError, ArithmeticError):
                continue
    return {}, None


def checked(
    source: Source,
    node: ast.expr,
    layer: str,
    argument: Argument,
    known: Mapping[str, Constant],
    limits: Limits,
) -> Constant:
    """One value, of the kind that the argument takes and within its bounds. Raises Refused with what would do."""
    # print(model) shows PyTorch's words without their quotation marks.
    bare = isinstance(node, ast.Name) and node.id in _words(argument.hint) and node.id not in known
    value = node.id if bare and isinstance(node, ast.Name) else constant(source, node, known)
    if not argument.field:
        if not any(value == each and type(value) in (type(each), float, int) for each in argument.harmless):
            told = Sentence(
                "{layer} has {name}={given} in PyTorch only; here it may be {allowed}",
                layer=layer,
                name=argument.name,
                given=source.words(node),
                allowed=" / ".join(map(repr, argument.harmless)),
            )
            fix = source.edited([(source.place(node), repr(argument.harmless[0]))])
            raise Refused(Fault(source.place(node), told, (fix,)))
        return value
    if isinstance(value, float) and value.is_integer() and float not in _options(argument.hint):
        value = int(value) if abs(value) <= limits.number else value
    if not any(_fits(value, option) for option in _options(argument.hint)):
        told = Sentence(
            "{layer}: {name} is {given}; expected {expected}",
            layer=layer,
            name=argument.name,
            given=source.words(node),
            expected=_expected(argument),
        )
        raise Refused(Fault(source.place(node), told))
    _expect_bounded(source, node, layer, argument, value, limits)
    return value


def unknown_layer(source: Source, node: ast.Call, name: str, *, blocks: bool) -> Refused:
    """The refusal of a layer that isn't known: which are, and the one whose name is nearest."""
    near = nearest(name, blocks=blocks)
    known = ", ".join(sorted(LAYERS))
    place = name_place(source, node.func)
    if not near:
        told = Sentence("There is no layer called {name}; there are {known}", name=name[:40], known=known)
        return Refused(Fault(place, told))
    told = Sentence(
        "There is no layer called {name}; the nearest is {near}. There are {known}",
        name=name[:40],
        near=near,
        known=known,
    )
    return Refused(Fault(place, told, (source.edited([(place, near)]),)))


def name_place(source: Source, function: ast.expr) -> Place:
    """Where the last name of a dotted one stands: Conv2d in torch.nn.Conv2d."""
    place = source.place(function)
    if isinstance(function, ast.Attribute) and place.last == place.line:
        return replace(place, column=place.end - len(function.attr))
    return place


def example(name: str) -> str:
    """A call of this layer that works."""
    values = {"in_channels": "8", "out_channels": "16", "in_features": "64", "out_features": "10", "input_size": "8"}
    values |= {"kernel_size": "3", "num_groups": "2", "norm_type": "2", "value": "0.0", "padding": "1"}
    if name.endswith(("Pool2d", "Unpool2d")):
        values["kernel_size"] = "2"
    needed = [each.name for each in arguments(name) if each.needed]
    return f"{name}({', '.join(values.get(each, '8' if each.startswith('num') else '1') for each in needed)})"


def _unknown(source: Source, keyword: ast.keyword, name: str, takes: list[str]) -> Refused:
    told = Sentence(
        "{layer} has no {name}; it takes {takes}",
        layer=name,
        name=str(keyword.arg)[:40],
        takes=", ".join(takes) or "–",
    )
    return Refused(Fault(source.place(keyword), told))


def _options(hint: Any) -> tuple[Any, ...]:
    """The kinds that a hint allows, one by one."""
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(option for each in get_args(hint) for option in _options(each))
    return (hint,)


def _words(hint: Any) -> tuple[str, ...]:
    return tuple(word for each in _options(hint) if get_origin(each) is Literal for word in get_args(each))


def _fits(value: Constant, option: Any) -> bool:
    if get_origin(option) is Literal:
        return value in get_args(option) and isinstance(value, str)
    if get_origin(option) is tuple:
        kinds = get_args(option)
        long = kinds[-1] is Ellipsis
        return (
            isinstance(value, tuple)
            and (bool(value) if long else len(value) == len(kinds))
            and all(type(each) is int for each in value)
        )
    if option is float:
        return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]
    return type(value) is option


def _expected(argument: Argument) -> Sentence | str:
    words = _words(argument.hint)
    kinds = [
        _KINDS[tuple if get_origin(option) is tuple else option]
        for option in _options(argument.hint)
        if get_origin(option) is not Literal
    ]
    said = [*kinds, *map(repr, words)]
    found = said[0]
    for each in said[1:]:
        found = Sentence("{this} or {that}", this=found, that=each)
    return found


def _expect_bounded(
    source: Source, node: ast.expr, layer: str, argument: Argument, value: Constant, limits: Limits
) -> None:
    least = argument.least
    for each in value if isinstance(value, tuple) else (value,):
        if isinstance(each, bool) or not isinstance(each, int | float):
            continue
        if abs(each) > limits.number:
            told = Sentence(
                "{layer}: {name} is {given}; at most {most} is built here",
                layer=layer,
                name=argument.name,
                given=source.words(node),
                most=f"{limits.number:,}",
            )
        elif least is not None and each < least and float not in _options(argument.hint):
            told = Sentence(
                "{layer}: {name} is {given}; expected at least {least}",
                layer=layer,
                name=argument.name,
                given=source.words(node),
                least=least,
            )
        else:
            continue
        fix = () if least is None else (source.edited([(source.place(node), str(max(least, 1)))]),)
        raise Refused(Fault(source.place(node), told, fix))
