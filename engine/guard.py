"""What may come in: arrays of float32 or float64, plain numbers as settings, generators where something is drawn.

NumPy goes on with anything, and says nothing: in whole numbers a half becomes 0, bytes go round from 255 to 0, float16
ends at 65504, and a setting that is a float64 of NumPy's makes float64 of all float32 that it touches. So what a
chapter exports goes through ``guard`` once, when it is imported, and a new layer or loss is guarded without knowing of
it. A guard looks at an array's type and never at its numbers: it takes the same time for every array.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from engine.sentence import Sentence
from engine.types import Array, Cache, Params

FLOATS = "fd"
"""NumPy's letters for float32 and float64."""
_WHOLE = frozenset({"target", "switches", "indices"})
"""Arguments that may hold whole numbers: what an example is, and which cell of a window won."""

_PLAIN = (float, int, bool, str, type(None))

Function = TypeVar("Function", bound=Callable[..., Any])


class InputError(TypeError):
    """What isn't of a kind that can be computed with: says what was given, what was expected, what would work."""

    def __init__(self, template: str, **values: Any) -> None:
        self.message = Sentence(template, **values)
        super().__init__(str(self.message))


def expect_floats(what: object, name: str, value: object) -> None:
    """Raise InputError unless this is an array of float32 or float64."""
    if not isinstance(value, np.ndarray):
        raise InputError(
            "{what} was given {name} of type {type}; it expects an array of float32 or float64, which "
            "np.asarray({name}, np.float32) makes of numbers.",
            what=str(what),
            name=name,
            type=type(value).__name__,
        )
    if value.dtype.char not in FLOATS:
        works = f"{name}.real" if value.dtype.kind == "c" else name
        works += ".astype(np.float32)" + " / 255" * (value.dtype == np.uint8 and name == "x")
        raise InputError(
            "{what} was given {name} of type {type}; it expects float32 or float64: {works} would work.",
            what=str(what),
            name=name,
            type=str(value.dtype),
            works=works,
        )


def expect_parameters(what: object, params: Mapping[str, Array]) -> None:
    """Raise InputError unless each is an array of float32 or float64, or a count: one whole number."""
    for name, value in params.items():
        dtype = getattr(value, "dtype", None)
        if dtype is None or (dtype.char not in FLOATS and (value.ndim or dtype.kind not in "iu")):
            expect_floats(what, f"params[{name!r}]", value)


def expect_dtype(what: object, dtype: npt.DTypeLike) -> None:
    """Raise InputError unless parameters can be made in this type."""
    if np.dtype(dtype).char not in FLOATS:
        raise InputError(
            "{what} was asked for parameters of type {type}; np.float32 (to train) or np.float64 (to check) works.",
            what=str(what),
            type=str(np.dtype(dtype)),
        )


def expect_generator(what: object, rng: object) -> None:
    """Raise InputError unless this draws."""
    if not isinstance(rng, np.random.Generator):
        seed = rng if isinstance(rng, int) and rng >= 0 else 0
        raise InputError(
            "{what} was given {given} to draw with; it expects a generator: np.random.default_rng({seed}) would work.",
            what=str(what),
            given=f"rng={rng!r}"[:80],
            seed=seed,
        )


def real(what: object, name: str, value: object) -> Array:
    """An array of real numbers, of whatever type: for what is turned into floats anyway. Raises InputError."""
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise InputError(
            "{what} was given {name} of type {type}; it expects real numbers, such as float32.",
            what=str(what),
            name=name,
            type=str(array.dtype),
        )
    return array


def plain(value: Any) -> Any:
    """A setting as Python's own number, which leaves float32 as it is; a tuple or list of them alike."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return plain(value.item() if value.ndim == 0 else tuple(value))
    if type(value) in (tuple, list):
        return type(value)(map(plain, value))
    return value


def guard(chapter: dict[str, Any], *, arrays: bool = True) -> None:
    """Guard all that a chapter exports, ``chapter`` being its globals(): functions, and what specs take and do.

    A layer's or a loss's passes take floats and a generator, every spec's settings become plain, and a function's
    arguments are looked at as they are annotated. Without ``arrays`` they may hold anything: labels, say.
    """
    own = [name for name, thing in chapter.items() if getattr(thing, "__module__", "") == chapter["__name__"]]
    for name in chapter.get("__all__", own):
        thing = chapter[name]
        if inspect.isfunction(thing) and not name.startswith("_"):
            chapter[name] = guarded(thing, arrays=arrays)
        elif inspect.isclass(thing) and hasattr(thing, "__dataclass_fields__"):
            _guard_spec(thing)


def guarded(function: Function, *, arrays: bool = True) -> Function:
    """A function whose arguments are looked at: ``Array`` holds floats, a generator draws, and numbers are plain.

    ``target``, ``switches`` and ``indices`` may hold whole numbers, and so may what can be one number: all real.
    """
    names = tuple(inspect.signature(function).parameters)
    kinds = {name: _kind(name, str(text), arrays) for name, text in inspect.get_annotations(function).items()}
    if not any(kinds[name] for name in names if name in kinds):
        return function
    looked_at = [(place, name, kinds[name]) for place, name in enumerate(names) if kinds.get(name)]
    method = names[:1] == ("self",)

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        for place, name, kind in looked_at:
            value = args[place] if place < len(args) else kwargs.get(name)
            if value is None or (isinstance(value, np.ndarray) and value.dtype.char in FLOATS and kind != "rng"):
                continue
            what = type(args[0]).__name__ if method else function.__name__
            admitted = _admitted(what, name, kind, value)
            if admitted is value:
                continue
            if place < len(args):
                args = (*args[:place], admitted, *args[place + 1 :])
            else:
                kwargs[name] = admitted
        return function(*args, **kwargs)

    return checked  # type: ignore[return-value]


def _kind(name: str, annotation: str, arrays: bool) -> str:
    """What an argument is, read from its annotation: "" for what nobody looks at."""
    options = {option.strip() for option in annotation.split("|")}
    if "np.random.Generator" in options:
        return "rng"
    if arrays and options & {"Array", "list[Array]"}:
        return "real" if name in _WHOLE or "float" in options else "floats"
    return "setting" if options & {"int", "float", "Pair"} else ""


def _admitted(what: str, name: str, kind: str, value: Any) -> Any:
    """An argument as the function gets it."""
    if kind == "setting":
        return plain(value)
    if kind == "real":
        return real(what, name, value)
    if kind == "rng":
        expect_generator(what, value)
        return value
    for array in value if isinstance(value, list) and value and isinstance(value[0], np.ndarray) else (value,):
        expect_floats(what, name, array)
    return value


def _guard_spec(spec: type[Any]) -> None:
    """Plain settings, and guarded passes where the spec has some."""
    own: dict[str, Any] = {} if _is_record(spec) else {"__init__": _with_plain_settings(spec.__init__)}
    if hasattr(spec, "output_shape"):
        own["init"] = _init(spec.init)
        own["forward"], own["backward"] = _layer_forward(spec.forward), _layer_backward(spec.backward)
    elif not hasattr(spec, "update"):
        # An optimizer's update looks at all arrays in one go.
        methods = {
            name: inspect.getattr_static(spec, name) for name in dir(spec) if name[0] != "_" or name == "__call__"
        }
        own |= {name: guarded(method) for name, method in methods.items() if inspect.isfunction(method)}
    for name, method in own.items():
        setattr(spec, name, method)


def _is_record(spec: type[Any]) -> bool:
    """Whether it carries data instead of settings."""
    types = inspect.get_annotations(spec.__init__).values()
    return any(word in str(text) for text in types for word in ("Array", "Params"))


def _with_plain_settings(init: Callable[..., None]) -> Callable[..., None]:
    @wraps(init)
    def checked(self: object, *settings: Any, **named: Any) -> None:
        init(self, *map(plain, settings), **{name: plain(value) for name, value in named.items()})

    return checked


def _init(init: Callable[..., Params]) -> Callable[..., Params]:
    @wraps(init)
    def checked(self: object, rng: np.random.Generator, *args: Any, **kwargs: Any) -> Params:
        expect_generator(self, rng)
        expect_dtype(self, kwargs.get("dtype", args[1] if len(args) > 1 else np.float32))
        return init(self, rng, *args, **kwargs)

    return checked


def _layer_forward(forward: Callable[..., tuple[Array, Cache]]) -> Callable[..., tuple[Array, Cache]]:
    """Of a layer, whose passes are run many times a second: as little as can be."""
    generator, array = np.random.Generator, np.ndarray

    @wraps(forward)
    def checked(
        self: object, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        if not isinstance(x, array) or x.dtype.char not in FLOATS:
            expect_floats(self, "x", x)
        for value in params.values():
            if value.__class__ is not array or value.dtype.char not in FLOATS:
                expect_parameters(self, params)
        if rng is not None and not isinstance(rng, generator):
            expect_generator(self, rng)
        return forward(self, params, x, train=train, rng=rng)

    @wraps(forward)
    def with_more(self: object, params: Params, x: Array, **named: Any) -> tuple[Array, Cache]:
        expect_floats(self, "x", x)
        expect_parameters(self, params)
        if named.get("rng") is not None:
            expect_generator(self, named["rng"])
        return forward(self, params, x, **named)

    usual = ["self", "params", "x", "train", "rng"]
    return checked if list(inspect.signature(forward).parameters) == usual else with_more


def _layer_backward(backward: Callable[..., tuple[Array, Params]]) -> Callable[..., tuple[Array, Params]]:
    array = np.ndarray

    @wraps(backward)
    def checked(self: object, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        if not isinstance(dy, array) or dy.dtype.char not in FLOATS:
            expect_floats(self, "dy", dy)
        return backward(self, params, cache, dy)

    return checked
