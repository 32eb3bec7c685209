"""nginx's configuration: one template, filled in for one machine and for many."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from streamlit import config
from streamlit.web.server.starlette import starlette_routes

from deploy import limits, nginx
from deploy.nginx import Where, configuration
from deploy.options import Server, parse
from deploy.problems import Problem
from tests.asynchronous import run
from tests.deploy.running import needs_nginx

THREE = (Server("127.0.0.1", 9001), Server("127.0.0.1", 9002), Server("[::1]", 9001))


def upstream(text: str, name: str) -> list[str]:
    found = re.search(rf"upstream {name} \{{(.*?)\}}", text, re.DOTALL)
    assert found
    return re.findall(r"server (.*);", found[1])


def test_each_process_has_its_readers_and_the_others_stand_by() -> None:
    text = configuration(Where("127.0.0.1:8501", THREE))
    assert [line.split()[0] for line in upstream(text, "anyone")] == [str(server) for server in THREE]
    assert not any("backup" in line for line in upstream(text, "anyone"))
    for number, server in enumerate(THREE, 1):
        mine = upstream(text, f"process_{number}")
        assert [line.split()[0] for line in mine if "backup" not in line] == [str(server)]
        assert len(mine) == len(THREE)


def test_the_process_that_answered_is_the_last_one_tried() -> None:
    text = configuration(Where("127.0.0.1:8501", THREE))
    table = text.split("map $upstream_addr $answered {")[1].split("}")[0]
    rules = [(re.compile(rule), name) for rule, name in re.findall(r'"~(.*)" (\d+);', table)]
    assert len(rules) == len(THREE)

    def answered(tried: str) -> list[str]:
        return [name for rule, name in rules if rule.search(tried)]

    assert answered("127.0.0.1:9001") == ["1"]
    assert answered("127.0.0.1:9001, 127.0.0.1:9002") == ["2"]
    assert answered("127.0.0.1:9002, [::1]:9001") == ["3"]
    assert answered("127.0.0.1:9001 : 127.0.0.1:9002") == ["2"]
    assert answered("127.0.0.1:19001") == []


def test_nothing_is_left_to_be_filled_in() -> None:
    assert "@{" not in configuration(Where("127.0.0.1:8501", THREE))


def test_an_upload_may_be_as_large_as_the_app_takes_it_and_no_larger() -> None:
    allowed = config.get_option("server.maxUploadSize") * 1024 * 1024
    around = starlette_routes._MAX_UPLOAD_MULTIPART_OVERHEAD_BYTES
    assert limits.upload_kilobytes() * 1024 == allowed + around
    assert f"client_max_body_size {limits.upload_kilobytes()}k;" in configuration(Where("127.0.0.1:8501", THREE))


def test_a_class_that_fetches_its_scripts_uses_up_nothing_that_its_pages_need() -> None:
    limits = re.findall(r"limit_req zone=(\w+) burst=(\d+)", configuration(Where("127.0.0.1:8501", THREE)))
    zones = [zone for zone, _ in limits]
    assert sorted(zones) == ["requests", "scripts"]
    learners, files, asked = 300, 70, 10
    assert int(dict(limits)["scripts"]) >= learners * files
    assert int(dict(limits)["requests"]) >= learners * asked


def test_only_proxies_that_are_named_are_believed_whom_they_speak_for() -> None:
    assert "real_ip" not in configuration(Where("127.0.0.1:8501", THREE))
    text = configuration(Where("127.0.0.1:8501", THREE, trusted=("10.0.0.0/8",)))
    assert "set_real_ip_from 10.0.0.0/8;" in text


def test_it_listens_where_it_is_told() -> None:
    assert nginx.where(parse(["--address", "::", "--port", "80"]), THREE).listen == "[::]:80"


def test_names_become_numbers() -> None:
    (found,) = run(nginx.resolved([Server("127.0.0.1", 9001)]))
    assert found == THREE[0]


def test_an_unknown_name_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nginx, "RESOLVE_SECONDS", -1.0)
    with pytest.raises(Problem, match=r"nowhere\.invalid:8501"):
        run(nginx.resolved([Server("nowhere.invalid", 8501)]))


def test_without_nginx_it_is_said_what_would_work(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"apt-get install nginx.*streamlit run app\.py"):
        nginx.program(str(tmp_path / "nginx"))


@pytest.mark.parametrize("options", [[], ["--trusted", "10.0.0.0/8"], ["--address", "::1"]], ids=" ".join)
def test_nginx_takes_it(tmp_path: Path, options: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    needs_nginx()
    monkeypatch.setattr(nginx.static, "compress", lambda *_: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    async def checked() -> None:
        await nginx.prepare(tmp_path, nginx.where(parse(options), THREE))
        await nginx.check(nginx.program(None), tmp_path)

    run(checked())


def test_a_folder_that_nginx_cannot_enter_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    closed = tmp_path / "closed"
    (closed / "files").mkdir(parents=True)
    closed.chmod(0o700)
    with pytest.raises(Problem, match=f"{closed}.*TMPDIR"):
        run(nginx.prepare(closed / "files", Where("127.0.0.1:8501", THREE)))


def test_what_nginx_refuses_is_shown_in_its_words(tmp_path: Path) -> None:
    needs_nginx()
    (tmp_path / "nginx.conf").write_text("events {} http { nonsense on; }")
    with pytest.raises(Problem, match='unknown directive "nonsense"'):
        run(nginx.check(nginx.program(None), tmp_path))
