"""Groups of examples: a question with the passage that answers it, and with ones that do not.

What does not answer is hard to tell from what does: the nearest other paragraphs, the question's
own paragraph without the sentence that answers, and the same passage under a question with another
number, name or attribute.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import numpy as np

from documents.types import Span
from eval.sets.swaps import names_in, swapped
from eval.training.articles import Asked, Paragraph
from eval.training.neighbours import Neighbours
from index.reader.inputs import TEXT_TOKENS
from index.reader.windows import window

HARD: Final = 2
"""How many examples of a group do not answer."""
_LEAST_BUDGET: Final = 32
_IN_CONTEXT, _SWAPPED, _CUT_OUT, _MARKED_BY_WORDS = 0.6, 0.35, 0.45, 0.7
"""How often a group has contexts, a swapped question, and so on."""
_WORD: Final = re.compile(r"\w{3,}|\d+")
_STEM: Final = 6


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a passage.

    Attributes:
        question: its text.
        context: the title above the passage, or nothing.
        text: of the passage.
        answers: where the text answers, in code points; empty where it does not.
    """

    question: str
    context: str
    text: str
    answers: tuple[Span, ...]


Group = tuple[Example, ...]
"""Examples of one question; the first one answers."""


class Item(NamedTuple):
    """A question to be asked: its id, its text, its own paragraph and where that answers."""

    asked: Asked
    paragraph: Paragraph


def items_of(paragraphs: Sequence[Paragraph]) -> list[Item]:
    """Return the questions to ask, each of its own paragraph.

    Questions of a parallel set are asked three times: in the language that is named first, of its
    paragraph and of that of another language, and in that other language of the first one's.

    Args:
        paragraphs: of all languages, those of one after those of another.
    """
    versions: dict[str, list[Item]] = {}
    for paragraph in paragraphs:
        for asked in paragraph.asked:
            versions.setdefault(asked.id, []).append(Item(asked, paragraph))
    return [
        item for number, same in enumerate(versions.values()) for item in _crossed(same, number)
    ]


def _crossed(same: Sequence[Item], number: int) -> Iterator[Item]:
    first, *others = same
    yield first
    if others:
        other = others[number % len(others)]
        yield Item(replace(other.asked, question=first.asked.question), other.paragraph)
        yield Item(replace(first.asked, question=other.asked.question), first.paragraph)


@dataclass(frozen=True, slots=True)
class Examples:
    """Makes groups.

    Attributes:
        paragraphs: by key and language.
        neighbours: the nearest paragraphs of each question.
        names: to put into questions, by language.
        rarity: of the beginnings of words.
        count: returns how many tokens a text has.
    """

    paragraphs: Mapping[tuple[str, str], Paragraph]
    neighbours: Neighbours
    names: Mapping[str, Sequence[str]]
    rarity: Mapping[str, float]
    count: Callable[[str], int]
    _tokens: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, paragraphs: Sequence[Paragraph], near: Neighbours, count: Callable[[str], int]
    ) -> Examples:
        """Make groups of these paragraphs, of all languages."""
        names = {
            language: names_in(
                [a.question for p in paragraphs if p.language == language for a in p.asked]
            )
            for language in {p.language for p in paragraphs}
        }
        held = Counter(stem for p in paragraphs for stem in _stems(p.text))
        rarity = {stem: math.log(len(paragraphs) / n) for stem, n in held.items()}
        return cls({(p.key, p.language): p for p in paragraphs}, near, names, rarity, count)

    def group(self, item: Item, generator: np.random.Generator) -> Group | None:
        """Return a group of ``1 + HARD`` examples; None where there are too few."""
        answering = self.answering(item, generator)
        if answering is None:
            return None
        hard = [*self._swapped(item, answering, generator), *self._cut(item, generator)]
        near = self.near(item, generator)
        chosen = [answering, *hard, *list(near)[: HARD - len(hard)]]
        if generator.random() > _IN_CONTEXT:
            chosen = [replace(example, context="") for example in chosen]
        return tuple(chosen) if len(chosen) == 1 + HARD else None

    def answering(self, item: Item, generator: np.random.Generator) -> Example | None:
        """Return part of the own paragraph; None where the answer does not fit into it."""
        asked, paragraph = item
        marked = _sentence_of(asked.answers[0], paragraph.sentences)
        part = self._part(paragraph, marked, generator)
        inside = [a for a in asked.answers if part.start <= a.start and a.end <= part.end]
        text = paragraph.text[slice(*part)]
        if not inside or self.count(text) > TEXT_TOKENS:
            return None
        moved = tuple(Span(a.start - part.start, a.end - part.start) for a in inside)
        return Example(asked.question, paragraph.title, text, moved)

    def near(self, item: Item, generator: np.random.Generator) -> Iterator[Example]:
        """Yield parts of the nearest other paragraphs that do not hold the answer."""
        keys = list(self.neighbours[item.asked.id])
        order = np.argsort(np.arange(len(keys)) + generator.exponential(1.5, len(keys)))
        for at in order.tolist():
            paragraph = self.paragraphs[keys[at], item.paragraph.language]
            marked = self._marked(item.asked.question, paragraph, generator)
            text = paragraph.text[slice(*self._part(paragraph, marked, generator))]
            if not _holds(text, item):
                yield Example(item.asked.question, paragraph.title, text, ())

    def without(self, item: Item, generator: np.random.Generator) -> Example | None:
        """Return part of the own paragraph without what answers; None where nothing is left."""
        paragraph = item.paragraph
        left = [s for s in paragraph.sentences if not _touches(s, item.asked.answers)]
        if not left:
            return None
        texts = [paragraph.text[slice(*span)] for span in left]
        rest = replace(paragraph, text=" ".join(texts), sentences=tuple(_joined(texts)), asked=())
        marked = self._marked(item.asked.question, rest, generator)
        text = rest.text[slice(*self._part(rest, marked, generator))]
        return None if _holds(text, item) else Example(item.asked.question, rest.title, text, ())

    def _cut(self, item: Item, generator: np.random.Generator) -> Iterator[Example]:
        if generator.random() < _CUT_OUT and (found := self.without(item, generator)):
            yield found

    def _swapped(
        self, item: Item, answering: Example, generator: np.random.Generator
    ) -> Iterator[Example]:
        if generator.random() > _SWAPPED:
            return
        known = self.names[item.paragraph.language]
        names = [str(known[at]) for at in generator.integers(0, len(known), 30 if known else 0)]
        found = swapped(item.asked.question, item.paragraph.text, names, generator)
        if found:
            question = found[int(generator.integers(len(found)))]
            yield replace(answering, question=question, answers=())

    def _part(self, paragraph: Paragraph, marked: int, generator: np.random.Generator) -> Span:
        budget = int(generator.integers(_LEAST_BUDGET, TEXT_TOKENS + 1))
        tokens, after = self._counts(paragraph), bool(generator.random() < 0.5)
        return window(paragraph.sentences, tokens, marked, budget, after)

    def _counts(self, paragraph: Paragraph) -> list[int]:
        if paragraph.text not in self._tokens:
            texts = (paragraph.text[slice(*span)] for span in paragraph.sentences)
            self._tokens[paragraph.text] = [self.count(text) for text in texts]
        return self._tokens[paragraph.text]

    def _marked(self, question: str, paragraph: Paragraph, generator: np.random.Generator) -> int:
        """Return the place of the sentence that shares the rarest words with the question."""
        if generator.random() > _MARKED_BY_WORDS:
            return int(generator.integers(len(paragraph.sentences)))
        asked = _stems(question)
        shared = [asked & _stems(paragraph.text[slice(*s)]) for s in paragraph.sentences]
        return int(np.argmax([sum(self.rarity.get(stem, 0) for stem in s) for s in shared]))


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(text.lower())}


def _sentence_of(answer: Span, sentences: Sequence[Span]) -> int:
    return max(at for at, s in enumerate(sentences) if at == 0 or s.start <= answer.start)


def _touches(sentence: Span, answers: Iterable[Span]) -> bool:
    return any(a.start < sentence.end and sentence.start < a.end for a in answers)


def _joined(texts: Sequence[str]) -> Iterator[Span]:
    at = 0
    for text in texts:
        yield Span(at, at + len(text))
        at += len(text) + 1


def _holds(text: str, item: Item) -> bool:
    """Whether a text has the words of an answer."""
    found = {item.paragraph.text[slice(*answer)].strip() for answer in item.asked.answers}
    return any(re.search(rf"(?<!\w){re.escape(a)}(?!\w)", text, re.IGNORECASE) for a in found)
