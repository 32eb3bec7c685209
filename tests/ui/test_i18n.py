"""Two languages, complete, and built from the source as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ui import catalogue, i18n, locale_tools, prose
from ui.i18n import fill
from ui.prose import ProseError, parse


def test_every_label_is_in_the_catalogue_and_has_its_chinese() -> None:
    catalogue = locale_tools.read()
    missing = [m for m in locale_tools.messages() if not catalogue.get(m) or not catalogue.get(m).string]
    assert not missing, "run `python -m ui.locale_tools update`, translate, then `compile`"


def test_the_catalogue_holds_no_label_that_is_gone() -> None:
    used = set(locale_tools.messages())
    assert [message.id for message in locale_tools.read() if message.id and message.id not in used] == []


def test_the_compiled_catalogue_is_the_one_in_the_repository() -> None:
    assert locale_tools.MO.read_bytes() == locale_tools.as_mo(locale_tools.read())


def test_the_catalogue_is_written_as_the_tool_writes_it() -> None:
    assert locale_tools.PO.read_bytes() == locale_tools.as_po(locale_tools.merged())


def test_translations_keep_every_gap_and_every_markdown_mark() -> None:
    for message in locale_tools.read():
        if message.id:
            for pattern in (r"\{[^}]*\}", r"\*\*", r"`"):
                given, translated = (sorted(re.findall(pattern, text)) for text in (message.id, message.string))
                assert given == translated, message.id


def test_english_is_as_it_stands_in_the_source() -> None:
    assert i18n.translations("en").gettext("Copy link") == "Copy link"
    assert i18n.translations("zh").gettext("Copy link") == "复制链接"


def test_prose_is_split_into_its_named_blocks() -> None:
    found = parse("## [why] Why?\n\nBecause.\n\n### More\nyes\n\n## [bare]\nText\n", "x.md")
    assert list(found) == ["why", "bare"]
    assert found["why"] == ("Why?", "Because.\n\n### More\nyes")
    assert found["why"].markdown.startswith("#### Why?\n\nBecause.")
    assert found["bare"].markdown == "Text"


def test_a_line_break_between_chinese_characters_leaves_no_space() -> None:
    body = "它离损失\n最近。\n   “是”\n\n下一段 ReLU\n输出 0\n- 项"
    assert parse(f"## [a] A\n{body}", "x.md")["a"].body == "它离损失最近。“是”\n\n下一段 ReLU\n输出 0\n- 项"


def test_prose_refuses_text_before_a_block_and_a_name_used_twice() -> None:
    with pytest.raises(ProseError, match="would never be shown"):
        parse("Hello\n## [a] A\n", "x.md")
    with pytest.raises(ProseError, match=r"\[a\] stands there twice"):
        parse("## [a] A\n## [a] B\n", "x.md")


def test_a_missing_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProseError, match=r"no zh\.md in gone/"):
        prose.blocks(tmp_path / "gone" / "zh.md")


def test_a_head_says_what_the_lesson_is_called_and_is_for(tmp_path: Path) -> None:
    file = tmp_path / "en.md"
    file.write_text("title: Pooling\ngoal: Keep one number: the largest.\nbuilds on: a, b\n\n## [a] A\ntitle: no\n")
    head = {"title": "Pooling", "goal": "Keep one number: the largest.", "builds on": "a, b"}
    assert prose.head(file) == head
    assert prose.blocks(file) == {"a": prose.Block("A", "title: no")}
    file.write_text("title: Pooling\n\n## [a] A\n")
    with pytest.raises(ProseError, match="no goal"):
        prose.head(file)


def test_gaps_are_filled_and_latex_braces_left_alone() -> None:
    assert fill(r"{{a}} and {{ b }} in $W_{k}$, \frac{1}{2}", {"a": 1, "b": "x"}) == r"1 and x in $W_{k}$, \frac{1}{2}"
    with pytest.raises(KeyError):
        fill("{{missing}}", {})


def chinese_texts() -> list[str]:
    rooms = [catalogue.HOME_ROOM, *(entry.room for entry in catalogue.LESSONS)]
    files = [(room / "zh.md").read_text(encoding="utf-8") for room in rooms]
    labels = [str(message.string) for message in locale_tools.read() if message.id]
    parts = [text["zh"] for entry in catalogue.PARTS for text in (entry.title, entry.question)]
    return files + labels + parts


def test_chinese_is_punctuated_as_chinese() -> None:
    half_width = re.compile(r"[\u4e00-\u9fff][,;:?!(]|[,;:?!)][\u4e00-\u9fff]")
    found = [match.group() for text in chinese_texts() for match in half_width.finditer(text)]
    assert not found
