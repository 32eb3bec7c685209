"""A reader whose connection was lost gets a living page again, also where nobody remembers the session."""

from __future__ import annotations

from datetime import timedelta

from ui import errors

NEVER = timedelta(days=7)
"""Longer than a page stays open; a browser's timer can't hold much more."""


@errors.fragment(run_every=NEVER.total_seconds())
def come_back() -> None:
    """Make Streamlit's client ask for the whole page when it is connected again.

    By itself it doesn't where nothing was being computed, and trusts that the session is still there. After ten seconds
    without a connection, or when the process has ended, it isn't: the page stands there as before, and what is pressed
    in it is dropped without a word. A page with a timed fragment is asked for anew; this one does nothing, once a week.
    """
