"""Controls <-> URL <-> session. The only place that touches query parameters and the session's controls.

A page calls ``restore(*controls)`` once at its top. Entering a page with controls in the URL takes the page's
whole state from there; entering without takes it as the session left it. The browser's Back and Forward take the
state of the address that they lead to, on the same page too. A value that can't be used falls back to its default
with one notice, and never raises. ``sync()`` writes what differs from its default back; which of the addresses it
writes become places that Back leads to is the browser's to say (ui/components/tab/address.js).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, cast

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui import limits
from ui.controls import Choice, Control, Flag, Number, Refusal, Short, Value, quoted

if TYPE_CHECKING:
    from ui.catalogue import Lesson

__all__ = ["Choice", "Flag", "Number", "Short", "Value", "get", "key", "restore", "set", "sync"]

LANGUAGES = ("en", "zh")
FRAME_NAMES = ("lang", "present", "hide")
# What ``hide=`` can leave out besides the settings of a page; not every page has all of them.
PARTS = (
    *("text", "code", "check", "exercises", "take-away", "next"),
    *("digit", "source", "upload", "examples", "suggestions", "sharing"),
)
# Names that mail programs and sites add to links: not worth a notice.
IGNORED_PREFIXES = ("utm_", "fbclid", "gclid")

_PAGE = "stepcnn.page"
_BOUND = "stepcnn.bound"
_CONTROLS = "stepcnn.controls"
_VALUES = "stepcnn.values"
_PROBLEMS = "stepcnn.problems"
_STARTED = "stepcnn.started"
_BROUGHT = "stepcnn.brought"
_BEFORE = "stepcnn.before"
_TAKEN = "stepcnn.taken"
_HIDES = "stepcnn.hides"


class _Bound(NamedTuple):
    """What a page is asked for hundreds of times in a run, under one name: each look into the session costs."""

    page: str
    controls: Mapping[str, Control]
    values: dict[str, Any]


class Unusable(NamedTuple):
    """Something in the URL that a page can't use: no control has this name, or the control refuses the text."""

    name: str
    text: str = ""
    refusal: Refusal | None = None


def frame_controls() -> tuple[Control, ...]:
    """The controls that every page has: language, presenter view, and what an instructor's link hides."""
    locale = (st.context.locale or "").lower()
    return (
        Choice("lang", LANGUAGES, "zh" if locale.startswith("zh") else "en"),
        Flag("present"),
        Short("hide", r"[a-z][a-z0-9-]*(,[a-z][a-z0-9-]*)*", 200, example="exercises"),
    )


def bind(*controls: Control, page: str = "") -> dict[str, Any]:
    """Make these a page's controls, beside the frame's, whatever the address says; gives the values that the session
    holds, of all pages."""
    st.session_state[_PAGE] = page
    every = (*frame_controls(), *controls)
    bound = {control.name: control for control in every}
    if len(bound) < len(every):
        names = [control.name for control in every]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"{page}: two controls are called {', '.join(twice)}; expected another name for each.")
    return _bind(bound)


def restore(*controls: Control, page: str = "") -> None:
    """Bind a page's controls; call it before the first widget of the page, on every run."""
    session = st.session_state
    entered = session.get(_PAGE) != page
    values = bind(*controls, page=page)
    brought = session.pop(_BROUGHT, {}).get(page)
    if brought is not None:
        session[_PROBLEMS] = []
        take({control.name: control.default for control in controls} | brought)
    elif entered or _by_history():
        session[_PROBLEMS] = []
        _read_url(controls, page, whole=_by_history())
    for control in controls:
        name = key(control.name)
        # A widget's own key is forgotten when the page is left or the widget hidden: our copy isn't.
        kept = values.get(name, control.default)
        values[name] = session[name] if name in session and _fits(control, session[name]) else kept
        session[name] = values[name]


def restore_frame() -> None:
    """Bind language, presenter view and ``hide=``; from the URL at the session's start, then from the session."""
    session = st.session_state
    values = _bind({**session.get(_CONTROLS, {}), **{c.name: c for c in frame_controls()}})
    if session.get(_STARTED) and not _by_history():
        return
    session[_STARTED] = True
    for control in frame_controls():
        texts = st.query_params.get_all(control.name)
        value, _ = _read(control, texts)
        values[key(control.name)] = value


def key(name: str) -> str:
    """The ``key=`` for the widget of a control."""
    return _key(_bound(), name)


def get(name: str) -> Any:
    """The present value of a control.

    Raises:
        KeyError: for a name that the page hasn't given to ``restore``.
    """
    bound = _bound()
    control, place = _control(bound, name), _key(bound, name)
    kept = bound.values.get(place, control.default)
    # The frame's controls are no widgets: the session holds no other value of theirs.
    return kept if name in FRAME_NAMES else st.session_state.get(place, kept)


def default(name: str) -> Value:
    """The value that a control has when nobody has said another.

    Raises:
        KeyError: for a name that the page hasn't given to ``restore``.
    """
    return _control(_bound(), name).default


def set(name: str, value: Value) -> None:
    """Give a control another value: from a component's event or a button's callback.

    Raises:
        ValueError: for a value that the control doesn't allow.
    """
    bound = _bound()
    control, place = _control(bound, name), _key(bound, name)
    checked = control.read(control.write(value))
    bound.values[place] = checked
    if name not in FRAME_NAMES:
        st.session_state[place] = checked


def take(values: Mapping[str, Value]) -> None:
    """Give several controls their values at once, as one state of the page: a link, or a worked example."""
    for name, value in values.items():
        set(name, value)
    _took()


def hear(controls: Sequence[Control], told: object) -> None:
    """Give controls what a picture tells of them, by name; what one of them refuses leaves it as it is."""
    if not isinstance(told, Mapping):
        return
    for control in controls:
        with suppress(KeyError, TypeError, ValueError, OverflowError):
            set(control.name, control.told(told[control.name]))


def taken() -> int:
    """How often the session took a state as a whole. A picture that has ways of its own (a cursor, a scene) follows
    them until this number is another one."""
    return cast("int", st.session_state.get(_TAKEN, 0))


def note(name: str, value: object) -> None:
    """Keep what goes with the state as it is and is in no link: a state that is taken as a whole, by Back or by an
    address, has nothing to do with it."""
    st.session_state[name] = (taken(), value)


def noted(name: str) -> Any:
    """What was noted since the state was taken; None without."""
    since, value = st.session_state.get(name, (0, None))
    return value if since == taken() else None


def changed(*names: str) -> dict[str, Any]:
    """Which of these controls were changed one by one since this was last asked on this page, and their values then.

    So a lesson forgets what belonged to another picture or kernel, but not what a link or an example brings along
    with it.
    """
    # Whoever asks about the same controls asks for himself: others of the page don't hear less for it.
    pages = cast("dict[str, dict[tuple[str, ...], dict[str, Any]]]", st.session_state.setdefault(_BEFORE, {}))
    known = pages.setdefault(_bound().page, {})
    now = {name: get(name) for name in names}
    before = known.get(names, now)
    known[names] = now
    return {name: before[name] for name in names if now[name] != before[name]}


def go(to: Lesson, **values: Value) -> NoReturn:
    """Leave for another lesson, which opens with these values and every other at its default.

    They travel in the session: in the query, the browser would take them for a state of the page that is left, and
    Back would lead there.
    """
    st.session_state[_BROUGHT] = {to.key: values}
    st.switch_page(to.path, query_params=st.query_params.to_dict())


def sync() -> None:
    """Write every control that differs from its default to the URL, and nothing else."""
    wanted = query()
    written = {name: st.query_params.get_all(name) for name in st.query_params}
    if written != {name: [text] for name, text in wanted.items()}:
        st.query_params.from_dict(wanted)


def query(*only: str) -> dict[str, str]:
    """Name and text of every control that differs from its default: the page's link; or of these alone."""
    written = {}
    for name, control in _bound().controls.items():
        if only and name not in only:
            continue
        value = get(name)
        if value != control.default and _fits(control, value):
            written[name] = control.write(value)
    return written


def hidden(name: str) -> bool:
    """Whether the link hides this control or part of the page (``hide=exercises,code``)."""
    return name in str(get("hide")).split(",")


def problems() -> list[Unusable]:
    """What the URL asked for in vain; names and texts are cut."""
    return cast("list[Unusable]", st.session_state.get(_PROBLEMS, []))


def dismiss_problems() -> None:
    st.session_state[_PROBLEMS] = []


def _by_history() -> bool:
    """Whether this run answers the browser's Back or Forward.

    The query alone can't tell: an answer that is still on its way has a newer one than the browser.
    """
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _took() -> None:
    st.session_state[_TAKEN] = taken() + 1
    st.session_state.get(_BEFORE, {}).pop(_bound().page, None)


def _bind(controls: dict[str, Control]) -> dict[str, Any]:
    """Make these the page's controls; gives the values that the session holds, of all pages."""
    session = st.session_state
    session[_CONTROLS] = controls
    values = cast("dict[str, Any]", session.setdefault(_VALUES, {}))
    session[_BOUND] = _Bound(session.get(_PAGE, ""), controls, values)
    return values


def _bound() -> _Bound:
    return cast("_Bound", st.session_state.get(_BOUND, _Bound("", {}, {})))


def _key(bound: _Bound, name: str) -> str:
    return f"{'frame' if name in FRAME_NAMES else bound.page}.{name}"


def _fits(control: Control, value: Any) -> bool:
    """Whether a control allows a value; a widget that was emptied holds None."""
    try:
        control.write(value)
    except (ValueError, TypeError):
        return False
    return True


def _control(bound: _Bound, name: str) -> Control:
    if name not in bound.controls:
        raise KeyError(f"No control {name!r} on this page; it has {', '.join(bound.controls) or 'none'}.")
    return bound.controls[name]


def _read(control: Control, texts: list[str]) -> tuple[Any, Unusable | None]:
    """The value of a control from its texts in the URL, and the problem when there is one."""
    if not texts:
        return control.default, None
    if len(texts) > 1:
        return control.default, Unusable(control.name, quoted(" & ".join(texts[:3])), Refusal("one value"))
    try:
        return control.read(texts[0][: limits.URL_CHARACTERS]), None
    except Refusal as refusal:
        return control.default, Unusable(control.name, quoted(texts[0]), refusal)


def _read_url(controls: tuple[Control, ...], page: str, *, whole: bool) -> None:
    """Take what the query says. ``whole``: what it doesn't name is at its default, even if it names nothing."""
    parameters = st.query_params
    known = {control.name: control for control in controls}
    found: list[Unusable] = []
    if whole or any(name in known for name in parameters):
        _took()
        for control in controls:
            value, problem = _read(control, parameters.get_all(control.name))
            st.session_state[f"{page}.{control.name}"] = value
            found += [problem] if problem else []
    for control in frame_controls():
        _, problem = _read(control, parameters.get_all(control.name))
        found += [problem] if problem else []
    if known:  # the course map has nothing that could be hidden: what the link says is for the lessons
        found += _unknown_parts(known)
    names = {*known, *(control.name for control in frame_controls())}
    for name in parameters:
        if name not in names and not name.startswith(IGNORED_PREFIXES):
            found.append(Unusable(quoted(name)))
    st.session_state[_PROBLEMS] = found


def _unknown_parts(controls: Mapping[str, Control]) -> list[Unusable]:
    """What ``hide=`` names and this page doesn't know. It goes along from page to page, so each name is told once."""
    asked, _ = _read(frame_controls()[FRAME_NAMES.index("hide")], st.query_params.get_all("hide"))
    told = cast("list[str]", st.session_state.setdefault(_HIDES, []))
    news = [name for name in str(asked).split(",") if name and name not in told]
    told += news
    wanted = Refusal("the name of a part or a setting of this page, such as {example}", example="exercises")
    return [Unusable("hide", quoted(name), wanted) for name in news if name not in controls and name not in PARTS]
