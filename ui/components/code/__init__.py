"""Live source with marked lines and this lesson's numbers put in."""

from ui.components.code.view import MarkError, render

__all__ = ["MarkError", "render"]
