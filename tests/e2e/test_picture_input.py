"""Choosing a picture with pointer, finger and keys, in the lesson "Forward and backward"."""

from __future__ import annotations

import base64
import io
import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from engine.data.digits import all_digits, decode_digit, encode_digit
from engine.zoo.digit_network import pretrained_digit_network
from tests.e2e.visits import go_to
from tests.e2e.waiting import settled, still
from ui import translations
from ui.components.modules import module
from ui.picture_input import EXAMPLE
from ui.prose import Language

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

LESSON = "/forward-backward"


def opened(page: Page, query: str = "") -> Page:
    go_to(page, f"{LESSON}?{query}")
    expect(row(page)).to_be_visible()
    # What opens from the row while the page is still being drawn may be drawn anew under the pen.
    settled(page)
    return page


def row(page: Page) -> Locator:
    return page.locator(".st-key-picture-input")


def choose(page: Page, way: str) -> None:
    row(page).get_by_test_id("stPopover").get_by_role("button").click()
    page.locator(".st-key-picture-chooser").get_by_text(way, exact=True).click()


def sheet(page: Page) -> Locator:
    choose(page, "From the data set")
    canvas = page.locator(".sheet canvas")
    expect(canvas).to_be_visible()
    return canvas


def paper(page: Page) -> Locator:
    choose(page, "Draw")
    canvas = page.locator(".paper")
    # Its script has come once the words stand at it; and what opens from the row slides to its place.
    expect(canvas).to_have_attribute("aria-label", re.compile("Draw"))
    still(page)
    return canvas


def stroke(page: Page, canvas: Locator, points: list[tuple[float, float]]) -> None:
    """Draw with the mouse through points given as shares of the paper's width and height."""
    box = canvas.bounding_box()
    assert box
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=5)
    page.mouse.up()


def drawn(page: Page) -> str:
    """The drawing in the address, once there is one."""
    page.wait_for_url(re.compile("drawn="))
    return parse_qs(urlsplit(page.url).query)["drawn"][0]


def no_drawing(page: Page) -> None:
    page.wait_for_url(lambda url: "drawn=" not in url)


def test_a_click_on_the_sheet_takes_that_digit(page: Page) -> None:
    canvas = sheet(opened(page, "digit=17"))
    page.locator(".sheet [data-filter='3']").click()
    canvas.click(position={"x": 60, "y": 20})
    second = int(np.flatnonzero(all_digits()[1] == 3)[1])
    page.wait_for_url(re.compile(f"digit={second}$"))
    expect(row(page)).to_contain_text(f"Digit {second}, a 3")
    expect(page.locator(".sheet")).to_be_hidden()


def test_the_sheet_can_be_walked_by_keys(page: Page) -> None:
    canvas = sheet(opened(page, "digit=17"))
    sevens = np.flatnonzero(all_digits()[1] == all_digits()[1][17])
    canvas.focus()
    page.keyboard.press("ArrowRight")
    following = int(sevens[list(sevens).index(17) + 1])
    expect(page.locator(".sheet .caption")).to_contain_text(f"digit {following},")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"digit={following}$"))


def test_the_sheet_gathers_what_the_network_misreads(page: Page) -> None:
    images, labels = all_digits()
    guesses = pretrained_digit_network().predict(images).argmax(axis=1)
    wrong = np.flatnonzero(guesses != labels)
    canvas = sheet(opened(page, "digit=17"))
    chip = page.locator(".sheet [data-filter=misread]")
    expect(chip).to_have_text(f"misread ({len(wrong)})")
    chip.click()
    canvas.hover(position={"x": 20, "y": 20})
    first = int(wrong[0])
    expect(page.locator(".sheet .caption")).to_contain_text(
        f"digit {first}, a {labels[first]} · the network reads a {guesses[first]}"
    )


def test_a_stroke_is_sent_when_the_pen_is_lifted_and_can_be_undone(page: Page) -> None:
    canvas = paper(opened(page, "digit=17"))
    stroke(page, canvas, [(0.5, 0.1), (0.5, 0.9)])
    image = decode_digit(drawn(page))[0]
    assert image[:, :2].max() == 0
    assert image[1:7, 3:5].min() > 0.5
    expect(row(page)).to_contain_text("Your drawing")
    page.locator("[data-act=undo]").click()
    no_drawing(page)
    expect(row(page)).to_contain_text("Digit 17,")


def test_the_rubber_takes_ink_away_and_clear_takes_all(page: Page) -> None:
    canvas = paper(opened(page))
    stroke(page, canvas, [(0.3, 0.5), (0.7, 0.5)])
    before = decode_digit(drawn(page)).sum()
    page.locator("[data-act=rubber]").click()
    address = page.url
    stroke(page, canvas, [(0.3, 0.4), (0.3, 0.6)])
    page.wait_for_function("(url) => location.href !== url", arg=address)
    assert 0 < decode_digit(drawn(page)).sum() < before
    page.locator("[data-act=clear]").click()
    no_drawing(page)


def test_a_small_drawing_can_be_stretched_to_the_data_set_s_size(page: Page) -> None:
    canvas = paper(opened(page))
    stroke(page, canvas, [(0.1, 0.1), (0.25, 0.1), (0.15, 0.3)])
    small = decode_digit(drawn(page))[0]
    assert small[4:].max() == 0
    address = page.url
    page.locator("[data-act=stretch]").click()
    page.wait_for_function("(url) => location.href !== url", arg=address)
    large = decode_digit(drawn(page))[0]
    assert large[0].max() > 0.5
    assert large[7].max() > 0.5
    assert large[:, 0].max() == 0


def test_a_digit_can_be_drawn_by_keys_alone(page: Page) -> None:
    canvas = paper(opened(page))
    canvas.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", " "):
        page.keyboard.press(key)
    expected = np.zeros((1, 8, 8))
    expected[0, 2, 1] = 1
    assert drawn(page) == encode_digit(expected)
    page.keyboard.press(" ")
    no_drawing(page)


def test_a_drawing_from_a_link_lies_on_the_paper_and_can_be_gone_on_with(page: Page) -> None:
    canvas = paper(opened(page, f"drawn={EXAMPLE}"))
    canvas.focus()
    page.keyboard.press(" ")
    page.wait_for_url(re.compile("drawn=g"))
    assert drawn(page) == "g" + EXAMPLE[1:]


def test_a_finger_draws_too(browser: Browser, app_url: str) -> None:
    context = browser.new_context(
        base_url=app_url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="en-US"
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    canvas = paper(opened(page))
    canvas.tap(position={"x": 20, "y": 20})
    assert decode_digit(drawn(page)).sum() > 0
    chooser = page.locator(".st-key-picture-chooser").bounding_box()
    assert chooser
    assert chooser["x"] >= 0
    assert chooser["x"] + chooser["width"] <= 390
    context.close()


def test_what_a_drawing_is_meant_to_be_is_asked(page: Page) -> None:
    paper(opened(page, f"drawn={EXAMPLE}"))
    page.locator(".st-key-picture-chooser").get_by_role("radio", name="2", exact=True).click()
    page.wait_for_url(re.compile("target=2"))
    expect(row(page)).to_contain_text("meant as a 2")


def test_a_file_is_cut_out_and_shown(page: Page) -> None:
    image = Image.new("L", (300, 400), 240)
    image.paste(30, (140, 80, 160, 320))
    file = io.BytesIO()
    image.save(file, "PNG")
    choose(opened(page), "Upload")
    page.locator("input[type=file]").set_input_files(
        {"name": "one.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    expect(row(page)).to_contain_text("Your picture")
    found = decode_digit(drawn(page))[0]
    assert found[[0, 7]].max(axis=1).min() > 0.5


def test_a_drawing_program_s_file_under_a_false_name_gets_a_plain_message(page: Page) -> None:
    choose(opened(page, "digit=17"), "Upload")
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>document.title = 'taken'</script></svg>"
    page.locator("input[type=file]").set_input_files({"name": "one.png", "mimeType": "image/png", "buffer": svg})
    expect(page.get_by_test_id("stAlert")).to_contain_text("an SVG drawing")
    expect(row(page)).to_contain_text("Digit 17,")
    assert page.title() != "taken"


@pytest.mark.parametrize(
    ("lang", "refused"),
    [("en", "This file wasn't taken: PNG, JPEG, GIF, BMP, WebP is read, up to 5 MB."),
     ("zh", "没有接收这个文件：只读 PNG, JPEG, GIF, BMP, WebP，最大 5 MB。")],
)  # fmt: skip
def test_a_file_that_the_browser_refuses_is_refused_in_the_reader_s_language(
    page: Page, lang: Language, refused: str
) -> None:
    opened(page, f"lang={lang}")
    choose(page, translations.labels(lang).gettext("Upload"))
    field = page.get_by_test_id("stFileUploader")
    for file in (
        {"name": "large.png", "mimeType": "image/png", "buffer": bytes(6 * 2**20)},
        {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"},
    ):
        page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        expect(field.get_by_test_id("stFileChip").filter(has_text=str(file["name"]))).to_be_visible()
        said = field.evaluate("(field) => getComputedStyle(field, '::after').content")
        assert said == f'"{refused}"'
    field.get_by_test_id("stFileChip").last.hover()
    still(page)
    for english in ("Upload", "per file", "must be", "not allowed"):
        shown = page.get_by_text(english).filter(visible=True)
        expect(shown).to_have_count(1 if (english, lang) == ("Upload", "en") else 0)


NAMES = """field => [...field.querySelectorAll("input, button")].map((one) => one.getAttribute("aria-label") || "")"""


@pytest.mark.parametrize(
    ("lang", "before", "after"),
    [
        ("en", "Choose a file", {"Choose a file", "Remove one.png", "Choose another file"}),
        ("zh", "选择文件", {"选择文件", "移除 one.png", "选择另一个文件"}),
    ],
)
def test_what_a_screen_reader_says_of_the_field_for_a_file_is_in_the_reader_s_language(
    page: Page, lang: Language, before: str, after: set[str]
) -> None:
    file = io.BytesIO()
    Image.new("L", (30, 40), 240).save(file, "PNG")
    opened(page, f"lang={lang}")
    choose(page, translations.labels(lang).gettext("Upload"))
    field = page.get_by_test_id("stFileUploader")
    chosen = page.locator("input[type=file]")
    expect(chosen).to_have_attribute("aria-label", before)
    chosen.set_input_files({"name": "one.png", "mimeType": "image/png", "buffer": file.getvalue()})
    expect(field.get_by_test_id("stFileChip")).to_be_visible()
    still(page)
    assert set(field.evaluate(NAMES)) == after
    page.get_by_role("button", name=translations.labels(lang).gettext("Remove {name}").format(name="one.png")).click()
    expect(field.get_by_test_id("stFileChip")).to_have_count(0)


def test_the_browser_spells_a_drawing_as_the_engine_does(page: Page) -> None:
    page.goto("/")
    url = "data:text/javascript;base64," + base64.b64encode(module("picture/drawing.js").encode()).decode()
    codes = [encode_digit(image) for image in all_digits()[0][::30]]
    spelt = page.evaluate(
        """async ([url, codes]) => {
          const { inkOf, levelsOf, spell } = await import(url);
          return codes.map((base) => spell(levelsOf(inkOf({ base, marks: [] }))));
        }""",
        [url, codes],
    )
    assert spelt == codes
