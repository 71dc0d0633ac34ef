"""The one path from a question to an answer: HTTP, command line and evaluation all take it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from documents.types import Document, Passage, Span
from index.encoder.protocol import Encoder
from index.search.filters import Filter, both, of_documents
from index.search.ranking import Query, Ranking, rank
from index.search.reranking import DEPTH, Reranker
from index.search.restricted import Restricted
from index.search.searchable import Searchable
from qa.answer.confidence import confidence, measure
from qa.answer.duplicates import Found, distinct, likely, without_copies
from qa.answer.highlight import answering, around
from qa.answer.second_look import READ, Read, Reads, SecondLook, reread
from qa.answer.stages import stage
from qa.answer.types import Answer, Citation, IndexInfo, Outcome, RankedPassage
from qa.errors import InvalidSetting, UnknownDocument
from qa.language.detection import Language, resolve_language
from qa.messages import NO_DOCUMENT_FITS, NOT_ANSWERED, NOTHING_INDEXED
from qa.question import check_question, for_query
from qa.settings import AS_SHIPPED, Calibration

TOP_K = 5
MAX_TOP_K = 20


@dataclass(frozen=True, slots=True)
class AskRequest:
    """One question and how it is to be answered.

    Attributes:
        question: in French or English.
        top_k: how many passages to list, 1-20.
        language: ``fr`` or ``en`` where the asker says so, else it is detected.
        documents: identifiers of the only documents to search, else all.
        filters: what the documents to search are like, else all.
        read: whether a reader may take its time, if there is one.
    """

    question: str
    top_k: int = TOP_K
    language: str | None = None
    documents: tuple[str, ...] | None = None
    filters: Filter | None = None
    read: bool = True


@dataclass(frozen=True, slots=True)
class QAService:
    """Answers questions from one generation.

    Attributes:
        generation: what is searched.
        encoder: the query encoder of that generation.
        threshold: the confidence, in 0-1, from which a question is possibly answered.
        found: the confidence, in 0-1, from which it is answered.
        calibration: of the confidence to these documents.
        reranker: reads the first passages again, if there is one. The confidence stays that of
            the first stage, which is what it was calibrated on.
        look: reads the first passages, if the index has a reader.
    """

    generation: Searchable
    encoder: Encoder
    threshold: float = 0.2
    found: float = 0.85
    calibration: Calibration = AS_SHIPPED
    reranker: Reranker | None = None
    look: SecondLook | None = None
    info: IndexInfo = field(init=False)

    def __post_init__(self) -> None:
        """Describe the index once for all answers."""
        held = self.generation
        info = IndexInfo(held.id, held.recipe.model, len(held.passages))
        object.__setattr__(self, "info", info)

    def ask(self, request: AskRequest) -> Answer:
        """Answer one question.

        Raises:
            QuestionError: the request cannot be answered as it stands.
            CorruptIndex: a passage is not what its document says there.
        """
        return self.ask_many([request])[0]

    def ask_many(self, requests: Sequence[AskRequest]) -> list[Answer]:
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

    def _checked(self, request: AskRequest) -> _Checked:
        if not 1 <= request.top_k <= MAX_TOP_K:
            raise InvalidSetting(f"top_k is {request.top_k}: ask for 1 to {MAX_TOP_K} passages")
        question = check_question(request.question)
        with stage("language"):
            language = resolve_language(request.language, question)
        return _Checked(question, request.top_k, language, self._rows(request), request.read)

    def _rows(self, request: AskRequest) -> NDArray[np.int64] | None:
        """Return the rows of the passages to search, rising; None for all of them."""
        for document in request.documents or ():
            self._require(document)
        named = None if request.documents is None else of_documents(request.documents)
        wanted = both(named, request.filters)
        return None if wanted is None else self.generation.catalogue.rows(wanted)

    def _require(self, document_id: str) -> None:
        if document_id not in self.generation.documents:
            raise UnknownDocument(
                f"the index holds no document {document_id!r}: see the list of documents"
            )

    def within(self, wanted: Filter) -> QAService:
        """Return a service that sees nothing but the documents that a filter wants."""
        return replace(self, generation=Restricted.to(self.generation, wanted))

    def document(self, document_id: str) -> Document:
        """Return an indexed document.

        Raises:
            UnknownDocument: the index holds no such document.
        """
        self._require(document_id)
        return self.generation.documents[document_id]

    def _answer(self, checked: _Checked, query: Query) -> Answer:
        with stage("rank"):
            ranking = rank(self.generation, query, checked.rows)
            if ranking is not None:
                self.generation.fetch(self._needed(ranking, checked.top_k))
        if ranking is None:
            return self._build_answer(checked, 0.0, (), {})
        ranking, reads = self._read(query, ranking, checked.read)
        probability = self._confidence(query, without_copies(self.generation, ranking), reads)
        passages = self._ranked(query, ranking, checked.top_k, reads)
        return self._build_answer(checked, probability, passages, reads)

    def _read(self, query: Query, ranking: Ranking, wanted: bool) -> tuple[Ranking, Reads]:
        """Read the first passages; return them in their new order, and what was read."""
        if self.look is None or not wanted:
            return ranking, {}
        with stage("read"):
            found = distinct(self.generation, ranking, READ)
            reads = self.look.read(query.text, ranking, found)
            return reread(ranking, found, reads), reads

    def _needed(self, ranking: Ranking, top_k: int) -> NDArray[np.int64]:
        """Return the rows of the passages whose texts will be needed."""
        top_k = max(top_k, READ) if self.look else top_k
        return likely(ranking, top_k) if self.reranker is None else ranking.rows[:DEPTH]

    def _build_answer(
        self,
        checked: _Checked,
        probability: float,
        passages: tuple[RankedPassage, ...],
        reads: Reads,
    ) -> Answer:
        outcome = self._outcome(probability) if passages else Outcome.NOT_ANSWERED
        said = NOT_ANSWERED if passages else _nothing(checked)
        return Answer(
            question=checked.question,
            language=checked.language,
            outcome=outcome,
            confidence=probability,
            read=bool(reads),
            message=said[checked.language.code] if outcome is Outcome.NOT_ANSWERED else None,
            passages=passages if outcome is not Outcome.NOT_ANSWERED else _unanswered(passages),
            index=self.info,
        )

    def _outcome(self, probability: float) -> Outcome:
        if probability < self.threshold:
            return Outcome.NOT_ANSWERED
        return Outcome.ANSWERED if probability >= self.found else Outcome.POSSIBLE

    def _confidence(self, query: Query, ranking: Ranking, reads: Reads) -> float:
        first = self.generation.passages[ranking.rows[0]]
        read = reads.get(int(ranking.rows[0]))
        with stage("confidence"):
            features = measure(query, ranking, first)
            return confidence(features, read and read.score, self.calibration)

    def _ranked(
        self, query: Query, ranking: Ranking, top_k: int, reads: Reads
    ) -> tuple[RankedPassage, ...]:
        ranking = self._reranked(query, ranking)
        found = distinct(self.generation, ranking, top_k)
        return tuple(
            self._passage(rank, f, query, ranking, reads.get(int(ranking.rows[f.at])))
            for rank, f in enumerate(found, 1)
        )

    def _reranked(self, query: Query, ranking: Ranking) -> Ranking:
        if self.reranker is None:
            return ranking
        texts = [self.generation.passages[row].text for row in ranking.rows[:DEPTH]]
        return ranking.reordered(self.reranker.scores(query.text, texts))

    def _passage(
        self, rank: int, found: Found, query: Query, ranking: Ranking, read: Read | None
    ) -> RankedPassage:
        passage, best = found.passage, Span(*ranking.late.spans[found.at].tolist())
        marked = answering(passage.text, passage.language, best, query.text)
        place = read.place if read else None
        if place is not None:
            marked = around(passage.text, passage.language, marked, place.span)
        return RankedPassage(
            rank,
            float(ranking.scores[found.at]),
            passage,
            (marked,),
            place and place.answer,
            self._cited(passage, marked.start),
            tuple(map(self._cited, found.copies)),
        )

    def _cited(self, passage: Passage, marked: int = 0) -> Citation:
        return Citation.of(passage, self.document(passage.document_id), marked)


@dataclass(frozen=True, slots=True)
class _Checked:
    question: str
    top_k: int
    language: Language
    rows: NDArray[np.int64] | None
    read: bool


def _unanswered(passages: tuple[RankedPassage, ...]) -> tuple[RankedPassage, ...]:
    """Return passages none of which answers: what a reader took for an answer in them is none."""
    return tuple(replace(passage, answer=None) for passage in passages)


def _nothing(checked: _Checked) -> Mapping[str, str]:
    """Return what is said where there is no passage at all to show."""
    return NOTHING_INDEXED if checked.rows is None else NO_DOCUMENT_FITS
