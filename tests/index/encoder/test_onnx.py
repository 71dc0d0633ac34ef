"""The encoder that answers: without torch, with offsets, and never a wrong vector."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.encoder.onnx import OnnxEncoder
from index.errors import ModelError
from index.export.query_encoder import export_query_encoder
from tests.tiny_models import bert, unigram

QUESTIONS = ["the roi", "le chat", "le roi et the chat"]
PROMPTS = {"query": "query: ", "passage": ""}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    (folder / "encoder").mkdir()
    export_query_encoder(bert(folder / "model", unigram()), PROMPTS, folder / "encoder")
    return folder / "encoder"


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    """An exported tiny model, which a test may damage."""
    return Path(shutil.copytree(exported, tmp_path / "encoder"))


def test_offsets_are_of_the_text_without_its_prompt(folder: Path) -> None:
    (tokens,) = OnnxEncoder.open(folder).encode_queries(["le  chat"]).tokens
    # <s> ▁query : ▁le ▁chat </s>
    assert tokens.own.tolist() == [False, False, False, True, True, False]
    assert tokens.offsets.tolist() == [[0, 0], [0, 0], [0, 0], [0, 2], [4, 8], [0, 0]]
    assert tokens.offsets.dtype == tokens.ids.dtype == np.int32


def test_vectors_are_normalised(folder: Path) -> None:
    encoding = OnnxEncoder.open(folder).encode_passages(["le chat", "the roi et le chat"])
    assert encoding.pooled.dtype == np.float32
    assert np.linalg.norm(encoding.pooled, axis=1) == pytest.approx(1, abs=1e-6)
    for tokens in encoding.tokens:
        assert np.linalg.norm(tokens.vectors, axis=1) == pytest.approx(1, abs=1e-6)


def test_typographic_forms_are_read_as_plain_ones(folder: Path) -> None:
    encoder = OnnxEncoder.open(folder)
    plain, typographic = encoder.encode_queries(["l'été 1 500", "l’été\u00a01\u202f500"]).pooled
    assert plain.tolist() == typographic.tolist()


def test_nothing_to_encode(folder: Path) -> None:
    encoding = OnnxEncoder.open(folder).encode_queries([])
    assert encoding.pooled.shape == (0, 32)
    assert encoding.tokens == ()


def test_long_texts_are_cut_but_counted_whole(folder: Path) -> None:
    encoder = OnnxEncoder.open(folder)
    text = "le chat " * 50
    assert encoder.count_tokens([text, "le chat", ""]) == [100, 2, 0]
    (tokens,) = encoder.encode_passages([text]).tokens
    assert len(tokens.vectors) == 24
    assert tokens.own.tolist() == [False, *[True] * 22, False]


def test_threads_share_an_encoder(folder: Path) -> None:
    encoder = OnnxEncoder.open(folder)
    alone = [encoder.encode_queries([question]).pooled for question in QUESTIONS]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda q: encoder.encode_queries([q]).pooled, QUESTIONS * 50))
    np.testing.assert_array_equal(together, alone * 50)


@pytest.mark.parametrize(
    "name",
    ["model.onnx", "model.onnx.data", "pieces.npy", "ids.npy", "encoder.json", "sample.npy"],
)
def test_a_missing_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError, match=r"cannot be opened .* run `qa index` again"):
        OnnxEncoder.open(folder)


def test_a_damaged_tokeniser(folder: Path) -> None:
    (folder / "words.json").write_text("{}", encoding="ascii")
    with pytest.raises(ModelError, match="cannot be opened"):
        OnnxEncoder.open(folder)


def test_an_encoder_that_computes_other_vectors_is_not_used(folder: Path) -> None:
    settings = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
    settings["query_prompt"] = "β β chat chat chat "
    (folder / "encoder.json").write_text(json.dumps(settings), encoding="utf-8")
    with pytest.raises(ModelError, match="other vectors on this machine"):
        OnnxEncoder.open(folder)


def test_torch_is_not_needed(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from index.encoder.onnx import OnnxEncoder\n"
        "OnnxEncoder.open(Path(sys.argv[1])).encode_queries(['le chat'])\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'sklearn', 'pandas', 'onnx'}\n"
        "print(sorted(heavy.intersection(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, folder], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert done.stdout == "[]\n"
