"""A component whose script and style sheet travel once, and only its numbers with every answer.

    _mount = mounted("stepcnn.bench", html=HTML, css=style("shared/bench.css"), js=module("shared/workbench.js"))
    _mount(key="convolution.bench", data=payload, on_set_change=take)

Streamlit sends a component's script and style sheet again with everything that it sends to the component: a hundred
thousand bytes beside ten thousand of numbers. But an element that is the same as before it sends as a short reference.
So before each component stands a second one, which takes no room: it holds the script and the style sheet, and is
always the same. The component's own script only waits for it.

Between the two stands shared/guard.js: a component that throws says so in plain words, and the page works on.

Whatever a component tells is answered: an answer that is the same as the one before would not be sent, and a picture
that waits for it would wait for ever. So bytes end with the number of tellings that were heard.

Until a component has drawn for the first time, its element says nothing; then it says ``data-drawn``: a style sheet
keeps a picture's room free until the picture is there (assets/style/arriving.css).

What a component tells may say ``since`` which state of the page (``state.taken``). Told before the page took another
and heard after it, it is the place that was left, and isn't passed on: it would undo Back or an example.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

import streamlit as st

from ui import state
from ui.components.modules import module, style
from ui.components.pack import ALIGNMENT

# Whoever comes first, the element that brings something or the one that waits for it, makes the promise.
_PROMISE = """const $part = ((globalThis.$stepcnnParts ??= {})[$NAME] ??= (() => {
  const made = {};
  made.ready = new Promise((done) => { made.bring = done; });
  return made;
})());
"""
# One guard for the whole page: it hears what any component's handlers throw.
_BRINGS = """const $sheet = new CSSStyleSheet();
$sheet.replaceSync($CSS);
const $blob = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
const $known = (globalThis.$stepcnnModules ??= new Map()), $guard = $GUARD, $url = $blob($JS);
if (!$known.has($guard)) $known.set($guard, $blob($guard));
const { guarded } = await import($known.get($guard));
let mount;
try {
  mount = (await import($url)).default;
} catch (error) {
  mount = () => { throw error; };
}
$part.bring({ sheet: $sheet, mount: guarded(mount, $url) });
export default () => {};
"""
_WAITS = """const { sheet, mount } = await $part.ready;
export default (component) => {
  const root = component.parentElement;
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
  const left = mount(component);
  root.host.dataset.drawn = "true";
  return left;
};
"""


def mounted(name: str, *, html: str, css: str, js: str) -> Callable[..., Any]:
    """A function that draws a component, to be called with ``key``, ``data`` and ``on_…_change`` as Streamlit's own.

    Args:
        name: of the component, in the whole app.
        html: the element that the script draws into.
        css: its style sheet, for nothing outside it.
        js: its script, whose default export Streamlit calls.
    """
    css = style("shared/picture.css") + css
    # A tab that was open before the server began anew must not take another version's script for its own.
    guard = module("shared/guard.js")
    version = blake2b((css + js + guard).encode(), digest_size=8).hexdigest()
    promise = _PROMISE.replace("$NAME", json.dumps(f"{name} {version}"))
    brings = (
        _BRINGS.replace("$CSS", json.dumps(css)).replace("$JS", json.dumps(js)).replace("$GUARD", json.dumps(guard))
    )
    bring = st.components.v2.component(f"{name}.script", html="<i></i>", js=promise + brings)
    show = st.components.v2.component(name, html=html, js=promise + _WAITS)

    def mount(*, key: str, **given: Any) -> Any:
        bring(key=f"script {key}")
        if isinstance(given.get("data"), bytes):
            given["data"] += st.session_state.get(f"{key}.tellings", 0).to_bytes(ALIGNMENT, "little")
        return show(key=key, **{name: hearing(key, name, value) for name, value in given.items()})

    return mount


def hearing(key: str, name: str, given: Any) -> Any:
    """What a component is given; a callback so that it hears what is news."""
    if not name.startswith("on_"):
        return given
    told_as = name.removeprefix("on_").removesuffix("_change")

    def passed_on() -> None:
        st.session_state[f"{key}.tellings"] = st.session_state.get(f"{key}.tellings", 0) + 1
        told = st.session_state.get(key, {}).get(told_as)
        if isinstance(told, Mapping) and told.get("since", state.taken()) != state.taken():
            return
        given()

    return passed_on
