"""Downloads: files that are made when the reader asks for them, from the session as it stands at that moment.

Streamlit calls a download's maker on a thread of its own, which knows no session: neither controls nor what is kept
for the session can be read there. ``download`` gives that thread a copy of the session for as long as the maker
works: what the reader had on the screen when the button was pressed is what arrives, even if the page goes on, or
another one is opened, in the meantime.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import ScriptRunContext, add_script_run_ctx, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context_attr import SCRIPT_RUN_CONTEXT_ATTR_NAME
from streamlit.runtime.scriptrunner_utils.shared_run_state import SharedRunState
from streamlit.runtime.state import SafeSessionState, SessionState

from ui import limits
from ui.i18n import _

# How often a copy is tried anew when a script changes the session under it.
_ATTEMPTS = 20


def download(
    label: str, make: Callable[[], bytes], *, file_name: str, mime: str, key: str, draws: bool = False
) -> None:
    """A button that downloads what ``make`` gives when it is pressed.

    Args:
        label: of the button.
        make: makes the file's bytes, from ``state`` and what else the session holds; it draws nothing on the page.
        file_name: what the reader's browser calls the file.
        mime: the kind of file.
        key: of the button, in the whole app.
        draws: whether ``make`` works with matplotlib, which can't draw on two threads at once.
    """
    context = get_script_run_ctx()

    def made() -> bytes:
        with session(context), limits.DRAWING if draws else nullcontext(), limits.HEAVY:
            data = make()
            _keep(data, mime, file_name, key)
        return data

    st.download_button(label, made, file_name=file_name, mime=mime, on_click="ignore", key=key)


def failure_style() -> str:
    """Puts words of ours, in the reader's language, where Streamlit says in English that a file couldn't be made."""
    words = _("This file couldn't be made. Please press again, or change a setting first.")
    return f":root {{ --download-failed: {json.dumps(words, ensure_ascii=False)}; }}"


@contextmanager
def session(context: ScriptRunContext | None) -> Iterator[None]:
    """Within it, this thread sees the session of ``context`` as it stands now; what it writes there is lost."""
    if context is None:
        yield
        return
    thread, before = threading.current_thread(), get_script_run_ctx(suppress_warning=True)
    own = _without_state(context)
    add_script_run_ctx(thread, own)
    try:
        for name, value in _values(context.session_state).items():
            own.session_state[name] = value
        yield
    finally:
        # The thread serves other sessions next, and must not keep this one alive until then.
        delattr(thread, SCRIPT_RUN_CONTEXT_ATTR_NAME)
        if before is not None:
            add_script_run_ctx(thread, before)


def _without_state(context: ScriptRunContext) -> ScriptRunContext:
    """A context of the same session that holds nothing yet, sends nothing to the page and can't be interrupted."""
    return replace(
        context,
        session_state=SafeSessionState(SessionState(), lambda: None),
        _enqueue=lambda message: None,
        shared=SharedRunState(),
        cursors={},
        script_requests=None,
        parallel_coordinator=None,
        yield_check=lambda: None,
    )


def _values(state: SafeSessionState) -> dict[str, Any]:
    """What the session holds, mappings copied; a script that runs meanwhile may add to it while it is read."""
    for _attempt in range(_ATTEMPTS):
        try:
            return {name: dict(value) if type(value) is dict else value for name, value in state.filtered_state.items()}
        except (RuntimeError, KeyError):
            continue
    raise RuntimeError("the session changed too often to be copied")


def _keep(data: bytes, mime: str, file_name: str, key: str) -> None:
    """Hold the file for the session until its browser has fetched it.

    Otherwise it would belong to no session, and be swept away as soon as two other readers' pages had run.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if runtime.exists() and context is not None and runtime.get_instance().is_active_session(context.session_id):
        runtime.get_instance().media_file_mgr.add(
            data, mime, f"download {key}", file_name=file_name, is_for_static_download=True
        )
