"""A second stage reorders the first passages and nothing else."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Semaphore
from typing import Any

import numpy as np
import pytest
from sentence_transformers import CrossEncoder
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

from index.encoder.protocol import Floats
from index.errors import ModelError
from index.search.reranking import CrossEncoderReranker
from qa.answer.service import AskRequest, QAService
from tests.tiny_models import SHAPE, SPECIAL, wordpiece


class ByLength:
    """Prefers short passages."""

    def scores(self, question: str, passages: Sequence[str]) -> Floats:
        """Return minus the lengths."""
        assert question == "le chat"
        return np.array([-len(passage) for passage in passages], dtype=np.float32)


def test_the_second_stage_decides_the_order(service: QAService) -> None:
    first = service.ask(AskRequest("le chat"))
    second = replace(service, reranker=ByLength()).ask(AskRequest("le chat"))
    lengths = [len(p.passage.text) for p in second.passages]
    assert lengths == sorted(lengths)
    assert [p.score for p in second.passages] == [-length for length in lengths]
    assert {p.passage for p in second.passages} == {p.passage for p in first.passages}
    assert second.confidence == first.confidence


def test_highlights_move_with_their_passages(service: QAService) -> None:
    first = {p.passage.id: p.highlights for p in service.ask(AskRequest("le chat")).passages}
    second = replace(service, reranker=ByLength()).ask(AskRequest("le chat"))
    assert {p.passage.id: p.highlights for p in second.passages} == first


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of a few thousand random weights, saved by sentence-transformers."""
    folder = tmp_path_factory.mktemp("cross-encoder")
    tokeniser = wordpiece()
    config = BertConfig(vocab_size=tokeniser.get_vocab_size(), **SHAPE)
    config.num_labels = 1
    BertForSequenceClassification(config).save_pretrained(folder)
    fast: Any = PreTrainedTokenizerFast
    fast(tokenizer_object=tokeniser, **SPECIAL).save_pretrained(folder)
    return folder


def test_a_cross_encoder_of_sentence_transformers(cross_encoder: Path) -> None:
    passages = ["le roi", "la mer", "un chat"]
    found = CrossEncoderReranker(str(cross_encoder)).scores("le chat", passages)
    expected = CrossEncoder(str(cross_encoder), num_labels=1).predict(
        [("le chat", passage) for passage in passages], show_progress_bar=False
    )
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert len(set(found.tolist())) == 3


def test_a_cross_encoder_reads_for_one_thread_at_a_time(
    cross_encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reranker, inside = CrossEncoderReranker(str(cross_encoder)), Semaphore(1)

    def predict(pairs: list[tuple[str, str]], **_: object) -> list[float]:
        assert inside.acquire(blocking=False)
        time.sleep(0.001)
        inside.release()
        return [0.5] * len(pairs)

    monkeypatch.setattr(reranker._model, "predict", predict)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: len(reranker.scores("le chat", ["un", "le"])), range(20)))
    assert found == [2] * 20


def test_a_reranker_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="QA_RERANKER"):
        CrossEncoderReranker(str(tmp_path / "none"))
