"""Which encoder makes the vectors: the default one, a folder, or a model of the hub."""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index.errors import INSTALL, MissingBuildDependency, ModelError
from index.model import wheel as bundle

HUB_DEFAULT = "intfloat/multilingual-e5-small"

_HUB_ID = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?", re.ASCII)
_DECISIVE = frozenset({".json", ".model", ".safetensors", ".txt"})


@dataclass(frozen=True, slots=True)
class ModelSource:
    """An encoder, before it is loaded.

    Attributes:
        name: as messages and the manifest call it.
        location: a sentence-transformers folder, or a hub id.
        revision: differs where vectors may differ: a digest of a folder's contents, the commit of
            a hub id that was fetched before, ``hub`` for one that was not.
    """

    name: str
    location: str
    revision: str


def model_name(name: str) -> str:
    """Return the name that an index gives the model of a folder or of a hub id."""
    folder = Path(name).expanduser()
    return folder.resolve().name if folder.is_dir() else name


def resolve_model(name: str | None, cache: Path) -> ModelSource:
    """Find the encoder.

    Args:
        name: a folder or a hub id; None or nothing for the default.
        cache: where the default encoder is unpacked.

    Raises:
        MissingBuildDependency: the ``build`` extra is not installed.
        ModelError: there is no such folder, or it does not hold a usable model.
    """
    if not name:
        return _default(cache)
    try:
        folder = Path(name).expanduser()
        if folder.exists():
            return _from_folder(folder)
    except (OSError, RuntimeError) as error:
        raise ModelError(
            f"the model {name!r} cannot be read ({error}): correct QA_MODEL"
        ) from error
    if not _HUB_ID.fullmatch(name):
        raise ModelError(f"there is no model folder {name!r}: correct QA_MODEL or unset it")
    return _from_hub(name)


def _default(cache: Path) -> ModelSource:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):  # the wheel's only platform
        return _from_hub(HUB_DEFAULT)
    return ModelSource(bundle.NAME, str(bundle.unpacked(cache)), bundle.REVISION)


def _from_folder(folder: Path) -> ModelSource:
    if not (folder / "modules.json").is_file():
        raise ModelError(
            f"{folder} has no modules.json, so its pooling and prompts are not known: "
            "name a folder saved by sentence-transformers"
        )
    files = [p for p in folder.rglob("*") if p.suffix in _DECISIVE and p.is_file()]
    if not any(p.suffix == ".safetensors" for p in files):
        raise ModelError(f"{folder} has no weights in safetensors form: save the model in it again")
    return ModelSource(model_name(str(folder)), str(folder), _digest(folder, files))


def _digest(folder: Path, files: Iterable[Path]) -> str:
    """Hash every byte: retrained weights keep their size, and vectors must not be mixed."""
    digest = hashlib.sha256()
    for path in sorted(files):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{content}  {path.relative_to(folder).as_posix()}\n".encode())
    return digest.hexdigest()[:16]


def _from_hub(name: str) -> ModelSource:
    try:
        from huggingface_hub import try_to_load_from_cache
    except ImportError as error:
        raise MissingBuildDependency(f"{error.name} is not installed: {INSTALL}") from error
    try:
        path = try_to_load_from_cache(name, "config.json")
    except ValueError as error:
        raise ModelError(f"{name!r} is not a hub id ({error}): correct QA_MODEL") from error
    # A file that was fetched is at …/snapshots/<commit>/<file>.
    return ModelSource(name, name, Path(path).parent.name if isinstance(path, str) else "hub")
