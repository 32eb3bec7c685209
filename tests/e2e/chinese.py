"""A page in Chinese: no English is left over, and a heading breaks as Chinese does."""

from __future__ import annotations

import re

from playwright.sync_api import Page

# Everything that the page and its components say, but what is program.
_SAID = """() => {
  const said = [];
  const walk = (node) => {
    if (node.matches?.("pre, code, .code-line, script, style, .katex, [hidden]")) return;
    if (node.shadowRoot) walk(node.shadowRoot);
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) said.push(child.data.trim().replace(/\\s+/g, " "));
      else walk(child);
    }
  };
  walk(document.querySelector("[data-testid=stMain]"));
  return said.filter(Boolean);
}"""
_ENGLISH = re.compile(r"\b[a-z]{3,} [a-z]{3,}")
# After a full stop, Chinese leaves no space.
_SPACED = re.compile(r"[。？！；] \w")
# A work stands under the name that it was published with.
_CITED = re.compile(r"[\"“”《]")
_LINES = """(heading) => {
  const lines = [], letter = document.createRange(), texts = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
  let top = -Infinity;
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    for (let at = 0; at < text.data.length; at += 1) {
      letter.setStart(text, at);
      letter.setEnd(text, at + 1);
      const box = letter.getBoundingClientRect();
      if (!box.width) continue;
      if (box.top > top + box.height / 2) lines.push("");
      top = Math.max(top, box.top);
      lines[lines.length - 1] += text.data[at];
    }
  }
  return lines;
}"""
# What never begins a line.
_MARKS = "？。，！：；、）”"


def expect_chinese(page: Page, where: object) -> None:
    """What is said is Chinese and set as such, and none of it English but what is program or the name of a work."""
    said = page.evaluate(_SAID)
    assert any(re.search("[\u4e00-\u9fff]", words) for words in said), where
    assert not (english := [words for words in said if _ENGLISH.search(words) and not _CITED.search(words)]), (
        where,
        english,
    )
    assert not (spaced := [words for words in said if _SPACED.search(words)]), (where, spaced)


def expect_headings_broken_well(page: Page, where: object) -> None:
    """No line of the picture's heading begins with a mark."""
    if page.locator(".say h2").count():
        lines = page.locator(".say h2").first.evaluate(_LINES)
        assert lines, where
        assert all(line[0] not in _MARKS for line in lines), (where, lines)
