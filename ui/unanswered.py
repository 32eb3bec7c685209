"""Changes that a component told, and whose part of the page didn't run.

Streamlit's client sends what is changed in one moment as one message, which names one fragment: the first. A click that
closes a list in one part of the page and is heard by a component in another ran the list's part alone, and the
component waited for its answer in vain. So each change is noted when it is heard and struck out when its component
runs; what a run of a fragment leaves over, the whole page answers.
"""

from __future__ import annotations

from typing import cast

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

_PLACE = "stepcnn.unanswered"


def note(key: str) -> None:
    """This component has told something."""
    _noted().add(key)


def strike(key: str) -> None:
    """This component runs: what it told is being answered."""
    _noted().discard(key)


def forget() -> None:
    """The whole page has run: who told something and is no longer drawn waits for no answer."""
    _noted().clear()


def answer_the_rest() -> None:
    """At the end of a fragment: the whole page runs if a change was heard that this run's fragments don't answer."""
    run = get_script_run_ctx()
    ids = (run and run.fragment_ids_this_run) or [None]
    # A fragment in a fragment ends before the one around it has drawn all.
    if ThreadState.get().fragment_id != ids[-1] or not _noted():
        return
    forget()
    st.rerun()


def _noted() -> set[str]:
    return cast("set[str]", st.session_state.setdefault(_PLACE, set()))
