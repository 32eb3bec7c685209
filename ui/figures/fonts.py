"""The typefaces that a figure has on the machine that draws it."""

from __future__ import annotations

from functools import lru_cache

from ui.figures import theme


@lru_cache
def families() -> tuple[str, ...]:
    """The typefaces of figures that are here: matplotlib complains of each other one at every word it writes."""
    from matplotlib import font_manager

    there = set(font_manager.get_font_names())
    return tuple(name for name in theme.MATPLOTLIB_FONTS if name in there)


def has_chinese_font() -> bool:
    """Whether this machine can write Chinese into a figure (Debian: fonts-noto-cjk)."""
    return any("CJK" in name for name in families())
