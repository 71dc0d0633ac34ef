"""The command line: what is typed, what is seen, what is returned."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from index.search.filters import NOTHING, filter_json
from qa.answer.service import QAService
from qa.cli import asking
from qa.cli import main as cli
from qa.http.app import create_app
from qa.messages import HELP
from qa.narrowing import narrowed

Run = Callable[..., int]


@pytest.fixture
def qa(service: QAService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command line in process on an index of the fake encoder."""
    monkeypatch.setattr(asking, "ready_service", lambda _: service)
    monkeypatch.setenv("QA_INDEX", str(tmp_path / "index"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setattr(cli, "_speak_utf8", lambda: None)
    return lambda *arguments: cli.main(arguments)


def test_an_answer_names_section_citation_and_confidence(
    qa: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qa("ask", "the cat and the sea", "-k", "1") == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "1. English › Animals" in out
    assert "The cat sees the sea" in out
    assert "— english, 9–30" in out
    assert "\x1b" not in out


def test_no_line_is_longer_than_80_columns(qa: Run, capsys: pytest.CaptureFixture[str]) -> None:
    qa("ask", "pain", "-k", "4")
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_json_is_what_http_answers(
    qa: Run, service: QAService, capsys: pytest.CaptureFixture[str]
) -> None:
    client = TestClient(create_app(service))
    qa("ask", "Où est le chat ?", "--json")
    printed = capsys.readouterr().out
    assert printed == client.post("/ask", json={"question": "Où est le chat ?"}).text + "\n"


def test_a_question_a_line_gives_an_answer_a_line(
    qa: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"le chat\n\nthe king\r\n{'é' * 1000}\n"))
    assert qa("ask", "-") == 2  # the blank line is an error, in its place
    first, blank, second, longest = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["question"], second["question"]) == ("le chat", "the king")
    assert longest["question"] == "é" * 1000
    assert blank["type"] == "/problems/empty-question"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", ""], "empty"),
        (["ask", "   "], "empty"),
        (["ask", "x" * 10_000], "10000 characters"),
        (["ask", "a\x00b"], "control characters"),
        (["ask", "a\udc80b"], "broken Unicode"),
        (["ask", "😀"], "no letter"),
        (["ask", "chat", "--language", "xx"], "'xx'"),
        (["ask", "chat", "-k", "0"], "1 to 20"),
        (["ask", "chat", "--url", "ftp://x"], "--url"),
        (["serve", "--port", "70000"], "70000"),
        (["serve", "--workers", "0"], "--workers 0"),
        (["index", "--jobs", "0"], "--jobs 0"),
        (["verify"], "run `qa index`"),
    ],
)
def test_bad_input_is_one_clear_line(
    qa: Run, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qa(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("qa: error: ")
    assert said in err
    assert err.count("\n") == 1


def test_help_follows_the_locale(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for locale, word in (("fr_CA.UTF-8", "répondre"), ("en_GB.UTF-8", "answer")):
        monkeypatch.setenv("LC_ALL", locale)
        monkeypatch.setattr(cli, "_speak_utf8", lambda: None)
        with pytest.raises(SystemExit) as stopped:
            cli.main(["--help"])
        assert stopped.value.code == 0
        assert word in capsys.readouterr().out


def test_an_unknown_setting_value_is_named(
    qa: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QA_THREADS", "many")
    assert qa("ask", "chat") == 2
    assert "QA_THREADS='many'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--since", "soon"], "'soon' is no date such as 2025-01-31"),
        (["--filter", "author"], "'author' is no condition: write KEY=VALUE"),
    ],
)
def test_what_is_wrong_with_a_filter_is_said_before_an_index_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    options: list[str], said: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("QA_INDEX", str(tmp_path / "index"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setattr(cli, "_speak_utf8", lambda: None)
    assert cli.main(["ask", "Who?", *options]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "index").exists()


def test_the_options_become_the_filter_of_the_question() -> None:
    written = ["--in", "a/**", "--in", "b", "--tag", "rh", "--until", "2025", "--filter", "year>1"]
    options = cli.parser(HELP["en"]).parse_args(["ask", "Who?", *written])
    wanted = asking.filters_of(options)
    assert wanted == filter_json(
        narrowed(["a/**", "b"], ["rh"], until="2025", conditions=["year>1"]) or NOTHING
    )


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m qa.cli --help | head -c 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, cwd=".")
    assert done.stdout == b"u"
    assert b"Traceback" not in done.stderr


HEAVY = {
    "torch", "transformers", "sentence_transformers", "sklearn", "pandas", "scipy", "matplotlib",
    "fastapi", "starlette", "uvicorn", "onnx", "bm25s", "markdown_it", "icu4py", "rich.progress",
    "safetensors", "huggingface_hub", "numpy.ma",
}  # fmt: skip


def test_a_question_loads_nothing_that_it_does_not_need(
    article_service: QAService, tmp_path: Path
) -> None:
    code = (
        "import sys; from qa.cli.main import main\n"
        "assert main(['ask', 'Qui est la présidente de Mila ?', *sys.argv[1:]]) == 0\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    index = article_service.generation.encoder.parents[2]
    environment = {**os.environ, "QA_INDEX": str(index), "HOME": str(tmp_path)}
    for options in ([], ["--json"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *options], capture_output=True, text=True, check=True,
            env=environment, cwd=Path(__file__).parents[3],
        )  # fmt: skip
        loaded = set(done.stderr.split())
        assert "onnxruntime" in loaded
        assert loaded & HEAVY == set()
        assert ("rich" in loaded) == (options == [])


def test_the_process_ends_with_the_status_and_all_of_its_output(tmp_path: Path) -> None:
    code = "import sys; from qa.cli.main import run; sys.argv[1:] = ['ask', '']; run()"
    environment = {**os.environ, "QA_INDEX": str(tmp_path), "LC_ALL": "C.UTF-8"}
    (tmp_path / "current").write_text("none", encoding="ascii")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.startswith(b"qa: error: ")
    assert done.stderr.endswith(b"run `qa index` again\n")


def test_in_french_an_error_is_said_in_french(
    qa: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    assert qa("ask", " ") == 2
    assert capsys.readouterr().err == (
        "qa: erreur: La question est vide : posez-la en français ou en anglais. "
        "(the question is empty: ask something in French or English)\n"
    )
    assert qa("verify") == 2
    assert capsys.readouterr().err.startswith("qa: erreur: no index in ")
