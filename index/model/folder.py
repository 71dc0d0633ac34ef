"""An E5 model written as a sentence-transformers folder, in the form version 6 itself saves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import INSTALL, MissingBuildDependency
from index.model.e5s1 import E5S1, Sizes
from index.model.tokeniser import BOS, EOS, MASK, PAD, UNK, build_tokeniser

MAX_TOKENS = 512
PROMPTS = {"query": "query: ", "document": "passage: "}

_EMBEDDINGS = {
    "emb.word": "word_embeddings.weight",
    "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight",
    "emb.ln.w": "LayerNorm.weight",
    "emb.ln.b": "LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def write_model_folder(model: E5S1, folder: Path) -> None:
    """Write a model as a sentence-transformers folder; it must not exist yet.

    Raises:
        MissingBuildDependency: a library to write it with is not installed.
        OSError: it cannot be written.
    """
    folder.mkdir()
    for name, content in _configuration(model.sizes, model.layer_norm_eps).items():
        _write_json(folder / name, content)
    tokeniser = build_tokeniser(model.pieces, model.normalisation)
    (folder / "tokenizer.json").write_text(tokeniser.to_str(), encoding="utf-8")
    _write_weights(folder / "model.safetensors", dict(_weights(model)))


def _write_json(path: Path, content: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _write_weights(path: Path, weights: dict[str, NDArray[np.float32]]) -> None:
    try:
        from safetensors.numpy import save_file
    except ImportError as error:
        raise MissingBuildDependency(f"safetensors is not installed: {INSTALL}") from error
    save_file(weights, path, metadata={"format": "pt"})
    path.chmod(0o644)  # safetensors makes it private to its owner


def _weights(model: E5S1) -> Iterator[tuple[str, NDArray[np.float32]]]:
    for name in model.tensors:
        yield _target(name), model.weights(name).reshape(_shape(name, model.sizes))


def _target(name: str) -> str:
    """Return the name in ``BertModel`` of a tensor of the file."""
    if name in _EMBEDDINGS:
        return f"embeddings.{_EMBEDDINGS[name]}"
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{'weight' if kind == 'w' else 'bias'}"


def _shape(name: str, sizes: Sizes) -> tuple[int, ...]:
    if name.endswith((".b", "ln.w")):
        return (-1,)
    return (-1, sizes.feed_forward if name.endswith(".fo.w") else sizes.hidden)


def _configuration(sizes: Sizes, layer_norm_eps: float) -> dict[str, Any]:
    """Return the JSON files, in the form that sentence-transformers 6 itself saves."""
    modules = "sentence_transformers.base.modules"
    pooling = "sentence_transformers.sentence_transformer.modules.pooling.Pooling"
    types = {
        "": f"{modules}.transformer.Transformer",
        "1_Pooling": pooling,
        "2_Normalize": f"{modules}.normalize.Normalize",
    }
    return {
        "config.json": _bert(sizes, layer_norm_eps),
        "tokenizer_config.json": _tokenizer(),
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": kind}
            for i, (path, kind) in enumerate(types.items())
        ],
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "sentence_bert_config.json": {
            "transformer_task": "feature-extraction",
            # The file has no pooler: without this one would be made up, and reported as missing.
            "model_kwargs": {"add_pooling_layer": False},
        },
        "1_Pooling/config.json": {
            "embedding_dimension": sizes.hidden,
            "pooling_mode": "mean",
            "include_prompt": True,
        },
        "2_Normalize/config.json": {
            "module_input_name": "sentence_embedding",
            "module_output_name": "sentence_embedding",
        },
    }


def _bert(sizes: Sizes, layer_norm_eps: float) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "hidden_act": "gelu",
        "hidden_size": sizes.hidden,
        "intermediate_size": sizes.feed_forward,
        "layer_norm_eps": layer_norm_eps,
        "max_position_embeddings": sizes.positions,
        "num_attention_heads": sizes.heads,
        "num_hidden_layers": sizes.layers,
        "type_vocab_size": sizes.token_types,
        "vocab_size": sizes.vocabulary,
    }


def _tokenizer() -> dict[str, Any]:
    return {
        "tokenizer_class": "TokenizersBackend",
        "backend": "tokenizers",
        "bos_token": BOS,
        "cls_token": BOS,
        "eos_token": EOS,
        "sep_token": EOS,
        "pad_token": PAD,
        "unk_token": UNK,
        "mask_token": MASK,
        "model_max_length": MAX_TOKENS,
    }
