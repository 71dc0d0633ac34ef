"""Articles with questions and where their answers stand, cut into sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from documents.types import Span
from documents.wording.sentences import sentences
from eval.errors import EvaluationError
from eval.sets.squad import AnswerIn, AskedIn, read_squad


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that its paragraph answers.

    Attributes:
        id: the same in every language of a parallel set.
        question: its text.
        answers: where the paragraph answers, by one or more readers.
    """

    id: str
    question: str
    answers: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article.

    Attributes:
        key: the same in every language of a parallel set.
        title: of its article.
        language: two letters.
        text: the paragraph.
        sentences: of the text, in order.
        asked: the questions that it answers.
    """

    key: str
    title: str
    language: str
    text: str
    sentences: tuple[Span, ...]
    asked: tuple[Asked, ...]


def load_set(named: str) -> tuple[str, list[Paragraph]]:
    """Read a file that was named as ``LANGUAGE=FILE``; return its language, too.

    Raises:
        EvaluationError: no language was named, or the file cannot be used.
    """
    language, _, path = named.partition("=")
    if not path:
        raise EvaluationError(f"{named!r} is not LANGUAGE=FILE: name the language of the file")
    return language, load_articles(Path(path), language)


def load_articles(path: Path, language: str) -> list[Paragraph]:
    """Read a file in SQuAD layout; a paragraph that is repeated is one, with all its questions.

    Raises:
        EvaluationError: the file cannot be read, is not in that layout, or answers nothing.
    """
    found: dict[tuple[str, str], list[AskedIn]] = {}
    keys: dict[tuple[str, str], str] = {}
    for article in read_squad(path).data:
        for number, paragraph in enumerate(article.paragraphs):
            place = article.title, paragraph.context
            found.setdefault(place, []).extend(paragraph.qas)
            keys.setdefault(place, f"{article.title}/{number}")
    paragraphs = [
        _paragraph(f"{keys[place]}/{at}", *place, language, asked)
        for at, (place, asked) in enumerate(found.items())
    ]
    if not any(paragraph.asked for paragraph in paragraphs):
        raise EvaluationError(f"{path}: no question has its answer where it is said: correct it")
    return paragraphs


def _paragraph(
    key: str, title: str, text: str, language: str, asked: Iterable[AskedIn]
) -> Paragraph:
    questions = (Asked(str(q.id), q.question, tuple(_spans(q.answers, text))) for q in asked)
    known = tuple(question for question in questions if question.answers)
    cut = tuple(sentences(text, language))
    return Paragraph(key, title.replace("_", " "), language, text, cut, known)


def _spans(answers: Sequence[AnswerIn], text: str) -> Iterable[Span]:
    """Yield the answers that stand where they are said to."""
    for answer in answers:
        span = Span(answer.answer_start, answer.answer_start + len(answer.text))
        if answer.text.strip() and text[slice(*span)] == answer.text:
            yield span
