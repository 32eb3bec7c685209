"""Two languages, complete, and built from the source as it is."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.root import ROOT
from ui import catalogue, locale_tools, prose, translations
from ui.i18n import fill, joined, speaking
from ui.prose import ProseError, parse


def text_of(translation: locale_tools.Text) -> str:
    return translation if isinstance(translation, str) else "\n".join(translation)


def test_every_label_has_its_chinese() -> None:
    known = locale_tools.translated()
    missing = [f"{path}: {label}" for label, path in locale_tools.places().items() if label not in known]
    assert not missing, "run `python -m ui.locale_tools update` and translate what is empty"


def test_catalogues_are_as_the_tool_writes_them_each_with_the_labels_of_its_room_alone() -> None:
    wanted = locale_tools.wanted()
    assert set(translations.files(ROOT, "zh")) == set(wanted), "run `python -m ui.locale_tools update`"
    for path, text in wanted.items():
        assert path.read_text(encoding="utf-8") == text, "run `python -m ui.locale_tools update`"


def test_sentences_stand_in_a_row_as_their_language_has_it() -> None:
    with speaking("en"):
        assert joined("One.", "", "Two.") == "One. Two."
    with speaking("zh"):
        assert joined("一。", "", "二。") == "一。二。"


def test_sentences_are_joined_nowhere_by_a_space_of_ones_own() -> None:
    by_hand = re.compile(r"""\+=? " " \+""")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in (*ROOT.glob("pages/**/*.py"), *ROOT.glob("ui/*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if by_hand.search(line)
    ]
    assert not found, "joined() leaves no space where Chinese has none"


def test_no_compiled_catalogue_is_kept() -> None:
    assert not [*ROOT.glob("assets/**/*.mo"), *ROOT.glob("pages/**/*.mo")]


def po(*labels: tuple[str, str]) -> str:
    return locale_tools.as_po({locale_tools.Label(None, message, None): string for message, string in labels})


def house(root: Path, rooms: dict[str, tuple[str, str]], shared: tuple[str, str] = ("", "")) -> Path:
    """A small source: each room's labels.py and zh.po, the frame's file and the shared catalogue."""
    for place, (source, known) in {**{f"pages/{room}": texts for room, texts in rooms.items()}, "ui": shared}.items():
        (root / place).mkdir(parents=True)
        (root / place / "labels.py").write_text(source)
        if place != "ui":
            (root / place / "zh.po").write_text(known)
    for folder in ("engine", "assets/locale"):
        (root / folder).mkdir(parents=True)
    (root / "app.py").touch()
    (root / "assets/locale/zh.po").write_text(shared[1] or po())
    return root


def test_a_label_stands_in_its_room_until_a_second_one_uses_it(tmp_path: Path) -> None:
    rooms = {
        "a/one": ('_("own"), _("both"), _("new")', po(("own", "自"), ("both", "都"), ("gone", "去"))),
        "a/two": ('_("both")', po()),
    }
    root = house(tmp_path, rooms, ('_("frame")', po(("frame", "框"))))
    locale_tools.update(root)
    assert (root / "pages/a/one/zh.po").read_text() == po(("own", "自"), ("new", ""))
    assert (root / "assets/locale/zh.po").read_text() == po(("frame", "框"), ("both", "都"))
    assert not (root / "pages/a/two/zh.po").exists()


def test_two_rooms_that_translate_one_label_differently_are_named(tmp_path: Path) -> None:
    rooms = {f"a/{room}": ('_("both")', po(("both", string))) for room, string in {"one": "都", "two": "双"}.items()}
    with pytest.raises(
        locale_tools.LocaleError, match=r"'both' is '都' in pages/a/one/zh.po and '双' in pages/a/two/zh.po"
    ):
        locale_tools.update(house(tmp_path, rooms))


def test_senses_and_plurals_have_entries_of_their_own(tmp_path: Path) -> None:
    source = '_("zeros"), _p("weights", "zeros"), _n("{n} step", "{n} steps", 2)'
    root = house(tmp_path, {"a/one": (source, po(("zeros", "零点")))})
    path = root / "pages/a/one/zh.po"
    locale_tools.update(root)
    text = path.read_text()
    senses = 'msgctxt "weights"\nmsgid "zeros"\nmsgstr ""', 'msgid_plural "{n} steps"\nmsgstr[0] ""'
    assert all(sense in text for sense in senses)
    path.write_text(text.replace(senses[0], senses[0][:-1] + '全零"').replace(senses[1], senses[1][:-1] + '{n} 步"'))
    known = translations.compiled([translations.read(path)])
    assert (known.gettext("zeros"), known.pgettext("weights", "zeros")) == ("零点", "全零")
    assert [known.ngettext("{n} step", "{n} steps", n) for n in (1, 2)] == ["{n} 步", "{n} 步"]
    translated = path.read_text()
    locale_tools.update(root)
    assert path.read_text() == translated


def test_a_message_with_two_plurals_is_refused(tmp_path: Path) -> None:
    root = house(tmp_path, {"a/one": ('_("{n} step"), _n("{n} step", "{n} steps", 2)', po())})
    with pytest.raises(locale_tools.LocaleError, match=r"'\{n\} step' stands there with different plurals"):
        locale_tools.update(root)


def test_a_hundred_sessions_read_the_catalogues_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read = Mock(side_effect=translations.read)
    monkeypatch.setattr(translations, "read", read)
    monkeypatch.setattr(translations, "_made", {})
    with ThreadPoolExecutor(100) as sessions:
        found = list(sessions.map(translations.labels, ["zh"] * 100))
    assert len({id(one) for one in found}) == 1
    assert read.call_count == len(translations.files(ROOT, "zh"))


PLURAL_GAP = re.compile(r"\{\w+\|[^}]*\}")


def test_translations_keep_every_gap_and_every_markdown_mark() -> None:
    for label, string in locale_tools.translated().items():
        for pattern in (r"\{[^}]*\}", r"\*\*", r"`"):
            asked = sorted(re.findall(pattern, PLURAL_GAP.sub("", label.plural or label.message)))
            assert asked == sorted(re.findall(pattern, text_of(string))), label.message


def test_english_is_as_it_stands_in_the_source() -> None:
    assert translations.labels("en").gettext("Copy link") == "Copy link"
    assert translations.labels("en").ngettext("{n} step", "{n} steps", 1) == "{n} step"
    assert translations.labels("zh").gettext("Copy link") == "复制链接"


def test_prose_is_split_into_its_named_blocks() -> None:
    found = parse("## [why] Why?\n\nBecause.\n\n### More\nyes\n\n## [bare]\nText\n", "x.md")
    assert list(found) == ["why", "bare"]
    assert found["why"] == ("Why?", "Because.\n\n### More\nyes")
    assert found["why"].markdown.startswith("## Why?\n\nBecause.")
    assert found["bare"].markdown == "Text"


def test_a_line_break_between_chinese_characters_leaves_no_space() -> None:
    body = "它离损失\n最近。\n   “是”\n\n下一段 ReLU\n输出 0\n- 项"
    assert parse(f"## [a] A\n{body}", "x.md")["a"].body == "它离损失最近。“是”\n\n下一段 ReLU\n输出 0\n- 项"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("一轮。\n{{n}} 轮", "一轮。{{n}} 轮"),
        ("取整，\n7 轮", "取整，7 轮"),
        ("如下：\nsoftmax", "如下：softmax"),
        ("如下：\n2. 宽", "如下：\n2. 宽"),
        ("如下：\n- 宽", "如下：\n- 宽"),
        ("如下：\n\nsoftmax", "如下：\n\nsoftmax"),
    ],
)
def test_a_line_break_after_a_chinese_mark_leaves_no_space_but_lists_and_paragraphs_stay(text: str, read: str) -> None:
    assert parse(f"## [a]\n\n{text}", "zh.md")["a"].body == read


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
    labels = [text_of(string) for string in locale_tools.translated().values()]
    parts = [text["zh"] for entry in catalogue.PARTS for text in (entry.title, entry.question)]
    return files + labels + parts


def test_chinese_is_punctuated_as_chinese() -> None:
    half_width = re.compile(
        r"[\u4e00-\u9fff][,;:?!(]|[,;:?!)][\u4e00-\u9fff]|\}[,;:](?=[\w{‖])|[\u4e00-\u9fff]\"|\"[\u4e00-\u9fff]"
    )
    found = [match.group() for text in chinese_texts() for match in half_width.finditer(text)]
    assert not found
