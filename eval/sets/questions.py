"""The fixed question set on the bundled article: JSON Lines, one question a line.

Gold is text quoted from the article, not a passage, so it survives any chunking.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eval.errors import EvaluationError

QUESTIONS = Path(__file__).parents[1] / "questions.jsonl"

Language = Literal["fr", "en"]
Answerable = Literal["fact", "name", "number", "date", "list", "paraphrase", "keyword", "typo"]
Unanswerable = Literal["unanswerable-near", "unanswerable-far"]
Kind = Literal[Answerable, Unanswerable]
Split = Literal["dev", "test"]

_Filled = Annotated[str, Field(pattern=r"\S")]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and where the article answers it.

    Attributes:
        id: unique in the set.
        text: the question, as a person would type it, slips included.
        language: of the question.
        kind: what is asked for, or how; for the unanswerable, near the article's matter or far.
        quotes: verbatim text of the article, each an answer or part of one; none if unanswerable.
    """

    id: str
    text: str
    language: Language
    kind: Kind
    quotes: tuple[str, ...]

    @property
    def answerable(self) -> bool:
        """Whether the article answers it."""
        return bool(self.quotes)

    @property
    def split(self) -> Split:
        """``dev`` to tune on or ``test`` to report: by the parity of its SHA-256's first byte."""
        return "test" if hashlib.sha256(self.id.encode()).digest()[0] % 2 else "dev"


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: _Filled
    question: _Filled
    language: Language
    kind: Kind
    quotes: tuple[_Filled, ...]

    @model_validator(mode="after")
    def _quotes_fit_the_kind(self) -> Self:
        if bool(self.quotes) != (self.kind in get_args(Answerable)):
            raise ValueError("an answerable question needs quotes, an unanswerable one has none")
        return self

    def question_of(self) -> Question:
        return Question(self.id, self.question, self.language, self.kind, self.quotes)


def load_questions(path: Path | None = None) -> tuple[Question, ...]:
    """Read a question set, by default the bundled one.

    Args:
        path: JSON Lines in UTF-8; blank lines are passed over.

    Raises:
        EvaluationError: the file cannot be read, has no question, repeats one, or has a line
            that is not a question; the message names the file and the line.
    """
    path = path or QUESTIONS
    lines = enumerate(_read(path).split("\n"), start=1)
    found = {number: _parse(line, f"{path}:{number}") for number, line in lines if line.strip()}
    if not found:
        raise EvaluationError(f"{path}: there is no question in it: add one a line")
    _refuse_repeats(path, {number: question.id for number, question in found.items()})
    _refuse_repeats(path, {number: question.text for number, question in found.items()})
    return tuple(found.values())


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        reason = f"{error.strerror}: check the path and its permissions"
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} is not UTF-8: convert the file"
    raise EvaluationError(f"{path}: cannot be read: {reason}")


def _parse(line: str, place: str) -> Question:
    try:
        return _Line.model_validate_json(line).question_of()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "line"
        raise EvaluationError(f"{place}: {where}: {first['msg']}: correct this line") from error


def _refuse_repeats(path: Path, values: Mapping[int, str]) -> None:
    first: dict[str, int] = {}
    for number, value in values.items():
        line = first.setdefault(value, number)
        if line != number:
            raise EvaluationError(f"{path}:{number}: {value!r} is on line {line} too: change one")
