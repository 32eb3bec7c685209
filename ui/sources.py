"""Where a lesson's picture comes from: a digit, a shape, a photo, or one that the learner hands in for this visit."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from engine.data.pictures import FORMATS, PictureError, read_picture
from engine.data.resize import shrink
from engine.types import Array
from ui import limits, state, visit
from ui.i18n import _
from ui.picture_input import SUFFIXES
from ui.sentences import said
from ui.uploads import uploader


@dataclass(frozen=True)
class OwnPicture:
    """The picture that the learner hands in to a lesson: kept for the visit, its longest side made ``longest``.

    The lesson has a control ``source``, whose "own" it is.
    """

    lesson: str
    longest: int

    @property
    def image(self) -> Array | None:
        """It, or None where there is none in this visit."""
        found: Array | None = visit.kept(f"{self.lesson}.own")
        return found

    def source(self) -> str:
        """Which picture is shown: the chosen one, or a digit where the learner's own isn't in this visit."""
        chosen: str = state.get("source")
        return "digit" if chosen == "own" and self.image is None else chosen

    def upload(self) -> None:
        """Where a picture can be handed in, and what became of it."""
        label = _("A picture of yours: it stays on this page and is not kept")
        uploader(label, FORMATS, SUFFIXES, limits.UPLOAD_BYTES, key=self._file, on_change=self._take)
        problem = st.session_state.get(f"{self._file}.problem")
        if problem is not None:
            st.info(said(problem))

    @property
    def _file(self) -> str:
        return f"{self.lesson}.file"

    def _take(self) -> None:
        file = st.session_state.get(self._file)
        st.session_state[f"{self._file}.problem"] = None
        if file is None:
            return
        try:
            with limits.HEAVY:
                read = read_picture(file.getvalue(), max_bytes=limits.UPLOAD_BYTES, max_pixels=limits.UPLOAD_PIXELS)
                visit.keep(f"{self.lesson}.own", shrink(read.image, self.longest))
        except PictureError as error:
            st.session_state[f"{self._file}.problem"] = error.message
            return
        state.set("source", "own")


def names() -> dict[str, str]:
    """What pictures are shown by, in the reader's language."""
    return {
        "digit": _("digit or drawing"),
        "shape": _("coloured shape"),
        "china": _("photo: temple"),
        "flower": _("photo: flower"),
        "own": _("your picture"),
    }
