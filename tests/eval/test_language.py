"""The measure of the language detection."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from documents.errors import UnreadableDocument
from eval.language import Verdict, check_detection, detection_table, main, read_questions


def _file(folder: Path, text: str) -> Path:
    path = folder / "questions.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def _rows(verdicts: list[Verdict]) -> list[list[str]]:
    file = StringIO()
    Console(width=200, file=file).print(detection_table(verdicts))
    lines = file.getvalue().splitlines()
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines]


def test_questions_are_read_in_order_and_quotes_kept(tmp_path: Path) -> None:
    path = _file(tmp_path, 'language\ttext\nfr\tQui a dit "non ?\nen\tWho said "no?\n')
    assert read_questions(path) == [("fr", 'Qui a dit "non ?'), ("en", 'Who said "no?')]


@pytest.mark.parametrize("text", ["", "language\ttext\n", "langue\ttexte\nfr\tQui ?\n"])
def test_a_file_without_the_columns_or_rows_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableDocument):
        read_questions(_file(tmp_path, text))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match=r"none\.tsv"):
        read_questions(tmp_path / "none.tsv")


def test_langdetect_alone_errs_where_names_are_foreign() -> None:
    verdict = check_detection("fr", "Qui a peint Olympia ?")
    assert (verdict.right, verdict.default, verdict.langdetect_right) == (True, False, False)


def test_words_are_counted_at_white_space() -> None:
    assert check_detection("fr", "Qu'est-ce que l'IA ?").words == 4


def test_digits_are_default_and_und_for_langdetect() -> None:
    verdict = check_detection("en", "2025")
    assert (verdict.right, verdict.default, verdict.langdetect_right) == (False, True, False)


def test_the_table_groups_by_language_and_length() -> None:
    verdicts = [
        Verdict("fr", 1, right=True, default=True, langdetect_right=False, microseconds=100),
        Verdict("fr", 7, right=False, default=False, langdetect_right=True, microseconds=300),
        Verdict("en", 3, right=True, default=False, langdetect_right=True, microseconds=50),
    ]
    assert [row for row in _rows(verdicts) if row and row[0] in {"fr", "en"}] == [
        ["en", "2-3", "1", "100.00%", "0", "100.00%", "50"],
        ["en", "all", "1", "100.00%", "0", "100.00%", "50"],
        ["fr", "1", "1", "100.00%", "1", "0.00%", "100"],
        ["fr", "7+", "1", "0.00%", "0", "100.00%", "300"],
        ["fr", "all", "2", "50.00%", "1", "50.00%", "200"],
    ]


def test_the_command_prints_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(_file(tmp_path, "language\ttext\nfr\tQui est-il ?\n"))]) == 0
    assert "100.00%" in capsys.readouterr().out


def test_an_unusable_file_is_one_line_of_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none.tsv")]) == 2
    assert capsys.readouterr().err.startswith("error: ")
