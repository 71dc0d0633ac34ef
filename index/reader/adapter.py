"""The adapter that makes a reader of the encoder: package data, with its recipe and checksum."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

ADAPTER: Final = "adapter.npz"
RECIPE: Final = "adapter.json"
SHIPPED: Final = Path(__file__).parent
"""The folder of the adapter that comes with the program."""
DOWN, UP = ".down", ".up"

Arrays = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an adapter was made.

    Attributes:
        sha256: of the file of weights.
        bases: the names of the encoders that it changes.
        training: the steps, the seed and so on.
        data: the question sets that it was trained on, with their authors and licences.
    """

    sha256: str
    bases: tuple[str, ...]
    training: dict[str, Any] = field(default_factory=dict)
    data: tuple[str, ...] = ()

    def write(self, folder: Path) -> None:
        """Write it into a folder, beside the weights."""
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"
        (folder / RECIPE).write_text(text, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Adapter:
    """Changes of low rank of an encoder's matrices, and a head.

    Attributes:
        recipe: how it was made.
        weights: by their names in ``BertModel``. A matrix has ``.down`` ``(rank, in)`` and ``.up``
            ``(out, rank)``; ``head.weight`` is ``(OUTPUTS, d)``; all else stands for what the
            encoder has under its name.
    """

    recipe: Recipe
    weights: Arrays

    @classmethod
    def read(cls, folder: Path = SHIPPED) -> Adapter:
        """Read an adapter and check it.

        Raises:
            ModelError: a file is missing, damaged, or not the one that the recipe is of.
        """
        try:
            known = json.loads((folder / RECIPE).read_bytes())
            recipe = Recipe(
                **{**known, "bases": tuple(known["bases"]), "data": tuple(known["data"])}
            )
            content = (folder / ADAPTER).read_bytes()
            if hashlib.sha256(content).hexdigest() != recipe.sha256:
                raise ValueError("another SHA-256")
            with np.load(io.BytesIO(content), allow_pickle=False) as found:
                return cls(recipe, {name: found[name].astype(np.float32) for name in found.files})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"the reader's weights in {folder} cannot be used ({error}): "
                "install Passerelle again"
            ) from error

    @classmethod
    def shipped_for(cls, base: str) -> Adapter | None:
        """Read the adapter that comes with the program, if it is of this encoder.

        Args:
            base: the name of the encoder.

        Raises:
            ModelError: it is damaged.
        """
        if not (SHIPPED / RECIPE).is_file():
            return None
        adapter = cls.read()
        return adapter if base in adapter.recipe.bases else None

    def changed(self, weights: Arrays) -> Arrays:
        """Return those of an encoder's weights that the adapter changes, as they become.

        Args:
            weights: of the encoder, by name.
        """
        found = {name: w for name, w in self.weights.items() if name in weights}
        for name in weights:
            matrix = name.removesuffix(".weight")
            if matrix + DOWN in self.weights:
                # In 64 bits: what computers differ by must not make another export.
                up, down = (self.weights[matrix + end].astype(np.float64) for end in (UP, DOWN))
                found[name] = (weights[name] + up @ down).astype(np.float32)
        return found

    def changes(self, name: str) -> bool:
        """Whether the adapter changes the weights of this name."""
        return name in self.weights or name.removesuffix(".weight") + DOWN in self.weights


def write_adapter(folder: Path, weights: Arrays, recipe: Recipe) -> None:
    """Write weights in half precision, and their recipe with the checksum of the file.

    Args:
        folder: must exist.
        weights: see ``Adapter``.
        recipe: of another file, or of none: its checksum is replaced.
    """
    content = io.BytesIO()
    halves: dict[str, Any] = {name: w.astype(np.float16) for name, w in weights.items()}
    np.savez(content, **halves)
    (folder / ADAPTER).write_bytes(content.getvalue())
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    Recipe(digest, recipe.bases, recipe.training, recipe.data).write(folder)
