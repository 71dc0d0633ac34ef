"""The one path from a question to an answer: HTTP, command line and evaluation all take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from documents.types import Document, Span
from index.encoding import Encoder
from index.ranking import Query, Ranking, rank
from index.reranking import DEPTH, Reranker
from index.searching import Searchable
from qa.confidence import confidence, measure
from qa.errors import InvalidSetting, UnknownDocument
from qa.language import Language, resolve_language
from qa.messages import NOT_ANSWERED
from qa.question import check_question, for_query
from qa.stages import stage
from qa.types import Answer, Citation, IndexInfo, RankedPassage

TOP_K = 5
MAX_TOP_K = 20


@dataclass(frozen=True, slots=True)
class Request:
    """One question and how it is to be answered.

    Attributes:
        question: in French or English.
        top_k: how many passages to list, 1-20.
        language: ``fr`` or ``en`` where the asker says so, else it is detected.
        documents: identifiers of the only documents to search, else all.
    """

    question: str
    top_k: int = TOP_K
    language: str | None = None
    documents: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class QAService:
    """Answers questions from one generation.

    Attributes:
        generation: what is searched.
        encoder: the query encoder of that generation.
        threshold: the confidence, in 0-1, from which a question counts as answered.
        reranker: reads the first passages again, if there is one. The confidence stays that of
            the first stage, which is what it was calibrated on.
    """

    generation: Searchable
    encoder: Encoder
    threshold: float = 0.25
    reranker: Reranker | None = None
    info: IndexInfo = field(init=False)

    def __post_init__(self) -> None:
        """Describe the index once for all answers."""
        held = self.generation
        info = IndexInfo(held.id, held.recipe.model, len(held.passages))
        object.__setattr__(self, "info", info)

    def ask(self, request: Request) -> Answer:
        """Answer one question.

        Raises:
            QuestionError: the request cannot be answered as it stands.
            CorruptIndex: a passage is not what its document says there.
        """
        return self.ask_many([request])[0]

    def ask_many(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer several questions, encoded in one batch; the answers stand in their order.

        Raises:
            QuestionError: one of the requests cannot be answered as it stands.
            CorruptIndex: a passage is not what its document says there.
        """
        if not requests:
            return []
        checked = [self._checked(request) for request in requests]
        texts = [for_query(c.question) for c in checked]
        with stage("encode"):
            encoded = self.encoder.encode_queries(texts)
        return [
            self._answer(c, Query(text, c.language.code, pooled, tokens))
            for c, text, pooled, tokens in zip(
                checked, texts, encoded.pooled, encoded.tokens, strict=True
            )
        ]

    def _checked(self, request: Request) -> _Checked:
        if not 1 <= request.top_k <= MAX_TOP_K:
            raise InvalidSetting(f"top_k is {request.top_k}: ask for 1 to {MAX_TOP_K} passages")
        question = check_question(request.question)
        with stage("language"):
            language = resolve_language(request.language, question)
        return _Checked(question, request.top_k, language, self._rows(request.documents))

    def _rows(self, documents: tuple[str, ...] | None) -> NDArray[np.int64] | None:
        if documents is None:
            return None
        for document in documents:
            self.document(document)
        rows = [row for name in set(documents) for row in self.generation.rows_of(name)]
        return np.sort(np.array(rows, dtype=np.int64))

    def document(self, document_id: str) -> Document:
        """Return an indexed document.

        Raises:
            UnknownDocument: the index holds no such document.
        """
        try:
            return self.generation.documents[document_id]
        except KeyError as error:
            raise UnknownDocument(
                f"the index holds no document {document_id!r}: see the list of documents"
            ) from error

    def _answer(self, checked: _Checked, query: Query) -> Answer:
        with stage("rank"):
            ranking = rank(self.generation, query, checked.rows)
            if ranking is not None:
                depth = 0 if self.reranker is None else DEPTH
                self.generation.fetch(ranking.rows[: max(checked.top_k, depth)])
        if ranking is None:
            return self._told(checked, 0.0, ())
        probability = self._confidence(query, ranking)
        return self._told(checked, probability, self._ranked(query, ranking, checked.top_k))

    def _told(
        self, checked: _Checked, probability: float, passages: tuple[RankedPassage, ...]
    ) -> Answer:
        answerable = probability >= self.threshold and len(passages) > 0
        return Answer(
            question=checked.question,
            language=checked.language,
            answerable=answerable,
            confidence=probability,
            message=None if answerable else NOT_ANSWERED[checked.language.code],
            passages=passages,
            index=self.info,
        )

    def _confidence(self, query: Query, ranking: Ranking) -> float:
        first = self.generation.passages[ranking.rows[0]]
        with stage("confidence"):
            return confidence(measure(query, ranking, first.text))

    def _ranked(self, query: Query, ranking: Ranking, top_k: int) -> tuple[RankedPassage, ...]:
        ranking = self._reranked(query, ranking)
        return tuple(self._passage(ranking, at) for at in range(min(top_k, len(ranking.rows))))

    def _reranked(self, query: Query, ranking: Ranking) -> Ranking:
        if self.reranker is None:
            return ranking
        texts = [self.generation.passages[row].text for row in ranking.rows[:DEPTH]]
        return ranking.reordered(self.reranker.scores(query.text, texts))

    def _passage(self, ranking: Ranking, at: int) -> RankedPassage:
        passage = self.generation.passages[ranking.rows[at]]
        citation = Citation.of(passage, self.document(passage.document_id))
        highlight = Span(*ranking.late.spans[at].tolist())
        return RankedPassage(at + 1, float(ranking.scores[at]), passage, (highlight,), citation)


@dataclass(frozen=True, slots=True)
class _Checked:
    question: str
    top_k: int
    language: Language
    rows: NDArray[np.int64] | None
