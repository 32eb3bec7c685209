"""Where a file is handed in.

The browser's part of Streamlit speaks only English there, and says why a file was refused only to whoever points at it:
its words are hidden, and these stand in their place (assets/style/upload.css), also of what only a screen reader says
(ui/components/tab/uploads.js).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from ui.i18n import _


def uploader(
    label: str, formats: Sequence[str], suffixes: Sequence[str], most: int, *, key: str, on_change: Callable[[], None]
) -> None:
    """A field for one file of these formats, of at most this many bytes; what was taken is the session's ``key``."""
    limits = {"formats": ", ".join(formats), "size": size(most)}
    words = {
        "--upload-choose": _("Choose a file"),
        "--upload-another": _("Choose another file"),
        "--upload-remove": _("Remove {name}"),
        "--upload-wanted": _("{formats}, at most {size}").format(**limits),
        "--upload-refused": _("This file wasn't taken: {formats} is read, up to {size}.").format(**limits),
    }
    place = f"{key}.place"
    with st.container(key=place):
        said = "".join(f'{name}: "{text}";' for name, text in words.items())
        st.html(f"<style>.st-key-{place.replace('.', '-')} {{ {said} }}</style>")
        st.file_uploader(
            label, type=list(suffixes), max_upload_size=max(1, most // 2**20), key=key, on_change=on_change
        )


def size(count: int) -> str:
    """A number of bytes as files are measured."""
    return f"{count // 2**20} MB" if count >= 2**20 else f"{count // 1000} kB"
