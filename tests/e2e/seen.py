"""What is seen on a page, as lines of text: the words, numbers, marks, colours, curves and pixels of its picture."""

from __future__ import annotations

import time
from difflib import unified_diff

from playwright.sync_api import Page

from tests.e2e.waiting import SLOW

PATIENCE = SLOW / 1000
"""Seconds for a page to come to rest: only a fault takes that long."""
SHOWN_LINES = 24

# What only says how much room there was, what the keyboard is at, or how often something was drawn, isn't compared.
_SEEN = """() => {
  const lines = [], HOST = '[data-testid="stBidiComponentIsolated"]';
  const ASIDE = '.st-key-frame-buttons, [class*="-examples"], [class*="st-key-section-"]';
  const PASSING = new Set(["hot", "named", "held", "draggable", "stale", "on"]);
  const MARKS = ["aria-pressed", "aria-selected", "aria-checked", "aria-current", "aria-valuenow", "aria-valuetext",
    "disabled", "hidden", "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "points", "transform", "fill"];
  const LOOKS = ["background", "color", "--tc"];
  const look = (style) => LOOKS.map((name) => style.getPropertyValue(name)).join(" ").trim();
  const told = (node, names) => names.filter((name) => node.hasAttribute(name))
    .map((name) => `${name}=${round(node.getAttribute(name))}`);
  const round = (text) => text.replace(/-?[0-9]+[.][0-9]+(e-?[0-9]+)?/g, (number) => Number(number).toFixed(1));
  const hash = (canvas) => {
    if (!canvas.width || !canvas.height) return "empty";
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let sum = 2166136261;
    for (const byte of data) sum = Math.imul(sum ^ byte, 16777619);
    return `${canvas.width}x${canvas.height} ${sum >>> 0}`;
  };
  const walk = (node, inside, depth) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.textContent.trim();
      if (text) lines.push(" ".repeat(depth) + text);
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches("style, script, " + ASIDE)) return;
    const { display, opacity } = getComputedStyle(node);
    if (display === "none") return;
    const marks = [];
    if (inside) {
      marks.push([...node.classList].filter((name) => !PASSING.has(name)).sort().join("."));
      if (node.style) marks.push(look(node.style));
      if (opacity !== "1") marks.push(`opacity=${opacity}`);
      if (node.matches(".cells.active .cell.on")) marks.push("lit");
    }
    // Where the wire runs follows from the lit cells and the room; which cells are lit is compared.
    const marked = node.closest(".wire") ? [] : MARKS;
    marks.push(...told(node, inside ? marked : ["aria-checked", "aria-pressed"]));
    if (node.matches("input, select, textarea")) marks.push(`value=${node.value}`);
    if (node.matches("canvas")) marks.push(hash(node));
    const mark = marks.filter(Boolean).join(" ");
    if (mark) lines.push(`${" ".repeat(depth)}<${node.tagName.toLowerCase()} ${mark}>`);
    const isHost = node.matches(HOST);
    for (const child of (node.shadowRoot ?? node).childNodes) walk(child, inside || isHost, depth + 1);
  };
  walk(document.querySelector('[data-testid="stMain"]'), false, 0);
  return lines;
}"""
# The page has run, all its widgets are there, and the script of every picture has come and drawn.
_RESTS = """document.querySelector('[data-test-script-state]')?.dataset.testScriptState === 'notRunning'
  && !document.querySelector('[data-testid=stSkeleton], [data-testid=stAppSkeleton]')
  && [...document.querySelectorAll('[data-testid="stMain"] [data-testid="stBidiComponentIsolated"]')]
    .every(({ shadowRoot }) => shadowRoot?.querySelector("i:only-child, button, div > *"))"""
_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def seen(page: Page) -> list[str]:
    """What is seen now."""
    found: list[str] = page.evaluate(_SEEN)
    return found


def at_rest(page: Page) -> list[str]:
    """What is seen once nothing moves any more."""
    page.locator(".st-key-frame-tab").first.wait_for(state="attached")  # the last that a page's script makes
    before, until = [""], time.monotonic() + PATIENCE
    while time.monotonic() < until:
        page.wait_for_function(_RESTS)
        page.evaluate(_FRAMES)
        now = seen(page)
        if now == before and page.evaluate(_RESTS):
            return now
        before = now
    raise AssertionError("the page doesn't come to rest")


def difference(wanted: list[str], page: Page) -> str:
    """Where a page that is being opened still differs from what is wanted after long enough; nothing if it doesn't."""
    until = time.monotonic() + PATIENCE
    while (now := at_rest(page)) != wanted and time.monotonic() < until:
        pass
    return "\n".join(list(unified_diff(wanted, now, "copied", "opened", n=1, lineterm=""))[:SHOWN_LINES])
