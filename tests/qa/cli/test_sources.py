"""``qa index`` loses nothing, ``qa sources`` says what is followed: the commands themselves."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.generations.folder import FolderStore
from index.manifest import Manifest
from qa.indexes import attempts

Run = Callable[..., int]
Said = pytest.CaptureFixture[str]


def write(path: str, text: str = "Le chat dort près du roi.") -> Path:
    place = Path(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"{text} ({path})\n", "utf-8")
    return place


@pytest.fixture
def two(command: Run, capsys: Said) -> Run:
    """A command whose index follows a folder and a file."""
    write("notes/one.md")
    write("notes/two.md")
    write("other.md")
    assert command("index", "notes") == 0
    assert command("index", "other.md") == 0
    capsys.readouterr()
    return command


def listed(command: Run, capsys: Said) -> list[str]:
    capsys.readouterr()
    assert command("documents", "--json") == 0
    return [d["id"] for d in json.loads(capsys.readouterr().out)["documents"]]


def followed(command: Run, capsys: Said) -> list[str]:
    capsys.readouterr()
    assert command("sources", "--json") == 0
    sources = json.loads(capsys.readouterr().out)["sources"]
    return [Path(source["path"]).name for source in sources]


def done(capsys: Said) -> dict[str, list[str]]:
    report = json.loads(capsys.readouterr().out)
    return {kind: report[kind] for kind in ("added", "changed", "removed", "unchanged")}


def test_another_document_takes_none_away(two: Run, capsys: Said) -> None:
    assert listed(two, capsys) == ["one", "two", "other"]
    assert followed(two, capsys) == ["notes", "other.md"]


def test_all_that_is_followed_is_brought_up_to_date(two: Run, capsys: Said) -> None:
    write("notes/one.md", "La mer est calme.")
    Path("notes/two.md").unlink()
    write("notes/three.md")
    assert two("index", "--json") == 0
    assert done(capsys) == {
        "added": ["three"], "changed": ["one"], "removed": ["two"], "unchanged": ["other"],
    }  # fmt: skip


def test_what_is_named_is_brought_up_to_date_and_the_rest_is_not_even_read(
    two: Run, capsys: Said
) -> None:
    Path("notes/one.md").write_bytes(b"\xff")
    Path("notes/two.md").unlink()
    write("other.md", "La mer est calme.")
    assert two("index", "--json", "other.md") == 0
    assert done(capsys)["changed"] == ["other"]
    assert listed(two, capsys) == ["one", "two", "other"]


def test_the_article_steps_aside_for_the_first_own_document(command: Run, capsys: Said) -> None:
    assert command("index") == 0
    assert listed(command, capsys) == ["mila-canada-2025"]
    assert command("sources") == 0
    assert "follows no file or folder" in capsys.readouterr().err
    write("own.md")
    assert command("index", "own.md") == 0
    assert "The bundled article steps aside" in capsys.readouterr().err
    assert listed(command, capsys) == ["own"]
    assert command("index") == 0
    assert "steps aside" not in capsys.readouterr().err
    assert listed(command, capsys) == ["own"]


def test_an_unreadable_document_does_not_drive_the_article_away(command: Run, capsys: Said) -> None:
    assert command("index") == 0
    write("own.md").write_bytes(b"\xff")
    assert command("index", "own.md") == 3
    assert listed(command, capsys) == ["mila-canada-2025"]


def test_only_asks_before_it_removes(
    two: Run, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert two("index", "--only", "other.md") == 2
    err = capsys.readouterr().err
    assert "this would remove 2 document(s) from the index (one, two): add --yes" in err
    assert listed(two, capsys) == ["one", "two", "other"]
    terminal = io.StringIO("n\no\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    assert two("index", "--only", "other.md") == 2
    assert "not agreed to" in capsys.readouterr().err
    assert two("index", "--only", "other.md") == 0
    assert listed(two, capsys) == ["other"]
    assert followed(two, capsys) == ["other.md"]


def test_only_with_yes_and_where_nothing_goes_asks_nothing(two: Run, capsys: Said) -> None:
    assert two("index", "--only", "notes", "other.md") == 0
    assert two("index", "--only", "--yes", "notes") == 0
    assert listed(two, capsys) == ["one", "two"]


def test_patterns_ask_before_they_remove_what_is_there(two: Run, capsys: Said) -> None:
    Path("notes/two.md").unlink()
    assert two("index", "notes", "--include", "*.zzz") == 2
    assert "would remove 1 document(s) from the index (one): add --yes" in capsys.readouterr().err
    assert "one" in listed(two, capsys)
    assert two("index", "notes") == 0  # what was deleted goes unasked
    assert "two" not in listed(two, capsys)
    assert two("index", "notes", "--include", "*.zzz", "--yes") == 0
    assert "one" not in listed(two, capsys)


def test_a_dry_run_says_what_would_be_done_and_does_nothing(two: Run, capsys: Said) -> None:
    write("notes/one.md", "La mer est calme.")
    Path("notes/two.md").unlink()
    write("notes/bad.md").write_bytes(b"\xff")
    before = sorted(Path("../index").rglob("*"))
    assert two("index", "--dry-run", "--json", "notes") == 3
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert (report["dry_run"], report["generation"], report["documents"]) == (True, None, 2)
    assert (report["changed"], report["removed"]) == (["one"], ["two"])
    assert report["unchanged"] == ["other"]
    assert "Nothing was built" in err
    assert "- two" in err.splitlines()
    assert sorted(Path("../index").rglob("*")) == before
    assert two("index", "--dry-run", "--only", "other.md") == 0
    assert "2 removed" in capsys.readouterr().err


def test_a_dry_run_without_an_index_leaves_none(command: Run) -> None:
    write("own.md")
    assert command("index", "--dry-run", "own.md") == 0
    assert not Path("../index").exists()


def test_sources_are_listed_with_their_patterns(two: Run, capsys: Said) -> None:
    assert two("index", "notes", "--exclude", "two*", "--yes") == 0
    assert two("remove", "one") == 0
    write("notes/three.md")
    assert two("index") == 0
    Path("other.md").unlink()
    capsys.readouterr()
    assert two("sources") == 0
    here = Path.cwd()
    assert capsys.readouterr().out.splitlines() == [
        f"{here}/notes  1 document(s) --exclude two*",
        "  without one.md (removed; “qa index” and its path brings it back)",
        f"{here}/other.md  1 document(s)",
        "  ! not there: what is indexed of it stays",
    ]


def test_a_removed_document_does_not_come_back_by_itself(two: Run, capsys: Said) -> None:
    assert two("remove", "one", "other") == 0
    for _ in range(2):
        assert listed(two, capsys) == ["two"]
        assert two("index") == 0
    assert followed(two, capsys) == ["notes"]
    assert two("index", "notes/one.md", "other.md") == 0
    assert listed(two, capsys) == ["two", "one", "other"]


def test_what_is_no_longer_followed_goes(two: Run, capsys: Said) -> None:
    assert two("sources", "--remove", "elsewhere") == 2
    assert "this is not followed" in capsys.readouterr().err
    assert two("sources", "--remove", "notes") == 0
    assert listed(two, capsys) == ["other"]
    assert two("sources", "--remove", str(Path.cwd() / "other.md")) == 2
    assert "nothing would be left" in capsys.readouterr().err
    assert followed(two, capsys) == ["other.md"]


def test_a_followed_folder_that_is_gone_loses_nothing(two: Run, capsys: Said) -> None:
    Path("notes").rename("moved")
    assert two("index") == 3
    err = capsys.readouterr().err
    assert "0 added, 0 changed, 0 removed, 3 unchanged" in err
    assert "one stays as it was indexed" in err
    assert "qa sources --remove" in err
    assert two("index", "notes") == 2
    assert listed(two, capsys) == ["one", "two", "other"]


def test_sources_and_documents_are_published_together(two: Run) -> None:
    store = FolderStore(Path("../index"))
    now, before = (Manifest.read(folder) for folder in store.generations())
    assert [Path(s.path).name for s in now.sources] == ["notes", "other.md"]
    assert [Path(s.path).name for s in before.sources] == ["notes"]
    assert two("rollback") == 0
    assert Manifest.read(store.current()).sources == before.sources


def test_a_folder_without_documents_is_no_success(command: Run, capsys: Said) -> None:
    Path("empty").mkdir()
    assert command("index", "empty") == 2
    assert "empty: there is no file to read there" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--only"], "--only: name the files"),
        (["--include", "*.md"], "--include and --exclude: name the folder"),
        (["--watch", "--json", "."], "--watch goes on"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    command: Run, options: list[str], said: str, capsys: Said
) -> None:
    assert command("index", *options) == 2
    assert said in capsys.readouterr().err


def test_after_a_failed_index_no_other_is_built_in_its_place(command: Run, capsys: Said) -> None:
    assert command("index", "missing.md") == 2
    capsys.readouterr()
    for _ in range(2):
        assert command("ask", "Où dort le chat ?") == 2
        err = capsys.readouterr().err
        assert "`qa index missing.md` failed (missing.md: No such file" in err
        assert err.count("\n") == 1
    assert not FolderStore(Path("../index")).exists()
    write("missing.md")
    assert command("index", "missing.md") == 0
    assert not (Path("../index") / attempts.FILE).exists()
    assert command("ask", "Où dort le chat ?") in (0, 1)


def test_an_index_that_was_killed_is_not_replaced_by_the_article(
    command: Run, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    write("own.md")
    with monkeypatch.context() as patch:
        patch.setattr("qa.indexes.progress.index_paths", killed)
        assert command("index", "own.md") == 130
    assert command("ask", "Où dort le chat ?") == 2
    assert "`qa index own.md` did not end" in capsys.readouterr().err
    assert command("index") == 0  # which is to ask for the article
    assert listed(command, capsys) == ["mila-canada-2025"]


def damage(content: bytes, name: str) -> None:
    for folder in FolderStore(Path("../index")).generations():
        (folder / name).write_bytes(content)


def test_a_damaged_index_is_read_again_from_all_that_it_follows(two: Run, capsys: Said) -> None:
    write("new.md")
    damage(b"", "dense.faiss")
    assert two("index", "new.md") == 0
    assert set(listed(two, capsys)) == {"one", "two", "other", "new"}
    assert followed(two, capsys) == ["notes", "other.md", "new.md"]


def test_where_the_current_generation_is_damaged_nothing_of_it_is_lost(
    two: Run, capsys: Said
) -> None:
    write("new.md")
    (FolderStore(Path("../index")).current() / "dense.faiss").write_bytes(b"")
    assert two("index", "new.md") == 0
    assert set(listed(two, capsys)) == {"one", "two", "other", "new"}
    assert followed(two, capsys) == ["notes", "other.md", "new.md"]
    (FolderStore(Path("../index")).current() / "manifest.json").write_bytes(b"{}")
    capsys.readouterr()
    assert two("index") == 0  # by the generation before, which may have followed less
    assert "not all that it followed is known" in capsys.readouterr().err


def test_an_index_whose_sources_are_lost_says_so(two: Run, capsys: Said) -> None:
    damage(b"{}", "manifest.json")
    assert two("index") == 2
    assert "name the files and folders again" in capsys.readouterr().err
    assert two("index", "other.md") == 0
    assert "not all that it followed is known" in capsys.readouterr().err


def test_the_article_of_an_index_of_another_version_is_built_again(
    command: Run, capsys: Said
) -> None:
    assert command("index") == 0
    damage(b"{}", "manifest.json")
    assert command("index") == 0
    assert listed(command, capsys) == ["mila-canada-2025"]
