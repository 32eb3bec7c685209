"""A page whose one download can't be made, dressed as every page is."""

import streamlit as st

from ui import startup, state
from ui.downloads import download


def make() -> bytes:
    raise RuntimeError("planted")


state.restore_frame()
startup.dress()
st.html(f"<style>{startup.sheets()}</style>")
st.write("A page")
download("A file", make, file_name="a.txt", mime="text/plain", key="a")
