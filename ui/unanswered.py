"""What was changed outside the fragments that a run draws: a press or a change that would be heard and not shown.

Streamlit's client sends what is changed in one moment as one message, which names one fragment: the first. A click that
closes a list in one part of the page and is heard by a component in another ran the list's part alone; a button of the
whole page, pressed while a component told where it rests, did its work and changed nothing on the screen. So a run of
fragments looks at its end whether anything else was changed, and if so the whole page runs.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext, ThreadState


def answer_the_rest() -> None:
    """At the end of a fragment: the whole page runs if a widget was changed that this run's fragments don't draw."""
    run = get_script_run_ctx()
    if run is None or not run.fragment_ids_this_run:
        return
    # A fragment in a fragment ends before the one around it has drawn all.
    if ThreadState.get().fragment_id == run.fragment_ids_this_run[-1] and _changed_elsewhere(run):
        st.rerun()


def _changed_elsewhere(run: ScriptRunContext) -> bool:
    """Whether a widget has another value than in the last run, and isn't one of the fragments that run now."""
    state = run.session_state._state
    drawn, running = state._new_widget_state.widget_metadata, run.fragment_ids_this_run or []
    return any(
        name in drawn and drawn[name].fragment_id not in running and state._widget_changed(name)
        for name in list(state._new_widget_state)
    )
