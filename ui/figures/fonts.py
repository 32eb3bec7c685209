"""The typefaces that a figure has on the machine that draws it."""

from __future__ import annotations

from ui.figures import theme


def has_chinese_font() -> bool:
    """Whether this machine can write Chinese into a figure (Debian: fonts-noto-cjk)."""
    from matplotlib import font_manager

    return any("CJK" in name for name in theme.MATPLOTLIB_FONTS if name in font_manager.get_font_names())
