"""``python -m eval.calibration FOLDER … --documents FOLDER … --squad FILE …``: fits the confidence.

Each data set is asked on random parts of its collection, since a confidence must hold for
collections of any size; half of the questions are asked after the passages that answer them were
removed. Folders of documents are asked all of their questions, and then half of them again without
what answers these; the documents with most questions are asked alone, too. The article's ``dev``
questions count as one more data set.

Near misses are asked beside them: those of ``eval/near_misses`` with their answerable twins;
questions of the ``--squad`` files asked of the other paragraphs of their article; and questions
with another number, name or attribute (``eval.sets.swaps``). The figures that are printed are those
of each set under weights fitted to all sets but those of its family.

If the index has a reader, a part of the questions is asked again with it, and the weights for
answers that were read are fitted to these.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from documents.errors import PasserelleError
from eval.abstention import Outcomes, auroc, calibration_error
from eval.article import relevant_passages
from eval.sets.collection import ARTICLE, Collections, of_article
from eval.sets.datasets import Dataset, load_dataset
from eval.sets.documents import DocumentFolder, Gold, load_document_questions, load_folder
from eval.sets.questions import Question, load_questions
from eval.sets.squad import Squad, is_judged, load_squad
from eval.sets.swaps import names_in, swapped
from index.dense.centres import Centres
from index.dense.exact import DenseIndex
from index.generations.generation import Generation
from index.generations.records import Passages
from index.late.contexts import Contexts
from index.late.scoring import LateIndex
from index.late.writer import late_index
from index.lexical.lexical_index import LexicalIndex
from index.search.ranking import Query, Ranking, rank
from qa.answer.confidence import Features, measure
from qa.answer.duplicates import distinct, without_copies
from qa.answer.second_look import READ, Reads, reread
from qa.answer.service import QAService
from qa.indexes.building import index_paths
from qa.indexes.opening import open_service
from qa.language.detection import detect
from qa.question import for_query
from qa.settings import Settings

NEAR_MISSES = Path(__file__).parent / "near_misses"
NEAR, SWAPPED, ALONE = ".near", ".swapped", ".alone"
"""How the names of sets of near misses end, and of questions asked of one document alone."""
SHARES = {NEAR: 0.2, SWAPPED: 0.1, ALONE: 0.4}
"""What these sets weigh, where a set of questions as people ask them weighs 1."""
SIZES = (20, 80, 300, 2000)
REPETITIONS = 4
THRESHOLD = 0.25
"""From which confidence a question counts as answered in the report: that of the settings."""
QUESTIONS = 400
"""How many questions of a data set are asked at each size, over all repetitions."""
LEARNT = "piaf."
"""How the names of data sets start that the reader was trained on: it is not asked of them."""
READ_EVERY, FEW = 8, 60
"""Of more than a few questions that are asked of the same passages, one in so many is read."""
SINGLE = 6
"""How many documents of a folder are asked alone."""
SWAPS, ASKED = 40, 6
"""How many swapped questions of a folder, and questions of an article's half, are asked at most."""
PARAGRAPHS, OTHERS = 3, 15
"""An article must have so many paragraphs; so many of other articles stand beside them."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Questions that were asked.

    Attributes:
        source: the name of each question's data set, ``(n,) str``.
        features: what the confidence is computed from, ``(n, f) float64``.
        right: whether the first passage answers, ``(n,) bool``.
        answerable: whether any passage answers, ``(n,) bool``.
        language: of each question, ``(n,) str``.
        read: the reader's logit that the first passage answers; NaN where it was not read,
            ``(n,) float64``.
    """

    source: NDArray[np.str_]
    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    answerable: NDArray[np.bool_]
    language: NDArray[np.str_]
    read: NDArray[np.float64]

    @property
    def signals(self) -> NDArray[np.float64]:
        """The features, and what the reader said if it was asked, ``(n, f or f + 1) float64``."""
        if np.isnan(self.read).all():
            return self.features
        return np.hstack([self.features, self.read[:, None]])

    def of(self, members: NDArray[np.bool_]) -> Sample:
        """Return some of the questions."""
        return Sample(*(getattr(self, field.name)[members] for field in fields(self)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, print and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.calibration", description=__doc__)
    parser.add_argument("datasets", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--documents", nargs="*", type=Path, metavar="FOLDER", default=[])
    parser.add_argument("--squad", nargs="*", type=Path, metavar="FILE", default=[])
    options = parser.parse_args(arguments)
    try:
        sample = _sample(options, Settings.from_environment())
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    _report(sample)
    return 0


def _sample(options: argparse.Namespace, settings: Settings) -> Sample:
    collections = Collections.of(settings)
    squads = [load_squad(path) for path in options.squad]
    names = names_in([q for squad in squads for q in squad.dataset.queries.values()])
    rows = _of_article(of_article(settings))
    rows += [
        row for path in options.datasets for row in _of_dataset(load_dataset(path), collections)
    ]
    for folder in map(load_folder, options.documents):
        rows += [*_of_folder(folder, collections), *_near_folder(folder, collections, names)]
    rows += [row for squad in squads for row in _of_squad(squad, collections, names)]
    sources, features, *judged = zip(*rows, strict=True)
    columns = (np.array(column) for column in judged)
    return Sample(np.array(sources), np.array(features, dtype=np.float64), *columns)


_Row = tuple[str, Features, bool, bool, str, float]


def _of_dataset(dataset: Dataset, collections: Collections) -> Iterator[_Row]:
    service, generator = collections.whole(dataset), np.random.default_rng(0)
    if dataset.name.startswith(LEARNT):
        service = replace(service, look=None)
    places = {p.document_id: row for row, p in enumerate(service.generation.passages)}
    gold = {
        query: {places[dataset.documents[name].id] for name in names}
        for query, names in dataset.qrels.items()
    }
    queries = _encode(service, dataset.queries)
    for rows in _parts(len(places), generator):
        inside = [query for query in queries if gold[query] & set(rows)]
        generator.shuffle(inside)
        yield from _ask(dataset.name, service, rows, inside, queries, gold)


def _of_folder(folder: DocumentFolder, collections: Collections) -> Iterator[_Row]:
    """Ask all questions of the whole, and every second one after its answer was taken away."""
    service, _ = collections.files(folder.name, [folder.docs])
    whole = cast(Generation, service.generation)
    places = {p.id: row for row, p in enumerate(whole.passages)}
    gold = Gold.of([folder.docs], whole.documents, whole.passages).relevant_to_all(folder)
    rows = {str(n): {places[name] for name in names} for n, names in enumerate(gold)}
    queries = _encode(service, {str(n): q.text for n, q in enumerate(folder.questions)})
    every = list(range(len(whole.passages)))
    yield from _asked_of(folder.name, service, every, queries, rows)
    removed = {name: queries[name] for name in [n for n in rows if rows[n]][::2]}
    taken = set().union(*(rows[name] for name in removed))
    kept = [row for row in every if row not in taken]
    if kept:
        yield from _asked_of(folder.name, service, kept, removed, rows)
    yield from _alone(folder.name + ALONE, service, queries, rows)


def _alone(
    name: str, service: QAService, queries: Mapping[str, Query], gold: Mapping[str, set[int]]
) -> Iterator[_Row]:
    """Ask the documents that have most questions alone: their own, and as many of the others."""
    whole = service.generation
    own: dict[str, list[str]] = {}
    for question, rows in gold.items():
        for document in {whole.passages[row].document_id for row in rows}:
            own.setdefault(document, []).append(question)
    for document in sorted(own, key=lambda d: -len(own[d]))[:SINGLE]:
        mine = set(own[document])
        others = [question for question in queries if question not in mine]
        chosen = others[:: max(1, len(others) // len(mine))]
        asked = {question: queries[question] for question in (*own[document], *chosen)}
        yield from _asked_of(name, service, list(whole.rows_of(document)), asked, gold)


def _parts(total: int, generator: np.random.Generator) -> Iterator[list[int]]:
    for size in SIZES:
        for _ in range(REPETITIONS if size < total else 1):
            yield sorted(generator.choice(total, min(size, total), replace=False).tolist())
        if size >= total:
            return


def _ask(
    name: str,
    service: QAService,
    rows: list[int],
    inside: list[str],
    queries: Mapping[str, Query],
    gold: Mapping[str, set[int]],
) -> Iterator[_Row]:
    asked = inside[
        : QUESTIONS // REPETITIONS if len(rows) < len(service.generation.passages) else QUESTIONS
    ]
    taken = set().union(*(gold[query] for query in asked[::2])) if asked else set()
    kept = [row for row in rows if row not in taken]
    if not kept:
        return
    yield from _asked_of(name, service, kept, {query: queries[query] for query in asked}, gold)


def _asked_of(
    name: str,
    service: QAService,
    rows: list[int],
    queries: Mapping[str, Query],
    gold: Mapping[str, set[int]],
) -> Iterator[_Row]:
    """Ask questions of some of the passages alone."""
    part = _part(cast(Generation, service.generation), rows)
    every = READ_EVERY if len(queries) > FEW else 1
    for number, (question, query) in enumerate(queries.items()):
        ranking = rank(part, query)
        assert ranking is not None  # noqa: S101 - there is a passage
        answers = {at for at, row in enumerate(rows) if row in gold.get(question, ())}
        yield _row(name, part, query, ranking, {}, answers)
        if service.look is not None and number % every == 0:
            found = distinct(part, ranking, READ)
            reads = service.look.read(query.text, ranking, found)
            yield _row(name, part, query, reread(ranking, found, reads), reads, answers)


def _row(
    name: str, part: Generation, query: Query, ranking: Ranking, reads: Reads, answers: set[int]
) -> _Row:
    ranking = without_copies(part, ranking)
    first = int(ranking.rows[0])
    read = reads[first].score if first in reads else math.nan
    found = measure(query, ranking, part.passages[first])
    return name, found, first in answers, bool(answers), query.language, read


def _part(whole: Generation, rows: list[int]) -> Generation:
    """Return a generation in memory of some of the passages, as if they alone were indexed."""
    passages = [whole.passages[row] for row in rows]
    dense, late = DenseIndex.of(whole.dense.vectors(np.array(rows))), _late_part(whole, rows)
    return replace(
        whole,
        passages=cast(Passages, passages),
        dense=dense,
        centres=Centres.measure(dense, late.languages[: len(rows)]),
        near={},
        late=late,
        lexical=LexicalIndex.of(
            [p.text for p in passages],
            [p.language for p in passages],
            [p.context for p in passages],
        ),
    )


def _late_part(whole: Generation, rows: list[int]) -> LateIndex:
    """Return the tokens of some of the passages and of the texts above them."""
    above, counts = whole.late.contexts.rows_above(np.array(rows))
    texts, places = np.unique(above, return_inverse=True)
    ends = np.concatenate([[0], np.cumsum(counts)])
    held = [whole.above[row - len(whole.passages)] for row in texts.tolist()]
    languages = [p.language for p in (*(whole.passages[row] for row in rows), *held)]
    tokens = [whole.late.passage(row) for row in (*rows, *texts.tolist())]
    contexts = Contexts(places.astype(np.int32), ends)
    return late_index(tokens, languages, whole.late.frame.typical, contexts)


def _of_article(settings: Settings) -> list[_Row]:
    index_paths([], settings)
    service = open_service(settings)
    rows = [q for q in load_questions() if q.split == "dev"]
    near = load_questions(NEAR_MISSES / "article.jsonl")
    return [*_asked_article(service, ARTICLE, rows), *_asked_article(service, ARTICLE + NEAR, near)]


def _asked_article(service: QAService, name: str, questions: Sequence[Question]) -> Iterator[_Row]:
    held = cast(Generation, service.generation)
    places, documents = {p.id: row for row, p in enumerate(held.passages)}, held.documents.values()
    gold = {
        q.id: {places[p] for p in relevant_passages(q, tuple(documents), held.passages)}
        for q in questions
    }
    queries = _encode(service, {q.id: q.text for q in questions})
    return _asked_of(name, service, list(range(len(places))), queries, gold)


def _near_folder(
    folder: DocumentFolder, collections: Collections, names: Sequence[str]
) -> Iterator[_Row]:
    """Ask the near misses on a folder, with their twins, and its own questions after swaps."""
    service, _ = collections.files(folder.name, [folder.docs])
    whole = cast(Generation, service.generation)
    every, places = (
        list(range(len(whole.passages))),
        {p.id: n for n, p in enumerate(whole.passages)},
    )
    written = NEAR_MISSES / f"{folder.name}.jsonl"
    if written.is_file():
        near = replace(folder, questions=load_document_questions(written, folder.docs))
        gold = Gold.of([folder.docs], whole.documents, whole.passages).relevant_to_all(near)
        rows = {str(n): {places[name] for name in found} for n, found in enumerate(gold)}
        queries = _encode(service, {str(n): q.text for n, q in enumerate(near.questions)})
        yield from _asked_of(folder.name + NEAR, service, every, queries, rows)
    text = " ".join(f"{d.title} {d.text}" for d in whole.documents.values())
    asked = [q.text for q in folder.questions if q.answerable]
    swaps = _swaps(asked, text, names, SWAPS)
    yield from _asked_of(folder.name + SWAPPED, service, every, _encode(service, swaps), {})


def _swaps(questions: Sequence[str], text: str, names: Sequence[str], count: int) -> dict[str, str]:
    generator = np.random.default_rng(1)
    every = [swap for q in questions for swap in swapped(q, text, names, generator)]
    generator.shuffle(every)
    return {str(n): swap for n, swap in enumerate(every[:count])}


def _of_squad(squad: Squad, collections: Collections, names: Sequence[str]) -> Iterator[_Row]:
    """Ask each article's questions after half of its paragraphs were taken away.

    The reader is asked of the articles that it was not trained on.
    """
    service, generator = collections.whole(squad.dataset), np.random.default_rng(0)
    whole = cast(Generation, service.generation)
    places = {p.document_id: row for row, p in enumerate(whole.passages)}
    asked: dict[str, list[str]] = {}
    for question, gold in squad.dataset.qrels.items():
        asked.setdefault(min(gold), []).append(question)
    for title, held in squad.articles.items():
        if len(held) >= PARAGRAPHS:
            part = _Part.of(title, held, sorted(places), generator)
            kept_back = is_judged(title.replace("_", " "))
            asking = service if kept_back else replace(service, look=None)
            yield from _ask_part(squad.dataset, asking, part, asked, places, names)


class _Part(NamedTuple):
    """Half of an article's paragraphs, some of other articles, and what was taken away."""

    title: str
    kept: list[str]
    removed: list[str]
    others: list[str]

    @classmethod
    def of(
        cls, title: str, held: Sequence[str], every: Sequence[str], generator: np.random.Generator
    ) -> _Part:
        order = generator.permutation(list(held))[:20].tolist()
        half, apart = len(order) // 2, sorted(set(every) - set(held))
        more = generator.choice(apart, min(OTHERS, len(apart)), replace=False).tolist()
        return cls(title, order[half:], order[:half], more)


def _ask_part(
    dataset: Dataset,
    service: QAService,
    part: _Part,
    asked: Mapping[str, list[str]],
    places: Mapping[str, int],
    names: Sequence[str],
) -> Iterator[_Row]:
    whole = cast(Generation, service.generation)
    rows = sorted(places[name] for name in (*part.kept, *part.others))
    chosen = [
        question
        for names_ in (part.kept, part.removed)
        for question in [q for name in names_ for q in asked.get(name, [])][::2][:ASKED]
    ]
    gold = {q: {places[name] for name in dataset.qrels[q]} for q in chosen}
    texts = {question: dataset.queries[question] for question in chosen}
    yield from _asked_of(dataset.name, service, rows, _encode(service, texts), gold)
    text = " ".join([part.title, *(whole.passages[row].text for row in rows)])
    swaps = _swaps([*texts.values()][:ASKED], text, names, 3)
    name = dataset.name.removesuffix(NEAR) + SWAPPED
    yield from _asked_of(name, service, rows, _encode(service, swaps), {})


def _encode(service: QAService, questions: Mapping[str, str]) -> dict[str, Query]:
    texts = {name: for_query(question) for name, question in questions.items()}
    if not texts:
        return {}
    encoded = service.encoder.encode_queries(list(texts.values()))
    return {
        name: Query(text, detect(text).code, pooled, tokens)
        for (name, text), pooled, tokens in zip(
            texts.items(), encoded.pooled, encoded.tokens, strict=True
        )
    }


def fit(sample: Sample) -> tuple[NDArray[np.float64], float]:
    """Fit the logistic regression, L2; sets have the same total weight, near misses ``SHARES``.

    Returns:
        The weights of the signals as they are, ``(f,)`` or ``(f + 1,) float64``, and the intercept.
    """
    names, members = np.unique(sample.source, return_inverse=True)
    weights = np.array([_share(name) for name in names]) / np.bincount(members)
    shares = weights[members] * len(members) / weights[members].sum()
    signals = sample.signals
    means, spreads = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    model = LogisticRegression(C=1, max_iter=5000)
    model.fit((signals - means) / spreads, sample.right, sample_weight=shares)
    coefficients = model.coef_[0] / spreads
    return coefficients, float(model.intercept_[0] - coefficients @ means)


def _share(name: str) -> float:
    return next((share for end, share in SHARES.items() if name.endswith(end)), 1.0)


def predict(weights: NDArray[np.float64], intercept: float, sample: Sample) -> NDArray[np.float64]:
    """Return the probabilities of a fitted model, ``(n,) float64``."""
    return np.asarray(1 / (1 + np.exp(-(sample.signals @ weights + intercept))))


def left_out(sample: Sample) -> NDArray[np.float64]:
    """Return each question's confidence by weights fitted to other families, ``(n,) float64``.

    The sets of a family, ``python-faq.en-fr`` and ``python-faq.fr.near``, share their documents.
    """
    families, found = (
        np.array([s.split(".")[0] for s in sample.source]),
        np.zeros(len(sample.right)),
    )
    for family in np.unique(families):
        held = families == family
        found[held] = predict(*fit(sample.of(~held)), sample.of(held))
    return found


def _report(sample: Sample) -> None:
    unread = np.isnan(sample.read)
    _report_fit(sample.of(unread), "")
    if not unread.all():
        print("\nread:")
        _report_fit(sample.of(~unread), "READ_")


def _report_fit(sample: Sample, prefix: str) -> None:
    confidences = left_out(sample)
    for name in np.unique(sample.source):
        members = sample.source == name
        print(f"{name:26} {_figures(confidences[members], sample.of(members))}")
    for language in np.unique(sample.language):
        members = sample.answerable & (sample.language == language)
        print(f"answerable, {language}: {np.mean(confidences[members] < THRESHOLD):.3f} refused")
    weights, intercept = fit(sample)
    own, read = weights[: len(Features._fields)], weights[len(Features._fields) :]
    rounded = ", ".join(f"{n}={w:.3f}" for n, w in zip(Features._fields, own, strict=True))
    print(f"{prefix}WEIGHTS = Features({rounded})\n{prefix}INTERCEPT = {intercept:.3f}")
    for weight in read:
        print(f"READ = {weight:.3f}")


def _figures(confidences: NDArray[np.float64], sample: Sample) -> str:
    found = Outcomes(confidences, sample.right, sample.answerable)
    areas = (auroc(confidences, found.right), auroc(confidences, found.answerable))
    answered = confidences >= THRESHOLD
    shares = (answered[~found.answerable], ~answered[found.answerable])
    return (
        f"n {len(confidences):5} AUROC {_shown(areas[0])} of answerable {_shown(areas[1])} "
        + "unanswerable answered {} answerable refused {} ".format(
            *(_shown(float(share.mean()) if len(share) else None) for share in shares)
        )
        + f"ECE {calibration_error(found):.3f}"
    )


def _shown(figure: float | None) -> str:
    return "    -" if figure is None else f"{figure:.3f}"


if __name__ == "__main__":
    sys.exit(main())
