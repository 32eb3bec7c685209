"""What can go wrong before a learner comes, said to the person who starts it."""

from __future__ import annotations


class Problem(Exception):
    """What was given, what was expected and what would work, in one message; its text is shown as it is."""
