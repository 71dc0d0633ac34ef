"""Figures on folders of documents, as plain values that JSON can hold and as rows of tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.abstention import auroc
from eval.document_folders import OURS, Asked, FolderResult, pooled, scores
from eval.metrics import Scores, estimate

Figures = Mapping[str, Any]
Row = tuple[str, ...]

RIVALS = ("dense", "bm25", "rrf")
RANKED = ("Success@1", "Success@5", "MRR@10")
FIRST = "Success@1"
RANKING_COLUMNS: Row = (
    "questions", "n", "first", "first five", "MRR@10", *(f"{r}: first / five" for r in RIVALS),
)  # fmt: skip
CONFIDENCE_COLUMNS: Row = (
    "questions", "n", "answered", "answered and right", "refused", "AUROC", "median confidence",
)  # fmt: skip
TOGETHER_COLUMNS: Row = ("questions", "n", "alone: first", "together: first", "difference")


def folder_figures(
    results: Sequence[FolderResult], together: Sequence[FolderResult] = ()
) -> dict[str, Any]:
    """Return the figures of each folder, of all questions, and of all folders in one index."""
    found: dict[str, Any] = {"documents": [_folder(result) for result in results]}
    apart = sum(result.passages for result in results)
    if len(results) > 1:
        found["all_documents"] = _folder(pooled(results, apart))
    if together:
        found["together"] = [_beside(*pair) for pair in zip(results, together, strict=True)]
        found["together"].append(_every(results, together, apart))
    return found


def _every(
    results: Sequence[FolderResult], together: Sequence[FolderResult], apart: int
) -> dict[str, Any]:
    return _beside(pooled(results, apart), pooled(together, together[0].passages))


def tables(figures: Figures) -> Iterator[tuple[str, Row, Iterator[Row]]]:
    """Yield the tables: two a folder, and one a folder where all are in one index.

    Yields:
        The title, the names of the columns, and the rows.
    """
    every = [figures["all_documents"]] if "all_documents" in figures else []
    for folder in [*figures["documents"], *every]:
        title = f"{folder['name']}: {folder['passages']} passages"
        ranking = f"{title}; 95 % bootstrap interval; the rivals read title, headings and text"
        yield ranking, RANKING_COLUMNS, _ranking_rows(folder)
        yield f"{title}: confidence", CONFIDENCE_COLUMNS, _confidence_rows(folder)
    for folder in figures.get("together", ()):
        title = f"{folder['name']}, all folders in one index of {folder['passages']} passages"
        yield title, TOGETHER_COLUMNS, _together_rows(folder)


def _ranking_rows(folder: Figures) -> Iterator[Row]:
    """Yield a row a group of answerable questions: how the systems rank, ours with its interval."""
    for name, found in folder["groups"].items():
        if "systems" in found:
            systems, first = found["systems"], found["first"]
            interval = f"{first['mean']:.3f} [{first['low']:.2f}, {first['high']:.2f}]"
            ours = (_share(systems[OURS][metric]) for metric in RANKED[1:])
            theirs = (" / ".join(_share(systems[r][m]) for m in RANKED[:2]) for r in RIVALS)
            yield name, str(found["questions"]), interval, *ours, *theirs


def _confidence_rows(folder: Figures) -> Iterator[Row]:
    """Yield a row a group of questions: how many are answered, and how sure the service is."""
    keys = ("answered", "answered_right", "refused", "auroc", "median_confidence")
    for name, found in folder["groups"].items():
        yield name, str(found["questions"]), *(_share(found.get(key)) for key in keys)


def _together_rows(folder: Figures) -> Iterator[Row]:
    """Yield a row a group: the first passage right in an index of its own, and in a shared one."""
    for name, found in folder["groups"].items():
        gain, shares = found["difference"], (found["alone"], found["together"])
        difference = f"{gain['mean']:+.3f} [{gain['low']:+.3f}, {gain['high']:+.3f}]"
        yield name, str(found["questions"]), *map(_share, shares), difference


def lost_lines(folder: Figures) -> Iterator[str]:
    """Yield a line for every question whose answer no passage holds, and every unread file."""
    for lost in folder["no_right_passage"]:
        yield f"no right passage: line {lost['line']}: {lost['question']} ({lost['place']})"
    yield from (f"not read: {reason}" for reason in folder["unread"])


def _folder(result: FolderResult) -> dict[str, Any]:
    ranked = {system: scores(result.asked, system) for system in result.asked[0].ranked}
    return {
        "name": result.name,
        "questions": len(result.asked),
        "passages": result.passages,
        "unread": list(result.unread),
        "no_right_passage": [_asked(a) for a in result.asked if a.lost],
        "misses": [
            _asked(a) | {"rank": a.rank, "first": a.ranked[OURS][0] if a.ranked[OURS] else None}
            for a in result.asked
            if a.question.answerable and not a.right
        ],
        "groups": {
            name: _group(result.asked, members, ranked)
            for name, members in _groups(result.asked).items()
        },
    }


def _asked(asked: Asked) -> dict[str, Any]:
    question = asked.question
    return {"line": question.line, "question": question.text, "place": question.place}


def _groups(asked: Sequence[Asked]) -> dict[str, NDArray[np.intp]]:
    """Return the places of the questions of each group that has any."""
    answerable = np.array([a.question.answerable for a in asked])
    kinds = np.array([a.question.kind for a in asked])
    directions = np.array([a.direction for a in asked])
    members = {"answerable": answerable}
    members |= {str(d): answerable & (directions == d) for d in np.unique(directions[answerable])}
    members |= {str(k): answerable & (kinds == k) for k in np.unique(kinds[answerable])}
    members |= {"not answerable": ~answerable}
    refused = np.unique(kinds[~answerable])
    members |= {f"not answerable: {k}": ~answerable & (kinds == k) for k in refused}
    return {name: np.flatnonzero(m) for name, m in members.items() if m.any()}


def _group(
    every: Sequence[Asked], places: NDArray[np.intp], ranked: Mapping[str, Scores]
) -> dict[str, Any]:
    members = [every[at] for at in places]
    found = {
        "questions": len(members),
        "auroc": _auroc(members, every),
        "median_confidence": float(np.median([a.answer.confidence for a in members])),
    }
    answered = np.array([a.answer.answerable for a in members], dtype=float)
    if not members[0].question.answerable:
        return found | {"refused": 1 - float(answered.mean())}
    first = ranked[OURS][FIRST][places]
    return found | {
        "first": asdict(estimate(first)),
        "answered": float(answered.mean()),
        "answered_right": float((answered * first).mean()),
        "systems": {s: {m: float(f[m][places].mean()) for m in RANKED} for s, f in ranked.items()},
    }


def _auroc(members: Sequence[Asked], every: Sequence[Asked]) -> float | None:
    """Compare the right answers with those to the questions that the documents do not answer.

    What the members lack of either is taken from all questions of the folder.
    """
    answerable = members[0].question.answerable
    right = [a for a in (members if answerable else every) if a.right]
    unanswerable = [a for a in (every if answerable else members) if not a.question.answerable]
    facing = [*right, *unanswerable]
    if not facing:
        return None
    confidence = np.array([a.answer.confidence for a in facing])
    return auroc(confidence, np.array([a.question.answerable for a in facing]))


def _beside(alone: FolderResult, together: FolderResult) -> dict[str, Any]:
    groups = {}
    first = [scores(result.asked, OURS)[FIRST] for result in (alone, together)]
    for name, members in _groups(alone.asked).items():
        if alone.asked[members[0]].question.answerable:
            own, shared = (values[members] for values in first)
            groups[name] = {
                "questions": len(members),
                "alone": float(own.mean()),
                "together": float(shared.mean()),
                "difference": asdict(estimate(shared - own)),
            }
    return {"name": alone.name, "passages": together.passages, "groups": groups}


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
