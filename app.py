"""StepCNN's server: ``streamlit run app.py``. What its readers see begins in ui/site/main.py."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from ui import remembered, startup
from ui.compressed import Compressed
from ui.dressed import Dressed


@asynccontextmanager
async def lifespan(_server: st.App) -> AsyncIterator[dict[str, object]]:
    """Before the first reader comes: mend how messages refer to each other, set the matrix threads, read the data."""
    remembered.refer_safely()
    startup.once()
    yield {}


# The script isn't this file: beside it stands pages/, and a script with such a neighbour is taken for an app of
# the old kind until it has run once, so that the first reader who follows a link to a lesson is told "page not found".
layers = [Middleware(Compressed), Middleware(Dressed, startup.sheets)]
app = st.App("ui/site/main.py", lifespan=lifespan, middleware=layers)
