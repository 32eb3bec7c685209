"""When something goes wrong: plain messages on the page, the traceback in the server's log, the work kept."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, cast, overload

import streamlit as st
from streamlit.errors import FragmentHandledException

from ui import limits, state, unanswered
from ui.i18n import _, joined

P = ParamSpec("P")

log = logging.getLogger("stepcnn")

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$~:&^=\"'])")


def plain(text: str) -> str:
    """A text from outside, so written that Markdown shows it as it is: nothing in it is a link or a tag."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


@contextmanager
def caught() -> Iterator[None]:
    """Run a page's body; an unexpected exception becomes a message and leaves the session as it was.

    Streamlit's own reruns and stops are no ``Exception`` and pass through.
    """
    try:
        yield
    except FragmentHandledException:
        return  # a plain st.fragment has shown and logged it already
    except Exception:
        log.exception("a page's body failed")
        st.error(
            _(
                "Something went wrong while this page was drawn. Your work is kept: change a setting, or reload. "
                "The details are in the server's log."
            )
        )


@overload
def fragment(function: Callable[P, None]) -> Callable[P, None]: ...
@overload
def fragment(*, run_every: float) -> Callable[[Callable[P, None]], Callable[P, None]]: ...
def fragment(
    function: Callable[P, None] | None = None, *, run_every: float | None = None
) -> Callable[P, None] | Callable[[Callable[P, None]], Callable[P, None]]:
    """``st.fragment`` whose exceptions become a plain message too, also when it reruns without its page."""

    def wrap(inner: Callable[P, None]) -> Callable[P, None]:
        @functools.wraps(inner)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
            with limits.SCRIPTS.taken("fragment"), caught():
                inner(*args, **kwargs)
                unanswered.answer_the_rest()

        return cast("Callable[P, None]", st.fragment(guarded, run_every=run_every))

    return wrap if function is None else wrap(function)


def show_link_problems() -> None:
    """One notice for everything in the link that couldn't be used; it stays until dismissed."""
    found = state.problems()
    if not found:
        return
    lines = [_describe(problem) for problem in found[: limits.NOTICE_ITEMS]]
    if len(found) > limits.NOTICE_ITEMS:
        lines.append(_("and {count} more").format(count=len(found) - limits.NOTICE_ITEMS))
    head = _("Some of this link couldn't be used, so those settings are at their usual values:")
    with st.container(key="frame-notice", horizontal=True, vertical_alignment="center"):
        st.warning(joined(head, " · ".join(lines)))
        st.button(_("OK"), key="frame.dismiss", on_click=state.dismiss_problems)


def _describe(problem: state.Unusable) -> str:
    name, text, refusal = problem
    if refusal is None:
        return _("{name} isn't a setting of this page").format(name=plain(name))
    expected = _(refusal.message).format(**refusal.values)
    return _("{name} was “{text}”, and wants {expected}").format(
        name=plain(name), text=plain(text), expected=plain(expected)
    )
