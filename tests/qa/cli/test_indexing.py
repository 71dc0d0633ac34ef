"""``qa index`` and ``qa verify``, with the real model and with files that cannot be used."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.cli import main as cli
from qa.settings import Settings
from tests.documents.formats.format_files import french_pdf, pdf

Run = Callable[..., int]


@pytest.fixture
def qa(tmp_path: Path, article_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line on a copy of the article's index."""
    shutil.copytree(article_settings.index, tmp_path / "index")
    monkeypatch.setenv("QA_INDEX", str(tmp_path / "index"))
    monkeypatch.setenv("QA_CACHE", str(article_settings.cache))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setattr(cli, "_speak_utf8", lambda: None)
    return lambda *arguments: cli.main([str(a) for a in arguments])


def test_own_documents_take_the_place_of_the_article(
    qa: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "cat.md").write_text("# Animals\n\nThe cat sleeps on the sofa all day.\n")
    (folder / "pain.txt").write_text("Le pain est cuit chaque matin par le boulanger.\n")
    assert qa("index", folder) == 0
    assert "2 document(s), 2 passages" in capsys.readouterr().err
    assert qa("ask", "Qui cuit le pain ?", "-k", "1") == 0
    assert "Le pain est cuit chaque matin" in capsys.readouterr().out


def test_the_article_again_encodes_nothing(qa: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert qa("index") == 0
    err = capsys.readouterr().err
    assert "0 added, 0 changed, 0 removed, 1 unchanged" in err
    assert "Nothing changed: 1 document(s), 20 passages" in err


def test_a_document_whose_file_is_damaged_later_stays_as_it_was(
    qa: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "documents"
    (folder / "sub").mkdir(parents=True)
    for name in ("sub/pain.txt", "gone.txt", "roi.txt"):
        (folder / name).write_text("Le pain est cuit chaque matin par le boulanger.\n")
    assert qa("index", folder) == 0
    (folder / "sub" / "pain.txt").write_bytes(b"\xe9t\xe9\x81")
    (folder / "gone.txt").unlink()
    capsys.readouterr()
    assert qa("index", folder) == 3
    err = capsys.readouterr().err
    assert "0 added, 1 changed, 1 removed, 1 unchanged" in err  # what is known of it, not its text
    assert "byte 0xE9 at offset 0" in err
    assert "sub-pain stays as it was indexed (“qa remove sub-pain” removes it)" in err
    assert qa("documents") == 0
    assert {"sub-pain", "roi"} <= set(capsys.readouterr().out.split())
    assert qa("verify") == 0


def test_a_sound_index_is_verified(qa: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert qa("verify") == 0
    assert "20 citations checked" in capsys.readouterr().out


def test_a_flipped_bit_is_found(
    qa: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (codes,) = (tmp_path / "index").glob("generations/*/late/codes.npy")
    content = bytearray(codes.read_bytes())
    content[-1] ^= 1
    codes.write_bytes(content)
    assert qa("verify") == 2
    assert "codes.npy is damaged" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "said", "status"),
    [
        ("latin.txt", b"\xe9t\xe9\x81", "byte 0xE9 at offset 0", 3),
        ("empty.txt", b"", "no text", 3),
        ("blank.md", b" \n\n", "no text", 3),
        ("nul.txt", b"a\0b", "byte 0x00 at offset 1", 3),
        ("picture.jpg", b"\xff\xd8", ".jpg", 2),
        ("missing.txt", None, "No such file", 2),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_changes_nothing(
    qa: Run,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: bytes | None,
    said: str,
    status: int,
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    before = (tmp_path / "index" / "current").read_text()
    assert qa("index", path) == status
    err = capsys.readouterr().err
    assert name in err
    assert said in err
    assert "Traceback" not in err
    assert (tmp_path / "index" / "current").read_text() == before


def test_a_bad_file_is_listed_and_the_others_are_indexed(
    qa: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "cat.md").write_text("# Animals\n\nThe cat sleeps on the sofa all day.\n")
    (folder / "latin.txt").write_bytes(b"\xe9t\xe9\x81")
    (folder / "scan.pdf").write_bytes(pdf([[]]))
    (folder / "gatto.txt").write_text(
        "Il gatto dorme sul divano tutto il giorno e anche la notte.\n"
    )
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    assert qa("index", folder) == 3
    err = capsys.readouterr().err
    assert "2 document(s), 2 passages" in err
    assert "gatto ne semble être ni en français ni en anglais" in err
    assert "\n2 fichier(s) laissé(s) de côté :\n" in err
    assert f"\n  {folder / 'latin.txt'} : ce n’est pas du texte en UTF-8 : octet 0xE9 à" in err
    assert f"\n  {folder / 'scan.pdf'} : aucun texte sur sa seule page" in err
    assert qa("ask", "Où dort le chat ?", "-k", "1") in {0, 1}


def test_globs_choose_files_and_the_page_is_shown(
    qa: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "documents"
    (folder / "old").mkdir(parents=True)
    (folder / "old" / "b.md").write_text("Le pain est cuit chaque matin.\n")
    (folder / "bad.md").write_bytes(b"\xff")
    (folder / "rapport.pdf").write_bytes(french_pdf())
    assert qa("index", folder, "--exclude", "old", "--include", "*.pdf", "--include", "b.*") == 0
    assert "1 document(s)" in capsys.readouterr().err
    assert qa("ask", "Où tout est-il resté ?", "-k", "1") in {0, 1}
    assert "— rapport, p. 2, 246–299\n" in capsys.readouterr().out


def test_an_index_of_another_model_says_what_to_run(
    qa: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QA_MODEL", "intfloat/multilingual-e5-base")
    assert qa("ask", "Qui a fondé Mila ?") == 2
    err = capsys.readouterr().err
    assert "multilingual-e5-small-q4" in err
    assert "run `qa index`" in err
    monkeypatch.setenv("QA_MODEL", "multilingual-e5-small-q4")
    assert qa("ask", "Qui a fondé Mila ?") == 0


def test_an_index_of_another_schema_says_what_to_run(
    qa: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (manifest,) = (tmp_path / "index").glob("generations/*/manifest.json")
    content = manifest.read_text(encoding="utf-8").replace('"schema": ', '"schema": 9', 1)
    manifest.write_text(content, encoding="utf-8")
    digest = hashlib.sha256(content.encode()).hexdigest()[:16]
    manifest.parent.rename(manifest.parent.with_name(digest))
    (tmp_path / "index" / "current").write_text(digest, encoding="ascii")
    assert qa("ask", "Qui a fondé Mila ?") == 2
    assert "run `qa index`" in capsys.readouterr().err
