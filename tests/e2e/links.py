"""What is done to each lesson before its link is copied. A new lesson is one entry more in ``LESSONS``.

A walk begins at the lesson's own address and ends where the link is copied at once. In it every setting of the row is
changed (``knobs``), and by name what is pressed, typed, chosen, dragged and pointed at, until the picture stands
nowhere as it opens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from playwright.sync_api import Locator, Page, expect

from tests.e2e.seen import at_rest
from tests.e2e.waiting import answered

Move = Callable[[Page], None]
Walk = tuple[Move, ...]


def press(selector: str) -> Move:
    """A click."""
    return lambda page: _one(page, selector).click()


def point(selector: str) -> Move:
    """The pointer goes there, without a click."""
    return lambda page: _one(page, selector).hover()


def keys(selector: str, *names: str) -> Move:
    """Keys, on what has the focus then."""

    def move(page: Page) -> None:
        _one(page, selector).focus()
        for name in names:
            page.keyboard.press(name)

    return move


def types(selector: str, text: str) -> Move:
    """A number typed into the field that a click opens, or that is there."""

    def move(page: Page) -> None:
        place = _one(page, selector)
        if place.evaluate("element => element.matches('input')"):
            place.fill(text)
            place.press("Enter")
            return
        place.click()
        field = page.locator("input.edit")
        field.fill(text)
        field.press("Enter")
        expect(field).to_have_count(0)

    return move


def chooses(selector: str, option: str) -> Move:
    """Another entry of a list of Streamlit's."""

    def move(page: Page) -> None:
        _one(page, f"{selector} input").click()
        page.get_by_role("option", name=option, exact=True).click()

    return move


def rests(page: Page) -> None:
    """What was done is answered before the next thing is done."""
    at_rest(page)


def knobs(page: Page) -> None:
    """Every setting in the row above the picture, one after the other, as far as each is still there."""
    names = page.locator(".knob[data-name]").evaluate_all("all => all.map((one) => one.dataset.name)")
    for name in names:
        if _turned(page.locator(f'.knob[data-name="{name}"]').first):
            at_rest(page)


def _turned(knob: Locator) -> bool:
    """Whether a setting could be changed: what chooses a number, one of several names, or an entry of a list."""
    if not knob.count():
        return False
    more, pills, entries = knob.locator(".turn").last, knob.locator(".choices .pill"), knob.locator("select")
    if more.count() and more.is_enabled():
        more.click()
    elif pills.count():
        pills.last.click()
    elif entries.count():
        values = entries.locator("option").evaluate_all("all => all.map((one) => one.value)")
        entries.select_option(values[(values.index(entries.input_value()) + 1) % len(values)])
    else:
        return False
    return True


def _one(page: Page, selector: str) -> Locator:
    found = page.locator(selector)
    return found if ">> nth" in selector else found.first


def scene(number: int) -> Move:
    """A scene, by the track's own button."""
    return press(f".track .phase >> nth={number}")


def view(lesson: str, number: int) -> Move:
    """A view, by the chooser above the picture."""

    def move(page: Page) -> None:
        with answered(page):
            _one(page, f".st-key-{lesson}-view button >> nth={number}").click()

    return move


def cell(grid: str, at: str) -> str:
    """A cell of a grid."""
    return f'[data-grid="{grid}"] .cell[data-at="{at}"]'


LESSONS: Mapping[str, Mapping[str, Walk]] = {
    "neuron": {
        "vote": (types(".vote-row .cell", "0.12345"), keys(".vote-bar .grip >> nth=1", "ArrowRight")),
        "line": (
            scene(1),
            press(".function[data-code='7']"),
            types(".unit .cell", "1.2345"),
            press(".entries .entry >> nth=2"),
        ),
        "soft": (
            scene(2),
            press(".edge .pill >> nth=3"),
            types(".unit .cell", "1.2345"),
            press(".entries .entry >> nth=0"),
        ),
        "layers": (scene(3), press(".function[data-code='9']"), types(".unit .cell >> nth=1", "0.0123")),
        "gates": (scene(4), press(".function[data-code='7']"), press(".circuit .input >> nth=0")),
    },
    "softmax": {
        "shares": (types(".score-cell.z .cell", "1.2345"), press(".truth >> nth=2"), point(".score-cell.g >> nth=1")),
        "temperature": (scene(1), keys(".plot .handle", "ArrowRight"), point(".score-cell.zT >> nth=2")),
        "slopes": (scene(2), point(".jacobian .entry-cell >> nth=4")),
        "margins": (scene(3), press(".truth >> nth=1"), point(".score-cell.dh >> nth=2")),
        "overflow": (scene(4), types(".score-cell.z .cell", "123.456"), point(".score-cell.ps >> nth=1")),
    },
    "activations": {
        "crowd": (
            press('.thumb[data-name="elu"]'),
            types('.number-cell[data-name="alpha"]', "0.12345"),
            point(".crowd .box.curve .plot"),
        ),
        "compare": (press('.scene-tab[data-scene="compare"]'), point(".compare .plot")),
        "chain": (
            press('.scene-tab[data-scene="chain"]'),
            types(".number-cell", "1.2345"),
            keys(".chain-rows", "ArrowRight", "ArrowRight"),
        ),
        "zigzag": (press('.scene-tab[data-scene="zigzag"]'), knobs, press('[data-control="next"]')),
        "dying": (press('.scene-tab[data-scene="dying"]'), rests, keys(".dying .plot", "ArrowRight", "Enter")),
    },
    "graph": {
        "numbers": (
            press(".presets .pill:nth-of-type(2)"),
            rests,
            types(".node.variable .value >> nth=0", "0.12345"),
            point(".node >> nth=4"),
        ),
        "step": (press('[data-control="next"]'), press('[data-control="next"]'), press('[data-control="next"]')),
        "matrices": (
            view("graph", 1),
            rests,
            knobs,
            types(cell("W", "0,0"), "0.12345"),
            rests,
            press(cell("dX", "1,0")),
        ),
    },
    "by-hand": {
        "network": (types('.picture .cell[data-name="w5"]', "0.12345"), rests, press('.step[data-result="net_h2"]')),
        "others": (knobs, press(".step >> nth=3")),
    },
    "cross-entropy-quadratic": {
        "typed": (knobs, types('.typed[data-name="w"]', "0.12345"), press('[data-control="next"]')),
        "dragged": (keys(".plane .handle", "ArrowRight", "ArrowUp"),),
    },
    "gradient-check": {
        "steps": (knobs, keys(".plot .handle", "ArrowRight", "ArrowRight")),
        "kink": (view("gradient-check", 1), rests, knobs, keys(".curve-box .handle[data-id='x']", "ArrowRight")),
        "fault": (
            view("gradient-check", 2),
            rests,
            knobs,
            press(".layer-name[data-layer='norm']"),
            point(".strip[data-strip='conv.weight'] .strip-cells > * >> nth=3"),
        ),
    },
    "vanishing": {
        "depth": (knobs, press(".shown .pill >> nth=1"), rests, keys(".depth-view .plot", "ArrowRight", "Enter")),
        "jacobian": (
            press(".view-tab[data-view=jacobian]"),
            rests,
            knobs,
            types(".card [data-index='9']", "0.12345"),
            rests,
            point(".card >> nth=2"),
        ),
        "spectrum": (
            press(".view-tab[data-view=spectrum]"),
            rests,
            keys(".spectrum-view .plot", "ArrowRight", "Enter"),
        ),
    },
    "convolution": {
        "slide": (knobs, types(cell("W", "0,0"), "0.12345"), rests, press('[data-grid="Y"] canvas')),
        "maps": (
            press('[data-knob="filters1"]'),
            rests,
            press(".scope button >> nth=1"),
            press(".tabs button >> nth=1"),
            point(cell("Y", "1,2")),
        ),
        "matrix": (view("convolution", 1), rests, point('[data-grid="P"] .cell >> nth=7')),
        "transposed": (view("convolution", 2), rests, press(cell("Y", "1,1"))),
        "linear": (view("convolution", 3), rests, press('[data-grid="Z"] .cell >> nth=3')),
    },
    "pooling": {
        "both": (knobs, types(cell("X", "1,1"), "0.12345"), rests, press(cell("DX", "2,1"))),
        "chance": (
            lambda page: page.locator('.knob[data-name="method"] select').select_option("stochastic"),  # type: ignore[func-returns-value]
            rests,
            press('.knob[data-name="draw"] button'),
            rests,
            press(cell("Y", "1,1")),
        ),
        "moved": (
            view("pooling", 1),
            rests,
            press('.knob[data-name="right"] button'),
            rests,
            press(cell("average1", "1,1")),
        ),
    },
    "convolution-backward": {
        "dx": (knobs, types(cell("dY", "0,0"), "0.12345"), rests, press(cell("Y", "1,1"))),
        "dw": (view("convolution-backward", 1), rests, press(cell("Y", "1,1"))),
        "columns": (view("convolution-backward", 2), rests, press('[data-grid="C"] .cell >> nth=5')),
        "pool": (view("convolution-backward", 3), rests, knobs, point(cell("Y", "1,1"))),
    },
    "batch-norm": {
        "steps": (knobs, types(cell("x", "0,0"), "0.12345"), rests, press(cell("dvar", "0,1"))),
        "ways": (view("batch-norm", 1), rests, knobs, point(cell("through_var", "2,1"))),
        "test": (view("batch-norm", 2), rests, knobs, keys('[data-grid="y"] .cells', "ArrowDown", "Enter")),
    },
    "forward-backward": {
        "pixel": (types(cell("Y", "3,3"), "0.12345"), rests, press('[data-control="next"]'), press(cell("Y", "2,2"))),
        "weights": (press(".tick >> nth=15"), press('[data-grid="B"] .cell >> nth=3'), press(".tabs button >> nth=1")),
        "update": (
            press(".tick >> nth=21"),
            keys('input[data-control="lr"]', "ArrowRight"),
            rests,
            press(".segments .pill >> nth=0"),
        ),
    },
    "receptive-field": {
        "stack": (press(".st-key-receptive-field-pooled button"), rests, press('.rf canvas[data-level="2"]')),
        "walked": (keys('.rf canvas[data-level="1"]', "ArrowLeft", "ArrowUp"),),
    },
    "feature-maps": {
        "unit": (
            press(".fm button.stop >> nth=1"),
            rests,
            press(".fm .scope-map"),
            press(".fm .sort-number"),
            rests,
            point('.fm .card[data-k="2"] .map canvas'),
        ),
        "shapes": (
            press(".st-key-feature-maps-net button >> nth=1"),
            rests,
            press('.fm .card[data-k="1"] .map canvas'),
        ),
    },
    "weight-initialization": {
        "dragged": (
            press(".start[data-name=relu-he]"),
            rests,
            keys(".lab .handle", "ArrowRight"),
            rests,
            press(".lab .round.next"),
        ),
        "held": (keys(".lab .pictures", "ArrowRight", "ArrowDown", "Enter"),),
    },
    "watch-it-train": {
        "recipe": (chooses(".st-key-watch-it-train-optimizer", "Adam"), rests, press('button[data-value="slow"]')),
    },
}
