"""Asks folders of documents their questions, alone and together, beside rivals that read headings.

The documents are read, cut, indexed and asked as anyone's are. The rivals rank the same passages,
each written below its document's title and the path of its headings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from documents.discovery import UnreadFile
from eval.benchmark import ask
from eval.metrics import Judged, Scores, score
from eval.misses import first_relevant
from eval.rivals.baselines import rank_headed
from eval.sets.collection import Collections
from eval.sets.datasets import Direction
from eval.sets.documents import DocumentFolder, DocumentQuestion, Gold
from qa.answer.service import QAService
from qa.answer.types import Answer

OURS = "passerelle"
TOGETHER = "together"
"""The name of the index that holds the documents of several folders."""

GATED = tuple(Path(__file__).parent / "collections" / n for n in ("piscines.fr", "reglements.fr"))
"""The folders whose figures no change may lower: documents alike but for their titles, articles."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a folder, its answer, and how the systems ranked the passages for it.

    Attributes:
        question: the question, with its gold.
        answer: the answer of the service.
        relevant: the identifiers of the passages that are right; none if the documents do not
            answer, or if reading or cutting lost the place that does.
        direction: from the question's language to that of the document that answers, such as
            ``en → fr``; from the question's alone where none does.
        ranked: by the system's name, identifiers of passages, best first.
    """

    question: DocumentQuestion
    answer: Answer
    relevant: frozenset[str]
    direction: str
    ranked: Mapping[str, tuple[str, ...]]

    @property
    def rank(self) -> int | None:
        """The rank of the answer's first right passage, from 1; None if none is listed."""
        return first_relevant(self.judged("", OURS))

    @property
    def right(self) -> bool:
        """Whether the first passage of the answer is right."""
        return self.rank == 1

    @property
    def lost(self) -> bool:
        """Whether the index has no right passage, though the documents answer."""
        return self.question.answerable and not self.relevant

    def judged(self, name: str, system: str) -> Judged:
        """Return how a system ranked the passages, under a name for the question."""
        return Judged(name, self.ranked[system], self.relevant)


@dataclass(frozen=True, slots=True)
class FolderResult:
    """What became of the questions of a folder, or of several.

    Attributes:
        name: of the folder.
        passages: how many were searched.
        unread: why files could not be read, a line each.
        asked: the questions.
    """

    name: str
    passages: int
    unread: tuple[str, ...]
    asked: tuple[Asked, ...]


def measure_folder(folder: DocumentFolder, collections: Collections) -> FolderResult:
    """Index a folder, ask it its questions, and let the rivals rank the same passages.

    Raises:
        DocumentError: no document of it can be read.
        IndexingError: it cannot be indexed.
    """
    service, unread = collections.files(folder.name, [folder.docs])
    questions = [question.text for question in folder.questions]
    rivals = rank_headed(service, collections.encoder, questions)
    passages = service.generation.passages
    named = {s: [tuple(passages[r].id for r in own) for own in rows] for s, rows in rivals.items()}
    return _result(folder, service, _gold([folder], service), unread, named)


def measure_together(
    folders: Sequence[DocumentFolder], collections: Collections
) -> list[FolderResult]:
    """Index the documents of all folders as one collection and ask it each folder's questions.

    Raises:
        DocumentError: no document can be read.
        IndexingError: they cannot be indexed.
    """
    service, unread = collections.files(TOGETHER, [folder.docs for folder in folders])
    gold = _gold(folders, service)
    return [_result(folder, service, gold, unread, {}) for folder in folders]


def pooled(results: Sequence[FolderResult], passages: int) -> FolderResult:
    """Put the questions of several folders together, as if they were of one.

    Args:
        results: of the folders.
        passages: how many were searched in all.
    """
    return FolderResult(
        "all folders",
        passages,
        tuple(line for result in results for line in result.unread),
        tuple(asked for result in results for asked in result.asked),
    )


def scores(asked: Sequence[Asked], system: str) -> Scores:
    """Score a system question by question: ``(n,) float64`` by the metric's name."""
    # Line numbers are not unique over folders; places in the sequence are.
    return score([a.judged(str(place), system) for place, a in enumerate(asked)])


def _gold(folders: Sequence[DocumentFolder], service: QAService) -> Gold:
    held = service.generation
    return Gold.of([folder.docs for folder in folders], held.documents, held.passages)


def _result(
    folder: DocumentFolder,
    service: QAService,
    gold: Gold,
    unread: Sequence[UnreadFile],
    rivals: Mapping[str, Sequence[tuple[str, ...]]],
) -> FolderResult:
    answers = ask(service, [question.text for question in folder.questions])
    own = [tuple(r.passage.id for r in answer.passages) for answer in answers]
    rankings = {OURS: own, **rivals}
    right = gold.relevant_to_all(folder)
    asked = tuple(
        Asked(
            question,
            answers[at],
            right[at],
            _direction(folder, question, gold),
            {system: rows[at] for system, rows in rankings.items()},
        )
        for at, question in enumerate(folder.questions)
    )
    said = tuple(str(problem.error) for problem in unread)
    return FolderResult(folder.name, len(service.generation.passages), said, asked)


def _direction(folder: DocumentFolder, question: DocumentQuestion, gold: Gold) -> str:
    if not question.answerable:
        return question.language
    document = gold.document(folder, question)
    return str(Direction(question.language, document.language if document else "und"))
