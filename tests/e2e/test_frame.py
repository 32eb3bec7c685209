"""The frame in a real browser: navigation, links, languages, themes, lecture view, and the shared JavaScript."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import serving
from tests.e2e.reach import expect_whole, widen
from tests.e2e.waiting import settled
from tests.tabs import WINDOW, Tabs, Watch
from ui import catalogue
from ui.components.modules import module
from ui.components.pack import pack
from ui.figures import theme

pytestmark = pytest.mark.browser

KEYS = [entry.key for entry in catalogue.LESSONS]
ADDRESSES = ["/", *(f"/{key}" for key in KEYS)]
WIDTHS = (1920, 1440, 1280, 1024, 768, 390, 360, 320)


def opened(page: Page, address: str) -> None:
    """Open an address and wait until its script has run to the end."""
    page.goto(address)
    expect(page.locator(".st-key-frame-buttons")).to_be_visible()
    settled(page)


def title(key: str, to: str = "en") -> str:
    return catalogue.lesson(key).title[to]


@pytest.fixture(scope="module", params=ADDRESSES)
def visited(request: pytest.FixtureRequest, tabs: Tabs, app_url: str) -> Iterator[Page]:
    """Every page in turn, opened by its address once for all tests that look at it and leave it as it was."""
    with tabs.lent(Watch(app_url)) as tab:
        opened(tab, request.param)
        yield tab


def expect_no_complaint(page: Page) -> None:
    expect(page.locator("h1").first).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_every_page_opens_directly_without_complaint(visited: Page) -> None:
    expect_no_complaint(visited)


def test_the_picture_begins_right_under_the_bar(visited: Page) -> None:
    if visited.locator(".st-key-frame-bar").count():
        # The style sheet comes a moment after the first text.
        visited.wait_for_function("document.querySelector('.st-key-frame-bar').getBoundingClientRect().bottom <= 120")
    else:
        assert visited.url.endswith("/"), "only the home page has no bar"


def test_the_tab_is_called_after_the_page_and_read_in_its_language(visited: Page) -> None:
    key = urlparse(visited.url).path.strip("/")
    names = catalogue.lesson(key).title if key else {"en": "Course map", "zh": "课程地图"}
    for to, lang, other in (("en", "en", "简体中文"), ("zh", "zh-Hans", "English")):
        expect(visited).to_have_title(f"{names[to]} · StepCNN")
        expect(visited.locator("html")).to_have_attribute("lang", lang)
        visited.get_by_role("button", name=other, exact=True).click()
    expect(visited.locator("html")).to_have_attribute("lang", "en")


def test_no_page_is_wider_than_its_screen_and_nothing_in_it_is_cut_or_covered_in_wide_type(visited: Page) -> None:
    for view, switch in (
        ("lecture", "Lecture view"),
        ("lecture, Chinese", "简体中文"),
        ("Chinese", "退出讲课视图"),
        ("English", "English"),
    ):
        button = visited.locator(".st-key-frame-buttons").get_by_role("button", name=switch, exact=True)
        button.click()
        expect(button).to_have_count(0)
        visited.mouse.move(0, WINDOW["height"] / 2)
        settled(visited)
        widen(visited)
        # From wide to narrow: a picture that has not been drawn anew yet is too wide, and is waited for.
        for width in WIDTHS:
            visited.set_viewport_size({"width": width, "height": 900})
            expect_whole(visited, (view, width))
        visited.set_viewport_size(WINDOW)
    widen(visited, wider=False)


def test_the_map_opens_in_chinese_without_complaint(page: Page) -> None:
    opened(page, "/?lang=zh")
    expect_no_complaint(page)
    expect(page.locator("h1").first).to_have_text(re.compile("[\u4e00-\u9fff]"))


@pytest.mark.slow
@pytest.mark.parametrize("key", KEYS[:1])
def test_the_first_visitor_of_a_fresh_server_may_arrive_at_a_lesson(browser: Browser, tmp_path: Path, key: str) -> None:
    with serving(tmp_path / "log.txt") as base:
        context = browser.new_context(base_url=base)
        tab = context.new_page()
        opened(tab, f"/{key}")
        expect(tab.locator("h1", has_text=title(key))).to_be_visible()
        expect(tab.get_by_text("Page not found")).to_have_count(0)
        context.close()


def test_the_first_wonder_is_one_click_from_home(page: Page) -> None:
    opened(page, "/")
    page.locator(".st-key-home-enter a").click()
    expect(page.locator("h1", has_text=title("forward-backward"))).to_be_visible()
    expect(page).to_have_url(re.compile("/forward-backward$"))


def test_the_navigation_leads_from_any_page_to_every_lesson(page: Page) -> None:
    opened(page, "/")
    for key in KEYS:
        part = catalogue.part(catalogue.lesson(key).part)
        page.get_by_test_id("stTopNavSection").filter(has_text=part.title["en"]).click()
        page.get_by_role("menuitem", name=title(key), exact=True).click()
        expect(page.locator("h1", has_text=title(key))).to_be_visible()
        expect(page).to_have_url(re.compile(f"/{key}"))


def test_the_language_is_one_click_away_and_goes_into_the_address(page: Page) -> None:
    opened(page, f"/{KEYS[0]}")
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("h1", has_text=title(KEYS[0], "zh"))).to_be_visible()
    expect(page).to_have_url(re.compile("lang=zh"))
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1", has_text=title(KEYS[0]))).to_be_visible()
    expect(page).not_to_have_url(re.compile("lang="))


def test_the_language_is_kept_from_page_to_page(page: Page) -> None:
    opened(page, "/?lang=zh")
    page.locator(".st-key-home-enter a").click()
    expect(page.locator("h1", has_text=title("forward-backward", "zh"))).to_be_visible()
    expect(page).to_have_url(re.compile("lang=zh"))


def test_a_browser_that_asks_for_chinese_gets_it_without_a_word_in_the_address(browser: Browser, app_url: str) -> None:
    context = browser.new_context(base_url=app_url, locale="zh-CN")
    tab = context.new_page()
    opened(tab, f"/{KEYS[0]}")
    expect(tab.locator("h1", has_text=title(KEYS[0], "zh"))).to_be_visible()
    expect(tab).not_to_have_url(re.compile("lang="))
    context.close()


def test_lecture_view_enlarges_the_type_and_clears_the_bar(page: Page) -> None:
    opened(page, f"/{KEYS[0]}?present=1")
    expect(page.locator("html")).to_have_css("font-size", f"{theme.PRESENTER_PIXELS}px")
    expect(page.get_by_test_id("stTopNavSection").first).to_be_hidden()
    page.get_by_role("button", name="Leave lecture view").click()
    expect(page.get_by_test_id("stTopNavSection").first).to_be_visible()
    expect(page.locator("html")).to_have_css("font-size", f"{theme.ROOT_PIXELS}px")


def test_copy_link_copies_the_address_as_it_stands(page: Page) -> None:
    opened(page, f"/{KEYS[0]}?lang=zh")
    page.get_by_role("button", name="复制链接").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_where_the_clipboard_is_closed_the_link_is_shown(page: Page) -> None:
    page.add_init_script("navigator.clipboard.write = () => Promise.reject(new Error('closed'))")
    opened(page, f"/{KEYS[0]}")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("textbox", name="Copy this link:")).to_have_value(page.url)


HOSTILE = [
    "lr=NaN&seed=1e9&digit=-1",
    "x=%3Cscript%3Ewindow.hacked%3D1%3C%2Fscript%3E&lr=%3Cimg%20src%3Dx%20onerror%3D%22window.hacked%3D1%22%3E",
    "lang=xx&present=maybe&hide=%22%3E%3Cb%3E",
    "digit=1&digit=2&digit=3",
    "task=" + "9" * 6_000,
    "&".join(f"n{i}={i}" for i in range(200)),
    "drawn=%00%ff%fe&__proto__=1&constructor=2",
]


@pytest.mark.parametrize(("key", "query"), [(KEYS[at % len(KEYS)], query) for at, query in enumerate(HOSTILE)])
def test_a_hostile_link_gets_one_plain_notice_and_runs_nothing(page: Page, key: str, query: str) -> None:
    opened(page, f"/{key}?{query}")
    expect(page.get_by_test_id("stAlert")).to_have_count(1)
    expect(page.locator(".st-key-frame-notice")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert page.evaluate("window.hacked") is None
    expect(page).not_to_have_url(re.compile(r"\?"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_reader_gets_the_theme_that_the_system_asks_for(page: Page, scheme: theme.Mode) -> None:
    page.emulate_media(color_scheme=scheme)
    opened(page, "/")
    wanted = "rgb({}, {}, {})".format(*theme.hex_to_rgb(theme.PALETTES[scheme].bg))
    assert page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor") == wanted


def test_switching_to_dark_in_the_menu_repaints_page_logo_picture_and_components(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    opened(page, "/")
    logo, picture = page.get_by_test_id("stHeaderLogo"), page.locator(".sc-drawings img").first
    before = logo.get_attribute("src"), picture.get_attribute("src")
    page.get_by_test_id("stMainMenuButton").click()
    page.get_by_test_id("stMainMenuItem-theme-Dark").click()
    expect(logo).not_to_have_attribute("src", before[0] or "")
    expect(picture).not_to_have_attribute("src", before[1] or "")
    button = page.get_by_role("button", name="Copy link")
    soft = "rgb({}, {}, {})".format(*theme.hex_to_rgb(theme.PALETTES["dark"].soft))
    expect(button).to_have_css("color", soft)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_navigation_and_buttons_share_the_bar_at_any_width(page: Page, language: str) -> None:
    opened(page, f"/neuron?lang={language}")
    widen(page)
    for width in range(910, 1300, 30):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(
            """() => {
              const shown = [...document.querySelectorAll('[data-testid="stTopNav"] > *')].filter((item) => {
                const { opacity, pointerEvents } = getComputedStyle(item);
                return opacity !== "0" && pointerEvents !== "none" && item.getBoundingClientRect().width > 0;
              });
              const end = Math.max(...shown.map((item) => item.getBoundingClientRect().right));
              return end <= document.querySelector(".st-key-frame-buttons").getBoundingClientRect().left;
            }"""
        )


def test_the_bar_has_no_deploy_button(page: Page) -> None:
    opened(page, "/")
    expect(page.get_by_test_id("stAppDeployButton")).to_have_count(0)


def load(page: Page, path: str) -> None:
    """Make a shared module's exports available as ``window.loaded``, in an empty tab."""
    address = "data:text/javascript;base64," + base64.b64encode(module(path).encode()).decode()
    page.evaluate("async (address) => { window.loaded = await import(address); }", address)


def test_a_component_that_is_cleaned_up_too_late_lives_on_until_its_element_has_gone(page: Page) -> None:
    load(page, "shared/mounted.js")
    left = page.evaluate(
        """async () => {
          const host = document.body.appendChild(document.createElement("div")), left = [];
          const clean = window.loaded.whenGone(host, () => left.push(host.isConnected));
          const cleaned = () => { clean(); return new Promise((done) => setTimeout(done)).then(() => left.length); };
          const staying = await cleaned();
          host.remove();
          return [staying, await cleaned()];
        }"""
    )
    assert left == [0, 1]


def test_the_browser_reads_packed_arrays_back_bit_for_bit(page: Page) -> None:
    load(page, "shared/unpack.js")
    rng = np.random.default_rng(0)
    arrays = {
        "f4": rng.normal(size=(2, 3)).astype(np.float32),
        "f8": np.array([np.nan, np.inf, -0.0, 1e-300]),
        "u1": np.arange(5, dtype=np.uint8),
        "i4": np.array([[-(2**31), 2**31 - 1]]),
        "none": np.zeros((0, 4), np.float32),
    }
    data = pack({"title": "前向", "n": [1, 2.5]}, arrays)
    for shift in (0, 1, 4):
        read = page.evaluate(
            """([text, shift]) => {
                const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
                const moved = new Uint8Array(bytes.length + shift);
                moved.set(bytes, shift);
                const { meta, arrays } = window.loaded.unpack(moved.subarray(shift));
                const hex = (view) => [...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)];
                const all = Object.entries(arrays).map(([k, a]) => [k, { shape: a.shape, bytes: hex(a.data) }]);
                return JSON.stringify({ meta, arrays: Object.fromEntries(all) });
            }""",
            [base64.b64encode(data).decode(), shift],
        )
        back = json.loads(read)
        assert back["meta"] == {"title": "前向", "n": [1, 2.5]}
        for name, array in arrays.items():
            sent = array.astype(np.int32) if array.dtype == np.int64 else array
            assert back["arrays"][name]["shape"] == list(array.shape)
            assert bytes(back["arrays"][name]["bytes"]) == sent.tobytes()


def test_the_browser_refuses_bytes_that_were_not_packed(page: Page) -> None:
    load(page, "shared/unpack.js")
    with pytest.raises(Exception, match="not written by pack"):
        page.evaluate("window.loaded.unpack(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]))")


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("ramp", ["diverging", "sequential"])
def test_python_and_the_browser_paint_the_same_colours(page: Page, mode: theme.Mode, ramp: theme.Ramp) -> None:
    load(page, "shared/colours.js")
    values = np.linspace(-1.3, 1.3, 201)
    painted = page.evaluate(
        "([values, ramp, mode]) => values.map((v) => window.loaded.colour(v, 1, ramp, mode))",
        [values.tolist(), ramp, mode],
    )
    # The two round halves differently; nobody can see one part in 255.
    assert np.abs(np.array(painted) - theme.colours(values, 1.0, ramp=ramp, mode=mode).astype(int)).max() <= 1


def test_the_browser_writes_numbers_plainly(page: Page) -> None:
    load(page, "shared/numbers.js")
    words = {0: "0", -0.004: "0.00", -1.5: "−1.50", 1e9: "1.0·10⁹", -3e-8: "0.00", 999.999: "1000.00"}
    for value, written in words.items():
        assert page.evaluate("(v) => window.loaded.format(v)", value) == written
    assert page.evaluate("window.loaded.format(NaN)") == "not a number"
    assert page.evaluate("window.loaded.format(-Infinity)") == "−∞"
    assert page.evaluate("window.loaded.scientific(2.3e-8)") == "2.3·10⁻⁸"
    assert page.evaluate("window.loaded.scientific(-2.3e12)") == "−2.3·10¹²"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("short(-0.5)", "−0.5"),
        ("short(2.004)", "2"),
        ("readable(12.5)", "12.50"),
        ("readable(0.00012)", "1.2·10⁻⁴"),
        ("readable(-34567)", "−3.5·10⁴"),
        ("readable(0.5, 4, { trim: true })", "0.5"),
        ("readable(0.0004, 4, { small: 0.001 })", "4.0·10⁻⁴"),
        ("significant(0.23456)", "0.235"),
        ("significant(-12.44)", "−12.4"),
        # Its whole part is never rounded: 1020 × 2 isn't 2048.
        ("significant(1024)", "1024"),
        ("significant(0.0000234)", "2.3·10⁻⁵"),
        ("significant(NaN)", "–"),
        ("bracketed('−3')", "(−3)"),
        ("bracketed('3')", "3"),
        ("product('−3', '−2', '1')", "−3 × (−2) × 1"),
        ("percent(0)", "0 %"),
        ("percent(0.0354)", "3.5 %"),
        ("percent(0.4249)", "42 %"),
        ("percent(0.0001)", "< 0.1 %"),
        ("percent(0.0354, 0)", "4 %"),
        ("sub(102)", "₁₀₂"),
        ("sup(34)", "³⁴"),
    ],
)
def test_a_number_is_written_one_way(page: Page, said: str, written: str) -> None:
    load(page, "shared/numbers.js")
    assert page.evaluate(f"window.loaded.{said}") == written


def test_pieces_of_a_sum_have_their_signs_colours(page: Page) -> None:
    load(page, "shared/arithmetic.js")
    chips = page.evaluate(
        """() => [["2", 2], ["−2", -2], ["0", 0], ["7 units", null]].map(([text, tone]) => {
          const made = window.loaded.chip(text, tone, { name: "w" });
          return [made.textContent, made.className, made.style.getPropertyValue("--tc")];
        })"""
    )
    assert chips == [
        ["w2", "chip", "var(--pos)"],
        ["w−2", "chip", "var(--neg)"],
        ["w0", "chip zero", "var(--mute)"],
        ["w7 units", "chip", "var(--soft)"],
    ]
    powers = page.evaluate("window.loaded.powers('e^[−x] + 1').map((part) => part.outerHTML ?? part)")
    assert powers == ["e", "<sup>−x</sup>", " + 1"]
