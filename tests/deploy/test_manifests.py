"""The container, compose and Kubernetes files: well formed, and at one with each other and with the app."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from yamllint import linter
from yamllint.config import YamlLintConfig

from deploy.limits import SETTINGS
from deploy.nginx import TEMPLATE
from deploy.options import PORT, parse
from tests.root import ROOT

FOLDER = ROOT / "deploy"
FILES = sorted(FOLDER.rglob("*.yaml"))
STYLE = YamlLintConfig("extends: default\nrules: {line-length: {max: 130}, document-start: disable}")
CONTAINERFILE = (FOLDER / "Containerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
NEWEST = "1.34"


def manifests() -> list[dict[str, Any]]:
    files = [path for path in FILES if path.parent.name == "kubernetes" and path.name != "kustomization.yaml"]
    return [part for path in files for part in yaml.safe_load_all(path.read_text(encoding="utf-8"))]


def manifest(kind: str, name: str) -> dict[str, Any]:
    return next(part for part in manifests() if (part["kind"], part["metadata"]["name"]) == (kind, name))


def container(kind: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = manifest(kind, name)["spec"]["template"]["spec"]["containers"][0]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_yaml_is_well_formed(path: Path) -> None:
    assert [str(problem) for problem in linter.run(path.read_text(encoding="utf-8"), STYLE)] == []


@pytest.mark.parametrize("part", manifests(), ids=lambda part: f"{part['kind']}-{part['metadata']['name']}")
def test_kubernetes_knows_every_word(part: dict[str, Any]) -> None:
    kubernetes_validate.validate(part, NEWEST, strict=True)


def test_kubernetes_would_refuse_a_word_that_it_does_not_know() -> None:
    part = manifest("StatefulSet", "servers")
    part["spec"]["replica"] = 3
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(part, NEWEST, strict=True)


def test_every_manifest_is_applied() -> None:
    listed = yaml.safe_load((FOLDER / "kubernetes" / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    others = {path.name for path in (FOLDER / "kubernetes").glob("*.yaml")} - {"kustomization.yaml"}
    assert set(listed) == others


def test_each_process_in_kubernetes_has_a_service_and_a_place_before_nginx() -> None:
    servers = manifest("StatefulSet", "servers")
    names = [f"{servers['metadata']['name']}-{number}" for number in range(servers["spec"]["replicas"])]
    services = {
        part["spec"]["selector"]["statefulset.kubernetes.io/pod-name"]: part["metadata"]["name"]
        for part in manifests()
        if "statefulset.kubernetes.io/pod-name" in part.get("spec", {}).get("selector", {})
    }
    assert list(services) == names
    options = parse(container("Deployment", "proxy")["args"])
    assert [server.host for server in options.servers] == list(services.values())
    assert {server.port for server in options.servers} == {PORT}


def test_selectors_find_their_pods() -> None:
    for kind, name in (("StatefulSet", "servers"), ("Deployment", "proxy")):
        labels = manifest(kind, name)["spec"]["template"]["metadata"]["labels"]
        assert manifest(kind, name)["spec"]["selector"]["matchLabels"].items() <= labels.items()
        assert manifest("PodDisruptionBudget", name)["spec"]["selector"]["matchLabels"].items() <= labels.items()
        assert manifest("Service", name)["spec"]["selector"].items() <= labels.items()


def test_every_container_gives_arguments_that_are_taken() -> None:
    entry = re.search(r"^ENTRYPOINT (\[.*\])$", CONTAINERFILE, re.MULTILINE)
    assert entry
    program = yaml.safe_load(entry[1])
    assert program[:3] == ["python", "-m", "deploy"]
    assert parse([*program[3:], *COMPOSE["services"]["app"]["command"]]).processes == 2
    servers = parse([*program[3:], *container("StatefulSet", "servers")["args"]])
    assert (servers.proxy, servers.processes, servers.port) == (False, 1, PORT)
    assert parse([*program[3:], *container("Deployment", "proxy")["args"]]).trusted


def test_everything_listens_where_the_others_look() -> None:
    assert f"EXPOSE {PORT}" in CONTAINERFILE
    assert COMPOSE["services"]["app"]["ports"] == [f"{PORT}:{PORT}"]
    for kind, name in (("StatefulSet", "servers"), ("Deployment", "proxy")):
        assert container(kind, name)["ports"] == [{"name": "http", "containerPort": PORT}]


def test_the_image_holds_what_the_app_is_made_of_and_nothing_else_is_sent_to_its_builder() -> None:
    copied = set(re.findall(r"^COPY (\S+)", CONTAINERFILE, re.MULTILINE))
    app = {".streamlit", "app.py", "assets", "deploy", "engine", "pages", "requirements.txt", "ui"}
    assert copied == app
    ignore = (FOLDER / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in ignore if line.startswith("!")} == app


def test_the_image_has_a_python_that_the_project_takes() -> None:
    version = re.search(r"^FROM docker\.io/library/python:(\d+)\.(\d+)-slim-\w+$", CONTAINERFILE, re.MULTILINE)
    least = re.search(
        r">=(\d+)\.(\d+)", tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    )
    assert version
    assert least
    assert tuple(map(int, version.groups())) >= tuple(map(int, least.groups()))
    assert "pip install --no-cache-dir --requirement requirements.txt" in CONTAINERFILE


def test_what_stands_before_nginx_is_no_stricter_than_it() -> None:
    said = manifest("Ingress", "stepcnn")["metadata"]["annotations"]
    upload = tomllib.loads(SETTINGS.read_text("utf-8"))["server"]["maxUploadSize"]
    assert int(said["nginx.ingress.kubernetes.io/proxy-body-size"].removesuffix("m")) > upload
    silent = re.search(r"proxy_read_timeout (\d+)s;\s+proxy_send_timeout", TEMPLATE.read_text(encoding="utf-8"))
    assert silent
    for way in ("read", "send"):
        assert int(said[f"nginx.ingress.kubernetes.io/proxy-{way}-timeout"]) >= int(silent[1])


def test_nobody_is_root_and_only_tmp_is_written() -> None:
    assert re.search(r"^USER \d+$", CONTAINERFILE, re.MULTILINE)
    assert COMPOSE["services"]["app"]["read_only"]
    for kind, name in (("StatefulSet", "servers"), ("Deployment", "proxy")):
        assert manifest(kind, name)["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"]
        assert container(kind, name)["securityContext"]["readOnlyRootFilesystem"]
        assert [mount["mountPath"] for mount in container(kind, name)["volumeMounts"]] == ["/tmp"]
