"""The part of a tokeniser's vocabulary that French and English text is made of."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

_LATIN = ("LATIN", "COMBINING", "MODIFIER", "FEMININE ORDINAL", "MASCULINE ORDINAL")


def cut_vocabulary(tokeniser: Tokenizer) -> tuple[Tokenizer, NDArray[np.int32]]:
    """Drop the pieces of a unigram vocabulary that have a letter of another script.

    Text without such letters cannot contain those pieces, so it is cut into the same pieces as
    before. Greek letters stay where they stand alone, as symbols do (``µm``, ``β-carotène``).

    Returns:
        The smaller tokeniser, and for each of its ids the id it had, ``(v,) int32``. Other kinds
        of tokeniser come back as they are.
    """
    state = json.loads(tokeniser.to_str())
    if state["model"]["type"] != "Unigram":
        return tokeniser, np.arange(tokeniser.get_vocab_size(), dtype=np.int32)
    added = {token["content"] for token in state["added_tokens"]}
    pieces = [piece for piece, _ in state["model"]["vocab"]]
    kept = [i for i, piece in enumerate(pieces) if piece in added or _is_kept(piece)]
    _renumber(state, {old: new for new, old in enumerate(kept)})
    return Tokenizer.from_str(json.dumps(state)), np.array(kept, dtype=np.int32)


def _renumber(state: dict[str, Any], new: dict[int, int]) -> None:
    model = state["model"]
    model["vocab"] = [model["vocab"][old] for old in new]
    model["unk_id"] = new[model["unk_id"]]
    for token in state["added_tokens"]:
        token["id"] = new[token["id"]]
    for token in (state["post_processor"] or {}).get("special_tokens", {}).values():
        token["ids"] = [new[old] for old in token["ids"]]


def _is_kept(piece: str) -> bool:
    scripts = [_script(character) for character in piece]
    return "other" not in scripts and scripts.count("greek") <= 1


@cache
def _script(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] not in "LMN" or category in ("No", "Nl") or character.isascii():
        return "common"
    name = unicodedata.name(character, "")
    if name.startswith(_LATIN):
        return "latin"
    return "greek" if name.startswith("GREEK") else "other"
