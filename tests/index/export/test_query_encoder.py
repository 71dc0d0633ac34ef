"""An export gives the vectors of the model that it was made from."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Dense

from index.encoder.onnx import OnnxEncoder
from index.encoder.protocol import Encoding
from index.errors import ModelError
from index.export.query_encoder import export_query_encoder
from index.model.sentence_transformer import SentenceTransformerEncoder
from index.model.source import ModelSource
from tests.processors import saturates
from tests.tiny_models import bert, unigram, wordpiece, xlm_roberta

PROMPTS = {"query": "query: ", "passage": "le "}
TEXTS = [
    "le chat",
    "L’été, à 1\u202f500 km",
    "the roi?",
    "",
    "мир le 世界",
    "the roi le chat " * 20,
]
Make = Callable[[Path], SentenceTransformer]
MODELS: dict[str, tuple[Make, bool]] = {
    "bert": (lambda folder: bert(folder, unigram()), True),
    "bert, first token, word pieces": (lambda folder: bert(folder, wordpiece(), "cls"), True),
    "bert, too delicate for 8 bits": (lambda folder: bert(folder, unigram(), spread=0.9), False),
    "xlm-roberta": (lambda folder: xlm_roberta(folder, unigram()), False),
}


@pytest.fixture(scope="module", params=MODELS)
def exported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[SentenceTransformerEncoder, Path, bool]:
    """A model, its export, and whether that computes in 8 bits."""
    make, in_8_bits = MODELS[request.param]
    folder = tmp_path_factory.mktemp("exported")
    model = make(folder / "model")
    model.prompts = dict(PROMPTS)
    model.save(str(folder / "saved"))
    reference = SentenceTransformerEncoder(ModelSource("tiny", str(folder / "saved"), "1"))
    (folder / "encoder").mkdir()
    reference.export(folder / "encoder")
    return reference, folder / "encoder", in_8_bits


def assert_same(found: Encoding, expected: Encoding) -> None:
    assert (found.pooled * expected.pooled).sum(axis=1) == pytest.approx(1, abs=1e-3)
    for mine, theirs in zip(found.tokens, expected.tokens, strict=True):
        assert mine.offsets.tolist() == theirs.offsets.tolist()
        assert mine.own.tolist() == theirs.own.tolist()
        assert (mine.vectors * theirs.vectors).sum(axis=1) == pytest.approx(1, abs=1e-2)


def test_threads_share_a_model(
    exported: tuple[SentenceTransformerEncoder, Path, bool],
) -> None:
    reference = exported[0]
    questions = [" ".join(["le chat"] * count) for count in range(1, 9)]
    expected = {q: reference.encode_queries([q, "the roi"]) for q in questions}
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda q: (q, reference.encode_queries([q, "the roi"])), questions * 20)
        )
    for question, encoding in found:
        assert_same(encoding, expected[question])


def test_vectors_tokens_and_operations(
    exported: tuple[SentenceTransformerEncoder, Path, bool],
) -> None:
    reference, folder, in_8_bits = exported
    encoder = OnnxEncoder.open(folder)
    assert encoder.dimension == reference.dimension == 32
    latin = [text for text in TEXTS if "мир" not in text]
    assert_same(encoder.encode_queries(latin), reference.encode_queries(latin))
    assert_same(encoder.encode_passages(latin), reference.encode_passages(latin))
    assert encoder.count_tokens(latin) == reference.count_tokens(latin)
    operations = {node.op_type for node in onnx.load(folder / "model.onnx").graph.node}
    assert ("MatMulIntegerToFloat" in operations) == (in_8_bits and not saturates())


def test_a_vector_does_not_depend_on_its_batch(
    exported: tuple[SentenceTransformerEncoder, Path, bool],
) -> None:
    encoder = OnnxEncoder.open(exported[1])
    together = encoder.encode_queries(TEXTS * 3)
    for text, pooled, tokens in zip(TEXTS, together.pooled, together.tokens, strict=False):
        alone = encoder.encode_queries([text])
        assert np.abs(alone.pooled[0] - pooled).max() <= 1e-5
        assert np.abs(alone.tokens[0].vectors - tokens.vectors).max() <= 1e-5


def test_ids_are_those_of_the_model(
    exported: tuple[SentenceTransformerEncoder, Path, bool],
) -> None:
    reference, folder, _ = exported
    found = OnnxEncoder.open(folder).encode_queries(["the roi"]).tokens[0].ids
    assert found.tolist() == reference.encode_queries(["the roi"]).tokens[0].ids.tolist()


def test_everyone_may_read_an_export(tmp_path: Path) -> None:
    export_query_encoder(bert(tmp_path / "model", unigram()), PROMPTS, tmp_path)
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert len(files) == 9
    assert all(path.stat().st_mode & 0o044 for path in files)


def test_other_modules_are_refused(tmp_path: Path) -> None:
    model = bert(tmp_path / "model", unigram())
    model.add_module("3", Dense(32, 8))
    with pytest.raises(ModelError, match="Transformer, Pooling, Normalize, Dense cannot"):
        export_query_encoder(model, PROMPTS, tmp_path)


def test_other_poolings_are_refused(tmp_path: Path) -> None:
    model = bert(tmp_path / "model", unigram(), "max")
    with pytest.raises(ModelError, match="'max' cannot be exported"):
        export_query_encoder(model, PROMPTS, tmp_path)


def test_the_default_model(default_model: ModelSource, tmp_path: Path) -> None:
    reference = SentenceTransformerEncoder(default_model)
    reference.export(tmp_path)
    encoder = OnnxEncoder.open(tmp_path)
    texts = [
        "Qui dirige l’institut ?",
        "How many researchers work there, and since when?",
        "Le cœur de l'été : 1\u202f500 chercheur·euse·s « à Montréal »…",
        "FINANCEMENT DE 3,5 M$",
    ]
    for found, expected in (
        (encoder.encode_queries(texts), reference.encode_queries(texts)),
        (encoder.encode_passages(texts), reference.encode_passages(texts)),
    ):
        assert (found.pooled * expected.pooled).sum(axis=1).min() >= 0.999
        for mine, theirs in zip(found.tokens, expected.tokens, strict=True):
            assert mine.ids.tolist() == theirs.ids.tolist()
            assert mine.offsets.tolist() == theirs.offsets.tolist()
            assert (mine.vectors * theirs.vectors).sum(axis=1).min() >= 0.995
    assert (tmp_path / "reader.onnx").is_file()
    # In 8 bits, with the reader; where the processor cuts off their sums, in 32.
    largest = 304e6 if saturates() else 84e6
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < largest
