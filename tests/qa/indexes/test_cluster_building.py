"""``qa index --ray``: the same words, the same statuses and the same generation as without."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index.generations.folder import FolderStore
from qa.cli import main as cli
from qa.settings import Settings
from tests.index.cluster.ray_fakes import run_this_code

Run = Callable[..., int]
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"),
    pytest.mark.filterwarnings("ignore::FutureWarning:ray"),
]


@pytest.fixture
def qa(tmp_path: Path, article_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line on one of two copies of the article's index."""
    for name in ("alone", "cluster"):
        shutil.copytree(article_settings.index, tmp_path / name)
    monkeypatch.setenv("QA_CACHE", str(article_settings.cache))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    run_this_code(monkeypatch)
    monkeypatch.setattr(cli, "_speak_utf8", lambda: None)

    def run(name: str, *arguments: object) -> int:
        monkeypatch.setenv("QA_INDEX", str(tmp_path / name))
        return cli.main([str(a) for a in arguments])

    return run


def test_a_cluster_indexes_and_says_what_one_machine_does(
    qa: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "cat.md").write_text("# Animals\n\nThe cat sleeps on the sofa all day.\n")
    (folder / "pain.txt").write_text("Le pain est cuit chaque matin par le boulanger.\n" * 30)
    (folder / "latin.txt").write_bytes(b"\xe9t\xe9\x81")
    monkeypatch.chdir(tmp_path)
    assert qa("alone", "index", "documents") == 3
    alone = capsys.readouterr().err
    assert "byte 0xE9 at offset 0" in alone
    assert qa("cluster", "index", "--ray", "local", "--jobs", "2", "documents") == 3
    assert capsys.readouterr().err == alone  # the generation's identifier too
    assert (
        FolderStore(tmp_path / "alone").current().name
        == FolderStore(tmp_path / "cluster").current().name
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--ray", "127.0.0.1:1"], "no Ray cluster answers at '127.0.0.1:1'"),
        (["--ray", "nowhere"], "--ray 'nowhere' is no address"),
        (["--ray", "auto", "--jobs", "0"], "--jobs 0"),
        (["--ray", "auto", "missing.txt"], "No such file"),
    ],
)
def test_what_cannot_be_is_one_clear_line(
    qa: Run, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qa("cluster", "index", *options) == 2
    err = capsys.readouterr().err
    assert err.startswith("qa: error: ")
    assert said in err
    assert err.count("\n") == 1
