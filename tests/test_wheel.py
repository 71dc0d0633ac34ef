"""The wheel answers in an environment that holds it and its base dependencies, nothing else."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, PathDistribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from qa.answer.service import QAService
from qa.settings import Settings
from tests.servers import ROOT, request, wait_for

pytestmark = pytest.mark.slow

SHIPPED = ("documents", "index", "qa")
KEPT_BACK = ("eval", "tests")
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "NOTICE")
QUESTION = "Who is Mila's new scientific director?"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, so that no earlier build leaves a file in it."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in SHIPPED + KEPT_BACK:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in SOURCES:
        shutil.copy(ROOT / name, source)
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", target, source)
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel beside links to its base dependencies; return the environment's ``bin``."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    pip("--python", python, "install", "--no-deps", "--no-index", wheel)
    link_dependencies(next(folder.glob("lib/python*/site-packages")))
    return folder / "bin"


@pytest.fixture
def variables(article_settings: Settings) -> dict[str, str]:
    """The environment variables of a command over the index of the article."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return inherited | {"QA_INDEX": str(article_settings.index), "LC_ALL": "C.UTF-8"}


def pip(*arguments: object) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def link_dependencies(site: Path) -> None:
    """Link what the wheel in a folder requires, extras left out, into that folder."""
    for installed in required(PathDistribution(next(site.glob("passerelle_qa-*.dist-info")))):
        for top in {path.parts[0] for path in installed.files or ()} - {"..", "__pycache__"}:
            if not (site / top).exists():
                (site / top).symlink_to(str(installed.locate_file(top)))


def required(wheel: Distribution) -> list[Distribution]:
    """Return the distributions that one needs, directly or not, as far as they are installed."""
    todo, done = list(direct(wheel, frozenset({""}))), set[tuple[str, frozenset[str]]]()
    while todo:
        if (current := todo.pop()) not in done:
            done.add(current)
            todo += direct(distribution(current[0]), current[1])
    return [distribution(name) for name in sorted({name for name, _ in done})]


def direct(needing: Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the names that a distribution requires with some of its extras, and their extras."""
    for needed in map(Requirement, needing.requires or ()):
        wanted = [e for e in extras if not needed.marker or needed.marker.evaluate({"extra": e})]
        if wanted and is_installed(needed.name):
            yield needed.name.lower(), frozenset({"", *needed.extras})


def is_installed(name: str) -> bool:
    try:
        return distribution(name) is not None
    except PackageNotFoundError:
        return False


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = (path for name in SHIPPED for path in (ROOT / name).rglob("*") if path.is_file())
    assert held == {str(f.relative_to(ROOT)) for f in files if f.parent.name != "__pycache__"}


def test_the_wheel_holds_the_license_and_the_notice(wheel: Path) -> None:
    licenses = [n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/licenses/" in n]
    assert {Path(name).name for name in licenses} == {"LICENSE", "NOTICE"}


def test_the_packages_come_from_the_environment_without_torch(
    environment: Path, tmp_path: Path
) -> None:
    program = (
        "import importlib.util as u, json, documents, index, qa;"
        "print(json.dumps([[m.__file__ for m in (documents, index, qa)],"
        "[name for name in ('torch', 'sentence_transformers', 'eval') if u.find_spec(name)]]))"
    )
    found = subprocess.check_output([environment / "python", "-c", program], cwd=tmp_path)
    files, unwanted = json.loads(found)
    site = next(environment.parent.glob("lib/python*/site-packages"))
    assert files == [str(site / name / "__init__.py") for name in SHIPPED]
    assert unwanted == []


def test_it_answers_a_question(
    environment: Path, variables: dict[str, str], tmp_path: Path, article_service: QAService
) -> None:
    command = [str(environment / "qa"), "ask", "--json", QUESTION]
    done = subprocess.run(command, env=variables, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["index"]["generation"] == article_service.generation.id
    cited = answer["passages"][0]["citation"]
    text = article_service.document(cited["document_id"]).text
    assert "Hugo Larochelle" in cited["quote"] == text[cited["start"] : cited["end"]]


def test_it_serves_the_page(environment: Path, variables: dict[str, str], tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(environment / "qa"), "serve", "--port", str(port)]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(command, env=variables, cwd=tmp_path, stdout=log, stderr=log)
    try:
        wait_for(port)
        check_page(port)
    finally:
        server.terminate()
        server.wait(timeout=40)


def check_page(port: int) -> None:
    """Fetch the page, what it links to, and the description of the interface."""
    status, page = request(port, "GET", "/?q=Mila")
    assert status == 200
    linked = re.findall(r'"(/assets/[^"#]+)', page.decode())
    assert {Path(name).suffix for name in linked} >= {".css", ".js"}
    assert {request(port, "GET", name)[0] for name in linked} == {200}
    assert request(port, "GET", "/openapi.json")[0] == 200
