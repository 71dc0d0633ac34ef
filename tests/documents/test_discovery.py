"""Discovery: which files of folders are read, in what order, and which are a problem."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from documents.discovery import Selection, discover
from documents.errors import UnreadableDocument, UnsupportedFormat


def write(path: Path, content: str = "Text.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def names(folder: Path, selection: Selection | None = None) -> list[str]:
    found = discover([folder], selection)
    return [path.relative_to(folder).as_posix() for path in found.files]


def test_folders_are_searched_in_order(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", "sub/c.PDF", ".hidden.md", ".git/d.md", "e.jpg"):
        write(tmp_path / name)
    found = discover([tmp_path / "b.md", tmp_path])
    assert [p.relative_to(tmp_path).as_posix() for p in found.files] == [
        "b.md",
        "a.txt",
        "sub/c.PDF",
    ]
    assert set(found.files.values()) == {tmp_path}
    assert found.problems == []


def test_files_of_other_formats_are_counted_by_suffix(tmp_path: Path) -> None:
    for name in ("n.md", "a.zip", "x/B.ZIP", "x/c.dat", "LISEZ-MOI", ".d.zip", ".git/e.zip"):
        write(tmp_path / name)
    (tmp_path / "link.zip").symlink_to("a.zip")
    found = discover([tmp_path, tmp_path / "x"])
    assert found.passed_over == {"": 1, ".dat": 1, ".zip": 2}
    assert discover([tmp_path], Selection(exclude=("x", "LISEZ*"))).passed_over == {".zip": 1}
    assert discover([tmp_path], Selection(include=("*.md",))).passed_over == {}


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("a.pub", "LibreOffice: soffice --headless --convert-to pdf"),
        ("a.Key", "LibreOffice: soffice --headless --convert-to pptx"),
        ("a.PNG", "recognise its text first"),
        ("a.zip", "convert it to one of .csv, .docm"),
        ("a", "convert it to one of .csv, .docm"),
        ("a.doc", "soffice --headless --convert-to docx FILE, or index it with --convert"),
    ],
)
def test_a_named_file_of_another_format_says_what_converts_it(
    tmp_path: Path, name: str, way_out: str
) -> None:
    with pytest.raises(UnsupportedFormat) as refused:
        discover([write(tmp_path / name)])
    assert str(tmp_path / name) in str(refused.value)
    assert way_out in str(refused.value)


@pytest.fixture
def special(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What is no file, in a folder ``special``: names, each with what is said of it."""
    folder = tmp_path / "special"
    folder.mkdir()
    os.mkfifo(folder / "pipe.md")
    os.mkfifo(folder / "tube")
    with socket.socket(socket.AF_UNIX) as opened:
        here = Path.cwd()
        os.chdir(folder)  # The path of a socket may have about a hundred characters.
        opened.bind("talk.sock")
        os.chdir(here)
        yield {"pipe.md": "a pipe", "talk.sock": "a socket", "tube": "a pipe"}


def test_what_is_no_file_is_named_with_a_reason(tmp_path: Path, special: dict[str, str]) -> None:
    write(tmp_path / "special" / "a.md")
    (tmp_path / "special" / "link.txt").symlink_to("tube")
    (tmp_path / "special" / "none").symlink_to("gone")
    found = discover([tmp_path])
    assert [path.name for path in found.files] == ["a.md"]
    said = {problem.path.name: str(problem.error) for problem in found.problems}
    assert said.keys() == {*special, "link.txt"}
    assert all(f"{name}: {kind}, not a file" in said[name] for name, kind in special.items())
    assert "link.txt: a pipe, not a file" in said["link.txt"]
    chosen = discover([tmp_path], Selection(include=("a.*",)))
    assert chosen.problems == []


def test_what_is_no_file_is_refused_where_it_is_named(
    tmp_path: Path, special: dict[str, str]
) -> None:
    named = {str(tmp_path / "special" / name): kind for name, kind in special.items()}
    for path, kind in {**named, "/dev/null": "a device"}.items():
        with pytest.raises(UnreadableDocument, match=re.escape(f"{path}: {kind}, not a file")):
            discover([Path(path)])


def test_what_is_hidden_is_read_if_it_is_named(tmp_path: Path) -> None:
    hidden, folder = write(tmp_path / ".a.md"), write(tmp_path / ".b" / "c.md").parent
    assert list(discover([hidden, folder]).files) == [hidden, folder / "c.md"]


def test_a_link_is_followed_within_the_folder_and_names_no_file(tmp_path: Path) -> None:
    write(tmp_path / "z.md")
    (tmp_path / "a.md").symlink_to("z.md")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "loop").symlink_to(tmp_path, target_is_directory=True)
    write(tmp_path / "notes.text")
    (tmp_path / "notes.txt").symlink_to("notes.text")
    assert names(tmp_path) == ["z.md", "notes.txt"]
    assert discover([tmp_path]).problems == []


def test_links_out_of_the_folder_are_problems(tmp_path: Path) -> None:
    outside, folder = write(tmp_path / "out" / "b.md"), tmp_path / "docs"
    write(folder / "a.md")
    (folder / "file.md").symlink_to(outside)
    (folder / "folder").symlink_to(outside.parent, target_is_directory=True)
    (folder / "gone.md").symlink_to(folder / "none.md")
    (folder / "loop.md").symlink_to("loop.md")
    found = discover([folder])
    assert list(found.files) == [folder / "a.md"]
    said = {p.path.name: str(p.error).split(": ")[1] for p in found.problems}
    assert said == {
        "file.md": "this link leads out of the folder",
        "folder": "this link leads out of the folder",
        "gone.md": "No such file or directory",
        "loop.md": "Too many levels of symbolic links",
    }


def test_a_link_that_is_named_is_followed_anywhere(tmp_path: Path) -> None:
    outside, link = write(tmp_path / "out" / "b.md"), tmp_path / "link"
    link.symlink_to(outside.parent, target_is_directory=True)
    assert names(link) == ["b.md"]


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        ((), (), ["a.md", "b.pdf", "old/a.md", "old/x/c.pdf", "été.md"]),
        (("*.pdf",), (), ["b.pdf", "old/x/c.pdf"]),
        (("old",), (), ["old/a.md", "old/x/c.pdf"]),
        ((), ("old",), ["a.md", "b.pdf", "été.md"]),
        ((), ("old/",), ["a.md", "b.pdf", "été.md"]),
        ((), ("./old/x",), ["a.md", "b.pdf", "old/a.md", "été.md"]),
        (("old/*.pdf",), (), ["old/x/c.pdf"]),
        (("**/*.pdf",), (), ["b.pdf", "old/x/c.pdf"]),
        (("*.md", "*.pdf"), ("c.*", "b.*"), ["a.md", "old/a.md", "été.md"]),
        (("e\u0301t\u00e9.md",), (), ["été.md"]),
        (("A.md",), (), []),
    ],
)
def test_globs(
    tmp_path: Path, include: tuple[str, ...], exclude: tuple[str, ...], expected: list[str]
) -> None:
    for name in ("a.md", "b.pdf", "old/a.md", "old/x/c.pdf", "été.md"):
        write(tmp_path / name)
    assert names(tmp_path, Selection(include, exclude)) == expected


def test_globs_do_not_choose_among_what_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md")
    assert list(discover([path], Selection(exclude=("*.md",))).files) == [path]


def test_what_is_named_and_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFormat, match=re.escape("e.jpg")):
        discover([write(tmp_path / "e.jpg")])
    with pytest.raises(UnreadableDocument, match="none: No such file"):
        discover([tmp_path / "none"])


def forbid(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    scan = os.scandir

    def refuse(path: str) -> object:
        if Path(path) == folder:
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)


def test_a_named_folder_that_cannot_be_listed_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid(monkeypatch, tmp_path)
    with pytest.raises(UnreadableDocument, match="Permission denied"):
        discover([tmp_path])


def test_a_folder_within_that_cannot_be_listed_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.md")
    write(tmp_path / "sub" / "b.md")
    forbid(monkeypatch, tmp_path / "sub")
    found = discover([tmp_path])
    assert list(found.files) == [tmp_path / "a.md"]
    assert [(p.path.name, "Permission denied" in str(p.error)) for p in found.problems] == [
        ("sub", True)
    ]


def test_a_folder_below_that_may_not_be_listed_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def walk(folder: Path, onerror: Callable[[OSError], None]) -> Iterator[object]:
        onerror(PermissionError(13, "Permission denied", str(folder / "La Une")))
        return iter(())

    monkeypatch.setattr("documents.discovery.os.walk", walk)
    (problem,) = discover([tmp_path]).problems
    assert problem.document_id == "la-une-"
    assert "Permission denied" in str(problem.error)
