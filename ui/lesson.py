"""The frame that every lesson stands in.

    with lesson_frame("forward-backward", controls=(Number("lr", 0, 1, 0.01),)) as frame:
        frame.picture(MOUNT, drawn)
        frame.text("why")
        frame.code(conv2d, mark=["einsum"], values={"stride": 1})
        frame.check(_("Backprop against central differences"), run)
        frame.exercises(EXERCISES)
        frame.take_away(figure=make_figure, numbers=lambda: arrays)

A page draws its picture first; the frame's parts stand under it as calm sections, in the order of the calls.
An instructor's link hides parts by name: ``hide=text,code,check,exercises,take-away,next``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from ui import catalogue, errors, exercises, state, takeaway
from ui.components import board
from ui.components import code as code_view
from ui.controls import Control
from ui.downloads import download
from ui.edits import Edits
from ui.figures import export
from ui.figures.fonts import has_chinese_font
from ui.header import lesson_header, link, way
from ui.i18n import _, blocks, fill, language, prose, speaking
from ui.resets import Reset
from ui.resets import apply as apply_resets

if TYPE_CHECKING:
    from ui.figures.export import Figure


@contextmanager
def lesson_frame(key: str, controls: Sequence[Control] = ()) -> Iterator[Frame]:
    """Open a lesson: bind its controls, show its header, catch what goes wrong, write its link."""
    entry = catalogue.lesson(key)
    state.restore(*controls, exercises.SEED, page=key)
    place = lesson_header(entry)
    errors.show_link_problems()
    try:
        with errors.caught():
            yield Frame(entry, controls)
        _way_on(entry)
    finally:
        state.sync()
        with place:
            link()


def _way_on(entry: catalogue.Lesson) -> None:
    """The end of the page: a link to the lesson that comes next, or after the last one to the map.

    A page inside another one (``embed=true``) is that one's own choice, and leads nowhere.
    """
    if state.hidden("next") or st.context.is_embedded:
        return
    after = catalogue.after(entry.key)
    with st.container(key="frame-next"):
        if after is None:
            way(str(catalogue.HOME), _("That was the last lesson: back to the course map") + " →")
        else:
            label = _("Next lesson: {title}").format(title=after.title[language()])
            way(str(after.path), label + " →", help=after.goal[language()])


class Frame:
    """The parts of one open lesson."""

    def __init__(self, entry: catalogue.Lesson, controls: Sequence[Control]) -> None:
        self.lesson = entry
        self.controls = controls
        self._names: Counter[str] = Counter()

    @contextmanager
    def _section(self, name: str) -> Iterator[None]:
        """The room of one part, which may come more than once; what fails in it leaves the other parts be."""
        self._names[name] += 1
        count = self._names[name]
        with st.container(key=f"section-{name}" if count == 1 else f"section-{name}-{count}"), errors.caught():
            yield

    def shows(self, name: str) -> bool:
        """Whether a control or part is to be shown: the link may hide it (``hide=lr,exercises``)."""
        return not state.hidden(name)

    def words(self, block: str, **values: object) -> str:
        """Markdown of one of the lesson's named blocks with its ``{{gaps}}`` filled, to be shown anywhere."""
        return fill(prose(self.lesson.key)[block], values)

    def picture(
        self,
        mount: board.Mount,
        drawn: Callable[[], board.Drawn],
        *,
        acts: Mapping[str, Callable[[Any], None]] | None = None,
        row: Sequence[Callable[[Frame], None]] = (),
        above: Sequence[Callable[[Frame], None]] = (),
        below: Sequence[Callable[[Frame], None]] = (),
        edits: Edits | None = None,
        resets: Sequence[Reset] = (),
        settle: Callable[[], Sequence[str]] | None = None,
        says: str | tuple[str, ...] = "say-",
        moves: Sequence[Control] | None = None,
    ) -> None:
        """The lesson's picture, in a fragment of its own; what it tells goes into the controls, and so into the link.

        Args:
            mount: the component, what ``board`` made of the room's browser files.
            drawn: what the component is sent, as the controls stand.
            acts: what hears whatever the learner did besides moving the controls, by the name it is told under.
            row: what stands in a row above the picture (ui/row.py).
            above: what stands above it in rows of its own.
            below: what stands under it and follows from the same numbers.
            edits: the numbers in it that can be typed over; their acts come along.
            resets: what a change of some controls takes along.
            settle: brings controls that don't fit together back into order; what had to be given up, for the reader.
            says: how the names of the blocks begin that the picture may say; of several, any.
            moves: the controls that this picture moves, where another one moves the rest.
        """
        self._names["picture"] += 1
        count = self._names["picture"]
        key = f"{self.lesson.key}.board" + ("" if count == 1 else f"-{count}")
        held = self.controls if moves is None else moves
        heard = {**(edits.acts if edits else {}), **(acts or {})}
        _picture(self, _Shown(key, mount, drawn, held, heard, row, above, below, edits, resets, settle, says))

    def text(self, block: str, **values: object) -> None:
        """One of the lesson's named blocks of prose."""
        if self.shows("text"):
            with self._section("text-" + block):
                st.markdown(self.words(block, **values))

    def code(
        self, function: Callable[..., Any], mark: Sequence[str] = (), values: Mapping[str, Any] | None = None
    ) -> None:
        """The live source of an engine function: lines that match ``mark`` marked, ``values`` put in.

        Args:
            function: any function, method or class of the engine.
            mark: regular expressions (a plain substring will do); each must match at least one line.
            values: what some of the source's names stand for here; arrays show as shape and range.
        """
        if self.shows("code"):
            with self._section("code-" + function.__qualname__.replace(".", "-")):
                st.html(code_view.render(function, mark, values or {}))

    def check(self, label: str, run: Callable[[], object], *, key: str = "check") -> None:
        """An independent computation, run when the reader asks: ``run`` does the work and shows its result."""
        if self.shows("check"):
            with self._section(key):
                place = f"{self.lesson.key}.{key}"
                st.button(label, key=place, on_click=_open, args=(place,))
                if st.session_state.get(f"{place}.open"):
                    with errors.caught():
                        run()

    def exercises(self, makers: Sequence[exercises.Make]) -> None:
        """The lesson's exercises from their generators, with the reader's progress and its export."""
        if self.shows("exercises"):
            with self._section("exercises"):
                exercises.show(self.lesson, [exercises.Exercise(make) for make in makers])

    def take_away(
        self,
        figure: Callable[[], Figure] | None = None,
        numbers: Callable[[], takeaway.Numbers] | None = None,
    ) -> None:
        """Downloads: the figure as SVG (and PNG), the numbers as CSV and NPZ; made when the reader asks."""
        if not self.shows("take-away"):
            return
        with self._section("take-away"):
            st.markdown("## " + _("Take it with you"))
            with st.container(horizontal=True):
                for label, name, kind, make in _files(self.lesson.key, figure, numbers):
                    draws = kind.startswith("image/")
                    download(label, make, file_name=name, mime=kind, key=f"{self.lesson.key}.{name}", draws=draws)


def _open(place: str) -> None:
    st.session_state[f"{place}.open"] = True


@dataclass(frozen=True)
class _Shown:
    """What a page says of its picture."""

    key: str
    mount: board.Mount
    drawn: Callable[[], board.Drawn]
    controls: Sequence[Control]
    acts: Mapping[str, Callable[[Any], None]]
    row: Sequence[Callable[[Frame], None]]
    above: Sequence[Callable[[Frame], None]]
    below: Sequence[Callable[[Frame], None]]
    edits: Edits | None
    resets: Sequence[Reset]
    settle: Callable[[], Sequence[str]] | None
    says: str | tuple[str, ...]


@errors.fragment
def _picture(frame: Frame, shown: _Shown) -> None:
    apply_resets(shown.resets, shown.edits)
    notices = shown.settle() if shown.settle else ()
    for part in shown.above:
        part(frame)
    if shown.row:
        with st.container(key="bench-row", horizontal=True, vertical_alignment="center"):
            for part in shown.row:
                part(frame)
    for notice in notices:
        st.warning(notice)
    now = {control.name: state.get(control.name) for control in shown.controls}
    texts = {name: text for name, text in blocks(frame.lesson.key, language()).items() if name.startswith(shown.says)}
    told = partial(_heard, shown.controls, shown.acts)
    board.draw(shown.mount, shown.drawn(), now, told, texts, key=shown.key)
    state.sync()
    for part in shown.below:
        part(frame)


def _heard(controls: Sequence[Control], acts: Mapping[str, Callable[[Any], None]], change: Mapping[str, Any]) -> None:
    """What a picture told: where its controls stand, what a control is set to, and then what else the learner did."""
    for name in ("state", "set"):
        if name in change:
            state.hear(controls, change[name])
    for name, act in acts.items():
        if name in change:
            act(change[name])


def _files(
    key: str,
    figure: Callable[[], Figure] | None,
    numbers: Callable[[], takeaway.Numbers] | None,
) -> list[tuple[str, str, str, Callable[[], bytes]]]:
    """Label, file name, type and maker of every download that a lesson has."""
    found: list[tuple[str, str, str, Callable[[], bytes]]] = []
    if figure is not None:
        found.append((_("Figure, SVG"), f"{key}.svg", "image/svg+xml", lambda: export.svg(_legible(figure))))
        found.append((_("Figure, PNG"), f"{key}.png", "image/png", lambda: export.png(_legible(figure))))
    if numbers is not None:
        found.append((_("Numbers, CSV"), f"{key}.csv", "text/csv", lambda: takeaway.table(numbers())))
        found.append((_("Numbers, NPZ"), f"{key}.npz", "application/zip", lambda: takeaway.npz(numbers())))
    return found


def _legible(figure: Callable[[], Figure]) -> Figure:
    """The figure; in English where this machine has no typeface for Chinese."""
    with speaking(language() if has_chinese_font() else "en"):
        return figure()
