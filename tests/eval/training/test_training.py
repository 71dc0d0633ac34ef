"""The reader learns from question sets, on articles that it is not judged by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional
from transformers import BertConfig, BertModel

from documents.types import Span
from eval.errors import EvaluationError
from eval.sets.squad import is_judged
from eval.training.__main__ import main
from eval.training.articles import Asked, Paragraph, load_articles
from eval.training.body import Body, Shape, weights_of
from eval.training.examples import Example, Examples, Item, items_of
from eval.training.judging import Judged, judge, word_f1
from eval.training.loop import CURVE, Plan, Trainer
from eval.training.losses import NOWHERE, group_loss, score_of, span_loss, tokens_of
from eval.training.neighbours import neighbours
from index.encoder.protocol import Encoding
from index.reader.adapter import Adapter, Recipe, write_adapter
from index.reader.inputs import Composer, ReaderInput
from index.reader.reader import Reading, reading
from tests.tiny_models import unigram

COMPOSER = Composer(unigram(), "query ", "le ")


def body(rank: int = 4) -> Body:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=80, hidden_size=16, num_hidden_layers=3, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=160,
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False)
    shape = Shape(3, 2, config.layer_norm_eps, frozen=1, rank=rank)
    return Body(model.state_dict(), shape)


def paragraph(key: str, title: str, text: str, question: str, answer: str) -> Paragraph:
    at = text.index(answer)
    asked = Asked(key, question, (Span(at, at + len(answer)),))
    ends = [n for n, letter in enumerate(text) if letter == "."]
    starts = [0, *(end + 2 for end in ends[:-1])]
    cut = tuple(Span(start, end + 1) for start, end in zip(starts, ends, strict=True))
    return Paragraph(key, title, "fr", text, cut, (asked,))


PARAGRAPHS = [
    paragraph("a", "Rois", "le roi 1 dort. le chat 2 chante. ici rien.", "roi?", "1"),
    paragraph("b", "Rois", "le chat 3 dort. le soir vient.", "chat dort?", "3"),
    paragraph("c", "Rois", "une reine 4 part. elle rit.", "reine?", "4"),
]
NEAR = {"a": ("b", "c"), "b": ("a", "c"), "c": ("b", "a")}
EXAMPLES = Examples.of(PARAGRAPHS, NEAR, COMPOSER.count)
ITEMS = items_of(PARAGRAPHS)


def test_articles_are_read_with_their_answers(tmp_path: Path) -> None:
    asked = [
        {"id": 7, "question": "Quand ?", "answers": [{"text": "1998", "answer_start": 3}]},
        {"id": 8, "question": "Où ?", "answers": [{"text": "ici", "answer_start": 0}]},
    ]
    twice = {"context": "En 1998. Puis rien.", "qas": asked}
    data = {"data": [{"title": "Une_fin", "paragraphs": [twice, {**twice, "qas": []}]}]}
    path = tmp_path / "fr.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    (found,) = load_articles(path, "fr")
    assert (found.title, found.sentences) == ("Une fin", (Span(0, 8), Span(9, 19)))
    assert found.asked == (Asked("7", "Quand ?", (Span(3, 7),)),), "misplaced answers are none"


NO_ANSWERS = {"context": "Un roi.", "qas": [{"id": 1, "question": "Qui ?"}]}


@pytest.mark.parametrize(
    "content",
    [None, "{}", "no JSON", json.dumps({"data": [{"title": "T", "paragraphs": [NO_ANSWERS]}]})],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "x.json").write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"x\.json"):
        load_articles(tmp_path / "x.json", "fr")


def test_one_article_in_five_is_kept_back() -> None:
    shares = [is_judged(f"Article {n}") for n in range(2000)]
    assert 0.17 < np.mean(shares) < 0.23


def test_parallel_questions_cross_the_languages() -> None:
    first = paragraph("k", "T", "the king 1 sleeps.", "king?", "1")
    asked = Asked("k", "rey?", (Span(7, 8),))
    spanish = replace(first, language="es", text="el rey 1 duerme.", asked=(asked,))
    found = [(i.asked.question, i.paragraph.language) for i in items_of([first, spanish])]
    assert found == [("king?", "fr"), ("king?", "es"), ("rey?", "fr")]
    answers = [i.paragraph.text[slice(*i.asked.answers[0])] for i in items_of([first, spanish])]
    assert answers == ["1", "1", "1"]


@pytest.mark.parametrize("seed", range(12))
def test_only_the_first_of_a_group_answers(seed: int) -> None:
    group = EXAMPLES.group(ITEMS[0], np.random.default_rng(seed))
    assert group is not None
    first, *others = group
    assert first.text[slice(*first.answers[0])] == "1"
    assert not any(example.answers for example in others)
    for example in others:
        assert "1" not in example.text or example.question != first.question
    assert len({example.context for example in group}) == 1


def test_the_answering_sentence_is_cut_out() -> None:
    found = EXAMPLES.without(ITEMS[0], np.random.default_rng(0))
    assert found is not None
    assert found.text in ("le chat 2 chante. ici rien.", "le chat 2 chante.", "ici rien.")
    lonely = paragraph("d", "Rois", "le roi 1 dort.", "roi?", "1")
    assert EXAMPLES.without(Item(lonely.asked[0], lonely), np.random.default_rng(0)) is None


class Fixed:
    """Vectors by the first letter."""

    def encode_queries(self, texts: list[str]) -> Encoding:
        """Point along the letter's axis."""
        return Encoding(np.stack([np.eye(26, dtype=np.float32)[ord(t[0]) - 97] for t in texts]), ())

    def encode_passages(self, texts: list[str]) -> Encoding:
        """Read the first letter below the title."""
        return self.encode_queries([text.split("\n")[1] for text in texts])


def test_neighbours_are_of_the_article_first_and_never_across_the_split(tmp_path: Path) -> None:
    titles = [f"t{n}" for n in range(40)]
    learnt = [t for t in titles if not is_judged(t)][:2]
    judged = next(t for t in titles if is_judged(t))
    made = [
        paragraph(*args)
        for args in (
            ("1", learnt[0], "x a.", "r?", "a"), ("2", learnt[0], "b a.", "r?", "a"),
            ("3", learnt[1], "r a.", "r?", "a"), ("4", judged, "r b.", "r?", "b"),
        )
    ]  # fmt: skip
    for _ in range(2):  # the second time, of the vectors that were kept
        found = neighbours(made, Fixed(), tmp_path)
        assert found["1"] == ("2", "3")
        assert found["4"] == ()


def test_the_body_computes_what_bert_does() -> None:
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=30, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=12,
    )  # fmt: skip
    model: Any = BertModel(config, add_pooling_layer=False)
    model.eval()
    made = Body(model.state_dict(), Shape(2, 2, config.layer_norm_eps, frozen=1, rank=2))
    rows = [torch.tensor([4, 7, 9]), torch.tensor([1, 2, 3, 4, 5])]
    with torch.inference_mode():
        for row, found in zip(rows, made(rows), strict=True):
            expected = made.head(model(input_ids=row[None]).last_hidden_state[0])
            assert torch.allclose(found, expected, atol=1e-5)


def test_an_adapter_is_what_was_trained(tmp_path: Path) -> None:
    made = body()
    torch.manual_seed(5)
    with torch.no_grad():
        for weights in made.trained().values():
            weights.add_(torch.randn_like(weights), alpha=0.1)
    write_adapter(tmp_path, weights_of(made), Recipe("", ("tiny",), {"seed": 0}, ("x",)))
    adapter = Adapter.read(tmp_path)
    layer: Any = made.layers[1]
    linear = layer.parts["output_dense"]
    name = "encoder.layer.1.output.dense.weight"
    changed = torch.from_numpy(adapter.changed({name: linear.weight.numpy()})[name])
    x = torch.randn(2, 32)
    expected = functional.linear(x, changed, linear.bias)
    assert torch.allclose(linear(x), expected, atol=0.02)
    assert not any(name.startswith("encoder.layer.0.") for name in adapter.weights)


def test_the_score_in_training_is_the_one_in_serving() -> None:
    text = "le chat, the roi."
    passage = ReaderInput("roi", text)
    row = COMPOSER.compose("chat?", passage)
    logits = torch.randn(len(row.ids), 4)
    found = reading(logits.numpy(), row, passage)
    assert float(score_of(logits, row)) == pytest.approx(found.score)


def test_an_answer_is_found_among_the_tokens() -> None:
    text = "le chat, the roi."
    row = COMPOSER.compose("chat?", ReaderInput("", text))
    first, last = tokens_of(Example("chat?", "", text, (Span(9, 16),)), row)
    assert text[row.offsets[first, 0] : row.offsets[last, 1]].strip() == "the roi"
    assert tokens_of(Example("chat?", "", text, ()), row) == NOWHERE


def test_a_span_that_is_told_costs_nothing() -> None:
    row = COMPOSER.compose("chat?", ReaderInput("", "le chat, the roi."))
    logits = torch.zeros(len(row.ids), 4)
    logits[row.first + 1, 0] = logits[row.first + 2, 1] = 50
    assert float(span_loss(logits, row, (1, 2))) == pytest.approx(0, abs=1e-5)
    assert float(span_loss(logits, row, NOWHERE)) == pytest.approx(50)


def trainer(folder: Path, steps: int, every: int = 100) -> Trainer:
    plan = Plan(steps, groups=2, rate=0.1, judged_every=every)
    return Trainer(body(), COMPOSER, plan, folder)


def loss_of(learner: Trainer) -> float:
    groups = [EXAMPLES.group(item, np.random.default_rng(9)) for item in ITEMS]
    losses = []
    with torch.inference_mode():
        for group in filter(None, groups):
            rows = [COMPOSER.compose(e.question, ReaderInput(e.context, e.text)) for e in group]
            logits = learner.body([torch.from_numpy(row.ids) for row in rows])
            losses.append(float(group_loss(logits, rows, group)))
    return float(np.mean(losses))


@pytest.fixture
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("one_thread")
def test_it_learns_and_a_later_run_goes_on_where_it_was(tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    whole.mkdir()
    parts.mkdir()
    learner = trainer(whole, 12)
    before = loss_of(learner)
    learner.train(EXAMPLES, ITEMS, JUDGED)
    assert loss_of(learner) < before * 0.7
    half = trainer(parts, 12, every=6)
    half.train(EXAMPLES, ITEMS, JUDGED)
    again = trainer(parts, 12)
    assert again.step == 12
    assert loss_of(again) == pytest.approx(loss_of(learner), rel=1e-3)
    lines = (parts / CURVE).read_text().splitlines()
    assert [json.loads(line)["asked"] for line in lines] == [12, 24]


JUDGED = [
    Judged(
        Example("roi?", "", "le roi 1 dort.", (Span(7, 8),)),
        Example("roi?", "", "le chat 3 dort.", ()),
        Example("roi?", "", "ici rien.", ()),
    )
]


def test_figures_are_of_scores_and_words() -> None:
    def read(_question: str, passages: object) -> list[Reading]:
        assert len(list(passages)) == 3  # type: ignore[call-overload]
        return [Reading(1.0, 3, 8, 1.0), Reading(2.0, 0, 1, 0.0), Reading(0.0, 0, 1, 0.0)]

    found = judge(JUDGED, read)
    assert (found.near, found.cut, found.first) == (0.0, 1.0, 0.0)
    assert found.f1 == pytest.approx(2 / 3), "'roi 1' where '1' answers"
    assert found.exact == 0


@pytest.mark.parametrize(
    ("found", "gold", "f1"),
    [("L’été 2020", "été 2020", 1), ("en 2020", "2020", 2 / 3), ("", "2020", 0), ("le", "la", 1)],
)
def test_words_are_compared_without_articles(found: str, gold: str, f1: float) -> None:
    assert word_f1(found, gold) == pytest.approx(f1)


@pytest.mark.parametrize("named", ["xquad.json", "fr=absent.json"])
def test_a_set_that_is_not_there_is_refused(
    named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([named, "--out", str(tmp_path / "out")]) == 2
    assert named.removeprefix("fr=") in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
