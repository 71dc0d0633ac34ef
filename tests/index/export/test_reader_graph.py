"""An exported reader reads as the model does that the adapter was made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from sentence_transformers import SentenceTransformer

from index.encoder.onnx import OnnxEncoder
from index.errors import ModelError
from index.export.query_encoder import export_query_encoder, transformer_of
from index.export.reader_graph import composer_of, export_reader
from index.model.sentence_transformer import SentenceTransformerEncoder
from index.model.source import ModelSource
from index.reader.adapter import Adapter, Arrays, Recipe, write_adapter
from index.reader.inputs import ReaderInput
from index.reader.reader import Reader, reading
from tests.tiny_models import bert, unigram, xlm_roberta

PROMPTS = {"query": "query ", "passage": "le "}
QUERY = "encoder.layer.1.attention.self.query"
TEXTS = ["le chat, the roi.", "the roi le chat " * 5, "l’été"]


def adapter_in(folder: Path, head: float = 1.0) -> Adapter:
    """An adapter of random numbers for the tiny model, 32 wide."""
    normal = np.random.default_rng(0).normal
    weights: Arrays = {
        "head.weight": head * normal(size=(4, 32)).astype(np.float32),
        "head.bias": np.zeros(4, np.float32),
        f"{QUERY}.down": normal(size=(2, 32)).astype(np.float32),
        f"{QUERY}.up": normal(size=(32, 2)).astype(np.float32),
        "encoder.layer.1.output.LayerNorm.bias": normal(size=32).astype(np.float32),
    }
    write_adapter(folder, weights, Recipe("", ("tiny",)))
    return Adapter.read(folder)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[SentenceTransformer, Path, Adapter]:
    folder = tmp_path_factory.mktemp("reader")
    model = bert(folder / "model", unigram(), positions=240)
    (folder / "encoder").mkdir()
    export_query_encoder(model, PROMPTS, folder / "encoder")
    adapter = adapter_in(folder)
    export_reader(model, PROMPTS, folder / "encoder", adapter)
    return model, folder / "encoder", adapter


def test_it_reads_as_the_changed_model(
    exported: tuple[SentenceTransformer, Path, Adapter],
) -> None:
    model, folder, adapter = exported
    found = Reader.open(folder).read("chat?", [ReaderInput("roi", text) for text in TEXTS])
    body, composer = transformer_of(model), composer_of(model, PROMPTS)
    plain = {name: values.numpy().copy() for name, values in body.state_dict().items()}
    _put(body, adapter.changed(plain))
    weight, bias = (adapter.weights[f"head.{kind}"] for kind in ("weight", "bias"))
    for text, mine in zip(TEXTS, found, strict=True):
        passage = ReaderInput("roi", text)
        row = composer.compose("chat?", passage)
        with torch.inference_mode():
            tokens = body(input_ids=torch.from_numpy(row.ids)[None]).last_hidden_state[0]
        expected = reading(tokens.numpy() @ weight.T + bias, row, passage)
        assert mine.score == pytest.approx(expected.score, abs=0.3)
        assert mine.span_score == pytest.approx(expected.span_score, abs=0.5)
    _put(body, plain)


def _put(body: Any, weights: Arrays) -> None:
    body.load_state_dict({name: torch.from_numpy(w) for name, w in weights.items()}, strict=False)


def test_the_model_is_left_as_it_was(
    exported: tuple[SentenceTransformer, Path, Adapter], tmp_path: Path
) -> None:
    model = exported[0]
    again = bert(tmp_path, unigram(), positions=240)
    for name, weights in transformer_of(model).state_dict().items():
        assert torch.equal(weights, transformer_of(again).state_dict()[name])


def test_the_embeddings_are_those_of_the_encoder(
    exported: tuple[SentenceTransformer, Path, Adapter],
) -> None:
    _, folder, _ = exported
    graphs = [
        onnx.load(folder / name, load_external_data=False).graph
        for name in ("model.onnx", "reader.onnx")
    ]
    places = [
        {tuple((e.key, e.value) for e in tensor.external_data[:3]) for tensor in graph.initializer}
        for graph in graphs
    ]
    shared = {place for place in places[1] if place and place[0] == ("location", "model.onnx.data")}
    assert shared
    assert {dict(place)["offset"] for place in shared} <= {
        dict(place)["offset"] for place in places[0] if place
    }


def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    model = xlm_roberta(tmp_path / "model", unigram())
    with pytest.raises(ModelError, match="cannot be made a reader"):
        export_reader(model, PROMPTS, tmp_path, adapter_in(tmp_path))


def test_an_export_that_rounds_too_much_is_refused(
    exported: tuple[SentenceTransformer, Path, Adapter], tmp_path: Path
) -> None:
    model, folder, _ = exported
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(ModelError, match="logits off"):
        export_reader(model, PROMPTS, tmp_path, adapter_in(tmp_path, head=1e4))
    assert not list(tmp_path.glob("reader*")), "no half of a reader is left behind"


@pytest.mark.parametrize("damage", ["weights", "recipe", "none"])
def test_a_damaged_adapter_is_refused(tmp_path: Path, damage: str) -> None:
    adapter_in(tmp_path)
    if damage == "weights":
        path = tmp_path / "adapter.npz"
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    elif damage == "recipe":
        (tmp_path / "adapter.json").write_text("{}", encoding="utf-8")
    else:
        (tmp_path / "adapter.npz").unlink()
    with pytest.raises(ModelError, match="install Passerelle again"):
        Adapter.read(tmp_path)


@pytest.mark.parametrize(
    ("name", "head", "brought", "warned"),
    [("tiny", 1.0, True, False), ("other", 1.0, False, False), ("tiny", 1e4, False, True)],
)
def test_the_model_that_an_adapter_is_of_brings_its_reader_along(
    name: str,
    head: float,
    brought: bool,
    warned: bool,
    exported: tuple[SentenceTransformer, Path, Adapter],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    exported[0].save(str(tmp_path / "model"))
    reference = SentenceTransformerEncoder(ModelSource(name, str(tmp_path / "model"), "1"))
    reference.prompts = dict(PROMPTS)
    adapter = adapter_in(tmp_path, head)
    monkeypatch.setattr(Adapter, "read", lambda: adapter)
    (tmp_path / "encoder").mkdir()
    reference.export(tmp_path / "encoder")
    OnnxEncoder.open(tmp_path / "encoder")
    assert (tmp_path / "encoder" / "reader.onnx").exists() == brought
    assert ("without a reader" in caplog.text) == warned
