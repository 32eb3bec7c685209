"""Downloads: made on any thread from the session as it stood at the press, and kept until they are fetched."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import matplotlib as mpl
import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.testing.v1 import AppTest

from ui import downloads, limits

Make = Callable[[], bytes]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, Make]:
    """What Streamlit was given to call when a button is pressed, by the button's key."""
    found: dict[str, Make] = {}
    monkeypatch.setattr(downloads.st, "download_button", lambda _label, make, *, key, **_: found.update({key: make}))
    return found


def page() -> None:
    import streamlit as st

    from ui.downloads import download

    st.session_state.setdefault("value", 1)
    st.session_state.setdefault("before", lambda: None)

    def make() -> bytes:
        first = st.session_state["value"]
        st.session_state["before"]()
        return f"{first} {st.session_state['value']}".encode()

    download("Numbers", make, file_name="numbers.txt", mime="text/plain", key="numbers")


def test_a_maker_reads_the_session_on_a_foreign_thread_and_leaves_nothing_of_it_there(made: dict[str, Make]) -> None:
    AppTest.from_function(page).run()
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(made["numbers"]).result(10) == b"1 1"
        assert pool.submit(lambda: get_script_run_ctx(suppress_warning=True)).result(10) is None


def test_a_maker_that_fails_leaves_nothing_on_its_thread_either(made: dict[str, Make]) -> None:
    at = AppTest.from_function(page)
    at.session_state["before"] = lambda: 1 / 0
    at.run()
    with ThreadPoolExecutor(1) as pool:
        assert isinstance(pool.submit(made["numbers"]).exception(10), ZeroDivisionError)
        assert pool.submit(lambda: get_script_run_ctx(suppress_warning=True)).result(10) is None


def test_what_arrives_is_the_state_at_the_press_though_the_session_goes_on(made: dict[str, Make]) -> None:
    begun, changed = threading.Event(), threading.Event()
    at = AppTest.from_function(page)
    at.session_state["before"] = lambda: (begun.set(), changed.wait(10))
    at.run()
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(made["numbers"])
        assert begun.wait(10)
        at.session_state["value"] = 2
        at.run()
        changed.set()
        assert coming.result(10) == b"1 1"
        assert pool.submit(made["numbers"]).result(10) == b"2 2"


def test_a_file_stays_until_its_reader_has_fetched_it_whatever_other_readers_do(
    made: dict[str, Make], monkeypatch: pytest.MonkeyPatch
) -> None:
    AppTest.from_function(page).run()
    storage = MemoryMediaFileStorage("/media")
    files = MediaFileManager(storage)
    server = SimpleNamespace(media_file_mgr=files, is_active_session=lambda session: True)
    monkeypatch.setattr(downloads, "runtime", SimpleNamespace(exists=lambda: True, get_instance=lambda: server))
    address = files.execute_deferred(files.add_deferred(made["numbers"], "text/plain", "1.0", "numbers.txt"))
    for _other_reader in range(3):
        files.remove_orphaned_files()
    assert storage.get_file(address.rsplit("/", 1)[1]).content == b"1 1"


def drawings() -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    from ui.downloads import download
    from ui.figures import export

    def figure(number: int) -> Figure:
        with mpl.rc_context({"axes.facecolor": "#aabbcc", "font.size": 7 + number}):
            drawn = Figure()
            drawn.subplots().set_title(f"number {number}, $x^{number}$")
            return drawn

    for number in range(6):
        make = lambda number=number: export.svg(figure(number))  # noqa: E731
        download("Figure", make, file_name="a.svg", mime="image/svg+xml", key=f"{number}", draws=True)


def test_figures_that_are_asked_for_at_once_are_as_those_asked_for_alone(made: dict[str, Make]) -> None:
    AppTest.from_function(drawings).run()
    alone, settings = [make() for make in made.values()], dict(mpl.rcParams)
    with ThreadPoolExecutor(6) as pool:
        at_once = [future.result(60) for future in [pool.submit(make) for make in made.values()]]
    assert at_once == alone
    assert dict(mpl.rcParams) == settings
    assert not limits.DRAWING.locked()
