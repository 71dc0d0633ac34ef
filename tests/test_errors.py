"""The error tree is the one that is drawn, and nothing else comes out of it."""

from __future__ import annotations

import re

from documents import errors
from documents.errors import PasserelleError
from eval.errors import EvaluationError
from index.errors import IndexingError
from qa.errors import QuestionError

LINE = re.compile(r"^    (?P<indent>[│ ├└─]*)(?P<name>[A-Z]\w+)", re.MULTILINE)


def drawn() -> dict[str, str]:
    """Return each drawn class with the one above it."""
    above: dict[int, str] = {}
    tree = {}
    for line in LINE.finditer(errors.__doc__ or ""):
        depth = len(line["indent"]) // 4
        above[depth] = line["name"]
        tree[line["name"]] = above.get(depth - 1, "Exception")
    return tree


def defined() -> dict[str, str]:
    """Return each class of the tree with the one it derives from."""
    tree, todo = {}, [PasserelleError]
    while todo:
        error = todo.pop()
        tree[error.__name__] = error.__base__.__name__ if error.__base__ else ""
        todo += error.__subclasses__()
    return tree


def test_the_drawn_tree_is_the_real_one() -> None:
    assert drawn() == defined()


def test_each_folder_has_its_branch() -> None:
    for branch in (IndexingError, QuestionError, EvaluationError):
        assert issubclass(branch, PasserelleError)


def test_every_class_says_what_it_means() -> None:
    assert all(cls.__doc__ for cls in PasserelleError.__subclasses__())
