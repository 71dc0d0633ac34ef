"""What is said after a build: of files that were not read, in both languages."""

from __future__ import annotations

import pytest

from documents.reading import Reading
from qa.indexes.reporting import say_what_was_read


@pytest.mark.parametrize(
    ("language", "counts", "said"),
    [
        (
            "en",
            {".odt": 1, ".csv": 1, ".doc": 1},
            "3 files of other formats passed over: .csv 1, .doc 1, .odt 1\n",
        ),
        (
            "fr",
            {"": 1, ".zip": 2},
            "3 fichiers d’autres formats non lus : .zip 2, (sans suffixe) 1\n",
        ),
        ("en", {".zip": 1}, "1 file of another format passed over: .zip 1\n"),
        ("fr", {"": 1}, "1 fichier d’un autre format non lu : (sans suffixe) 1\n"),
        ("en", {}, ""),
    ],
)
def test_files_passed_over_are_counted_by_suffix(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    counts: dict[str, int],
    said: str,
) -> None:
    monkeypatch.setenv("LC_ALL", {"fr": "fr_CA.UTF-8", "en": "C.UTF-8"}[language])
    say_what_was_read(Reading((), (), passed_over=counts), ())
    assert capsys.readouterr().err == said


def test_of_many_suffixes_the_most_frequent_are_listed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    counts = {f".x{n}": n for n in range(1, 24)}
    say_what_was_read(Reading((), (), passed_over=counts), ())
    said = capsys.readouterr().err
    assert said.startswith("276 files of other formats passed over: .x23 23, .x22 22, ")
    assert said.endswith(", .x4 4, … and 3 more\n")
