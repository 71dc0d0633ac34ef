"""An index is built by the export where that is as good, and without the model where it can be."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers.sentence_transformer.modules import Dense

from documents.chunking import ChunkSettings
from index.build.encoder import ExportedEncoder, open_build_encoder
from index.build.pipeline import build_index
from index.build.stage import text_in_context
from index.encoder.folder import reason_not_exported
from index.encoder.onnx import OnnxEncoder
from index.encoder.protocol import Floats
from index.errors import ModelError
from index.export import query_encoder as export
from index.generations.folder import FolderStore
from index.model.opening import open_query_encoder
from index.model.sentence_transformer import SentenceTransformerEncoder
from index.model.source import ModelSource, resolve_model
from tests.fakes import ENGLISH, FRENCH
from tests.tiny_models import bert, unigram

SMALL = ChunkSettings(budget=40)


@pytest.fixture
def source(tmp_path: Path) -> ModelSource:
    """A tiny model in a folder."""
    model = bert(tmp_path / "parts", unigram())
    model.save(str(tmp_path / "model"))
    return resolve_model(str(tmp_path / "model"), tmp_path)


@pytest.fixture
def odd_source(tmp_path: Path) -> ModelSource:
    """A tiny model of a kind that is not exported."""
    model = bert(tmp_path / "parts", unigram())
    model.add_module("3", Dense(32, 8))
    model.save(str(tmp_path / "odd"))
    return resolve_model(str(tmp_path / "odd"), tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "index")


def test_a_new_model_is_exported_and_the_export_encodes(
    source: ModelSource, store: FolderStore
) -> None:
    with open_build_encoder(source, store) as encoder:
        assert isinstance(encoder, ExportedEncoder)
        assert (encoder.name, encoder.revision) == (source.name, source.revision)
        assert encoder.prompts == SentenceTransformerEncoder(source).prompts
        built = build_index([FRENCH], store, encoder, settings=SMALL)
    again = OnnxEncoder.open(built.generation.encoder)
    texts = list(map(text_in_context, built.generation.passages))
    np.testing.assert_allclose(
        built.generation.dense.vectors(np.arange(len(texts))),
        again.encode_passages(texts).pooled, atol=1e-6,
    )  # fmt: skip


def test_an_update_does_not_load_the_model(source: ModelSource, store: FolderStore) -> None:
    with open_build_encoder(source, store) as encoder:
        build_index([FRENCH], store, encoder, settings=SMALL)
    code = (
        "import sys; from pathlib import Path\n"
        "from index.build.pipeline import build_index\n"
        "from index.build.encoder import open_build_encoder\n"
        "from index.model.source import resolve_model\n"
        "from index.generations.folder import FolderStore\n"
        "from tests.fakes import ENGLISH, FRENCH\n"
        "model, store = resolve_model(sys.argv[1], Path()), FolderStore(Path(sys.argv[2]))\n"
        "with open_build_encoder(model, store) as encoder:\n"
        "    built = build_index([FRENCH, ENGLISH], store, encoder, jobs=2)\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnx', 'sklearn'}\n"
        "print(len(built.generation.documents), sorted(heavy.intersection(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, source.location, store.folder], capture_output=True,
        text=True, check=True, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert done.stdout == "2 []\n"


def test_another_model_is_exported_anew(
    source: ModelSource, odd_source: ModelSource, store: FolderStore
) -> None:
    with open_build_encoder(source, store) as encoder:
        build_index([FRENCH], store, encoder, settings=SMALL)
    with open_build_encoder(odd_source, store) as encoder:
        assert isinstance(encoder, SentenceTransformerEncoder)


def test_a_damaged_encoder_is_exported_anew(source: ModelSource, store: FolderStore) -> None:
    with open_build_encoder(source, store) as encoder:
        build_index([FRENCH], store, encoder, settings=SMALL)
    (store.current() / "encoder" / "words.json").write_text("{}", encoding="ascii")
    with open_build_encoder(source, store) as encoder:
        assert encoder.count_tokens(["le chat"]) == [2]


def test_a_model_that_cannot_be_exported_answers_itself(
    odd_source: ModelSource, store: FolderStore
) -> None:
    with open_build_encoder(odd_source, store) as encoder:
        built = build_index([FRENCH], store, encoder, settings=SMALL)
        expected = encoder.encode_queries(["le chat"])
    folder = built.generation.encoder
    assert "Dense cannot be exported" in (reason_not_exported(folder) or "")
    assert [path.name for path in folder.iterdir()] == ["not-exported.json"]
    opened = open_query_encoder(folder)
    assert opened.encode_queries(["le chat"]).pooled.tolist() == expected.pooled.tolist()
    with open_build_encoder(odd_source, store) as encoder:
        assert (
            build_index([FRENCH, ENGLISH], store, encoder, settings=SMALL).reused == built.encoded
        )


def test_a_model_that_changed_meanwhile_does_not_answer(
    odd_source: ModelSource, tmp_path: Path
) -> None:
    SentenceTransformerEncoder(odd_source).export(_made(tmp_path / "encoder"))
    with (tmp_path / "odd" / "config.json").open("a", encoding="ascii") as file:
        file.write("\n")
    with pytest.raises(ModelError, match="has changed since it was indexed: run `qa index`"):
        open_query_encoder(tmp_path / "encoder")


@pytest.mark.parametrize("content", ["", "{}", "[]", "3"])
def test_a_damaged_note_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "not-exported.json").write_text(content, encoding="ascii")
    with pytest.raises(ModelError, match=r"not-exported.json cannot be read .* run `qa index`"):
        open_query_encoder(tmp_path)


def test_an_export_with_other_vectors_does_not_encode(
    source: ModelSource, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "SAME", 1.1)
    with open_build_encoder(source, store) as encoder:
        assert isinstance(encoder, SentenceTransformerEncoder)


def test_a_passage_does_not_depend_on_its_batch_or_on_the_jobs(
    source: ModelSource, tmp_path: Path
) -> None:
    vectors: list[Floats] = []
    for jobs, documents in ((1, [FRENCH, ENGLISH]), (2, [FRENCH, ENGLISH]), (1, [FRENCH])):
        store = FolderStore(tmp_path / f"index-{len(vectors)}")
        with open_build_encoder(source, store) as encoder:
            built = build_index(documents, store, encoder, settings=SMALL, jobs=jobs).generation
        rows = [r for r, p in enumerate(built.passages) if p.document_id == FRENCH.id]
        vectors.append(built.dense.vectors(np.array(rows, dtype=np.int64)))
    for other in vectors[1:]:
        assert np.abs(vectors[0] - other).max() <= 1e-5


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_the_note_names_the_model(odd_source: ModelSource, tmp_path: Path) -> None:
    SentenceTransformerEncoder(odd_source).export(_made(tmp_path / "encoder"))
    note = json.loads((tmp_path / "encoder" / "not-exported.json").read_bytes())
    assert (note["location"], note["revision"]) == (odd_source.location, odd_source.revision)
