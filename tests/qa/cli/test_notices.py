"""What of a file was not read is said when it is indexed, kept, and shown with its document."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from string import Formatter

import pytest
from fastapi.testclient import TestClient

from documents.notices import Notice, NoticeKind
from qa.http.app import create_app
from qa.indexes.opening import open_service
from qa.messages import NOTICES
from qa.settings import Settings

Run = Callable[..., int]
TEXT = "Le chat dort près du roi, et la mer est calme.\n"
ENGLISH = (
    "no text on pages 2, 3: if they are scans, recognise the text first (qa index --ocr, "
    "or ocrmypdf)"
)


@pytest.fixture
def folder(scans: None) -> Path:
    del scans
    folder = Path("docs")
    folder.mkdir()
    (folder / "scan.txt").write_text(f"SCANNED: 2, 3\n\n{TEXT}", "utf-8")
    (folder / "whole.txt").write_text(TEXT, "utf-8")
    return folder


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_has_a_text_in_both_languages(kind: NoticeKind) -> None:
    for language in ("fr", "en"):
        text = NOTICES[kind][language]
        assert {name for _, name, _, _ in Formatter().parse(text) if name} <= {"detail"}
        assert text.format(detail="2, 3").strip()
    assert NOTICES[kind]["fr"] != NOTICES[kind]["en"]


def test_notices_are_said_and_are_no_failure(
    command: Run, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("index", folder) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1] == f"docs/scan.txt: {ENGLISH}"
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    assert command("index", folder) == 0
    assert "docs/scan.txt: aucun texte sur les pages 2, 3" in capsys.readouterr().err


def test_what_was_done_in_json(
    command: Run, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.txt").write_bytes(b"\xff")
    assert command("index", "--json", folder) == 3
    done = json.loads(capsys.readouterr().out)
    assert len(done.pop("generation")) == 16
    (problem,) = done.pop("problems")
    assert problem["file"] == "docs/bad.txt"
    assert "not UTF-8" in problem["reason"]
    kind = "pages-without-text"
    assert done == {
        "added": ["scan", "whole"], "changed": [], "removed": [], "unchanged": [],
        "documents": 2, "passages": 2, "passed_over": {}, "dry_run": False,
        "notices": [{"document": "scan", "kind": kind, "text": ENGLISH}],
    }  # fmt: skip


def test_a_notice_is_kept_and_shown_with_its_document(
    command: Run, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("index", folder) == 0
    capsys.readouterr()
    assert command("documents") == 0
    assert f"  ! {ENGLISH}\n" in capsys.readouterr().out
    command("documents", "--json")
    listed = json.loads(capsys.readouterr().out)["documents"]
    (notice,) = listed[0]["notices"]
    assert (notice["kind"], notice["detail"]) == ("pages-without-text", "2, 3")
    assert notice["text"]["en"] == ENGLISH
    assert listed[1]["notices"] == []
    settings = Settings(tmp_path / "index", tmp_path)
    client = TestClient(create_app(open_service(settings)))
    assert client.get("/documents").json()["documents"] == listed
    assert client.get("/documents/scan").json() == listed[0]
    page = client.get("/documents/scan", headers={"Accept": "text/html", "Accept-Language": "fr"})
    assert "aucun texte sur les pages 2, 3" in page.text
    assert "aucun texte" not in client.get("/documents/whole?lang=fr").text


def test_another_notice_is_a_change_and_the_same_one_is_none(
    command: Run, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command("index", folder)
    capsys.readouterr()
    (folder / "whole.txt").write_text(TEXT * 2, "utf-8")
    command("index", "--json", folder)
    done = json.loads(capsys.readouterr().out)
    assert (done["changed"], done["unchanged"]) == (["whole"], ["scan"])
    held = open_service(Settings(tmp_path / "index", tmp_path)).generation.documents
    assert held["scan"].notices == (Notice(NoticeKind.PAGES_WITHOUT_TEXT, "2, 3"),)


def test_a_notice_outlives_its_file_and_a_removal(
    command: Run, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command("index", folder)
    (folder / "scan.txt").write_bytes(b"\xff")
    assert command("index", folder) == 3
    command("remove", "whole")
    capsys.readouterr()
    command("documents")
    assert ENGLISH in capsys.readouterr().out


def states(command: Run, capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[str, list[str]]]:
    capsys.readouterr()
    assert command("documents", "--json") == 0
    listed = json.loads(capsys.readouterr().out)["documents"]
    return {d["id"]: (d["state"], [n["text"]["fr"] for n in d["notices"]]) for d in listed}


def test_a_file_that_can_no_longer_be_read_has_failed_until_it_can(
    command: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path("kept")
    folder.mkdir()
    (folder / "roi.txt").write_text(TEXT, "utf-8")
    assert command("index", folder) == 0
    (folder / "roi.txt").write_bytes(b"\xe9t\xe9\x81")
    assert command("index") == 3
    state, (said,) = states(command, capsys)["roi"]
    assert state == "failed"
    assert said.startswith(
        "le fichier n’a pu être lu à nouveau, et son texte d’avant reste indexé : roi.txt : ce "
        "n’est pas du texte en "
    )
    assert command("documents") == 0
    assert "! the file could not be read again" in capsys.readouterr().out
    assert command("verify") == 0
    assert command("index") == 3  # the same again
    assert states(command, capsys)["roi"][0] == "failed"
    (folder / "roi.txt").write_text(TEXT, "utf-8")
    assert command("index") == 0
    assert states(command, capsys)["roi"] == ("read", [])
