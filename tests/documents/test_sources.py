"""What an index follows: a sequence of updates does what a model of it says."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from documents.discovery import Selection
from documents.errors import UnreadableDocument, UnsupportedFormat
from documents.sources import (
    Plan,
    Request,
    follow,
    leave_out,
    named_source,
    plan,
    stop_following,
    wants,
)
from documents.types import Origin, Source

FILES = ("a/readme.md", "a/sub/readme.md", "b/readme.md", "b/sub/x.txt", "c.md", "readme.md")
PLACES = (".", "a", "b", "a/sub", "b/sub")
NAMES = (*FILES, *PLACES)
"""What a person may name: files, their folders, and the folder above all."""


class Collection:
    """An index without its passages: what it follows, and where its documents come from."""

    def __init__(self, root: Path) -> None:
        """Follow nothing yet."""
        self.root = root
        self.sources: tuple[Source, ...] = ()
        self.origins: dict[str, Origin | None] = {}

    def index(self, *names: str, only: bool = False, selection: Selection | None = None) -> Plan:
        """Do what ``qa index`` does; every file can be read."""
        paths = tuple(self.root / name for name in names)
        done = plan(Request(paths, selection, only), self.sources, self.origins)
        held = self.origins
        self.origins = {
            name: held[name] if file is None else done.origins[name]
            for name, file in done.order(held)
        }
        self.sources = done.sources
        return done

    def remove(self, name: str) -> None:
        """Do what ``qa sources --remove`` does."""
        stopped = [s for s in self.sources if s.path == str(self.root / name)]
        self.sources = tuple(s for s in self.sources if s not in stopped)
        gone = stop_following(stopped, self.sources, self.origins)
        self.origins = {name: o for name, o in self.origins.items() if name not in gone}

    def forget(self, document: str) -> None:
        """Do what ``qa remove`` does."""
        origin = self.origins.pop(document)
        assert origin is not None
        self.sources = leave_out(self.sources, [origin.file])

    @property
    def files(self) -> dict[str, str]:
        """The identifier of the document of each file."""
        held = {o.file: name for name, o in self.origins.items() if o}
        assert len(held) == len(self.origins)
        return {file.relative_to(self.root).as_posix(): name for file, name in held.items()}


def write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("Le chat dort.", "utf-8")


@pytest.fixture
def held(tmp_path: Path) -> Collection:
    root = Path(os.path.realpath(tmp_path))
    write(root, *FILES)
    return Collection(root)


def below(file: str, place: str) -> bool:
    return place == "." or file == place or file.startswith(f"{place}/")


@contextmanager
def made() -> Iterator[Path]:
    folder = Path(os.path.realpath(tempfile.mkdtemp()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(FILES)),
        st.tuples(st.just("delete"), st.sampled_from(FILES)),
        st.tuples(st.sampled_from(["index", "only", "remove"]), st.sampled_from(NAMES)),
        st.tuples(st.just("index"), st.just("")),
    ),
    max_size=14,
)


class Model:
    """What a person expects: places are followed, and files known as they were last looked at."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.followed: set[str] = set()
        self.known: set[str] = set()

    def index(self, name: str, there: set[str], *, only: bool) -> None:
        """Look at a place, or at all that is followed."""
        if only:
            self.followed, self.known = {name}, set()
        elif name and not any(below(name, place) for place in self.followed):
            self.followed = {p for p in self.followed if not below(p, name)} | {name}
        for place in {name} if name else self.followed:
            if place in PLACES or place in there:  # else it is missing, and nothing goes
                self.known = {file for file in self.known if not below(file, place)}
                self.known |= {file for file in there if below(file, place)}

    def remove(self, name: str) -> None:
        """Follow a place no more."""
        if name in self.followed:
            self.followed.discard(name)
            self.known = {f for f in self.known if any(below(f, p) for p in self.followed)}


@hypothesis_settings(max_examples=60)
@given(STEPS)
def test_any_sequence_of_updates_is_that_of_the_model(steps: list[tuple[str, str]]) -> None:
    with made() as root:
        held, model = Collection(root), Model()
        for place in PLACES:
            (root / place).mkdir(exist_ok=True)
        for step, name in [("write", "a/readme.md"), ("write", "b/readme.md"), *steps]:
            before = held.files
            take(step, name, held, model)
            now = held.files
            assert set(now) == model.known
            assert {s.path for s in held.sources} == {str(root / p) for p in model.followed}
            assert all(now[file] == before[file] for file in now if file in before)


def take(step: str, name: str, held: Collection, model: Model) -> None:
    file = held.root / name
    if step == "write":
        write(held.root, name)
    elif step == "delete":
        file.unlink(missing_ok=True)
    elif step == "remove":
        held.remove(name)
        model.remove(name)
    elif file.exists():
        held.index(*[name] * bool(name), only=step == "only")
        there = {file for file in FILES if (held.root / file).exists()}
        model.index(name, there, only=step == "only")


@pytest.mark.parametrize("again", ["a", "b", "a b", "b a", ""])
def test_a_path_below_two_folders_has_two_identifiers_that_stay(
    held: Collection, again: str
) -> None:
    held.index("a")
    held.index("b")
    assert held.files["a/readme.md"] == "readme"
    other = held.files["b/readme.md"]
    assert other.startswith("readme-")
    assert held.files == {
        "a/readme.md": "readme", "a/sub/readme.md": "sub-readme",
        "b/readme.md": other, "b/sub/x.txt": "sub-x",
    }  # fmt: skip
    (held.root / "a/readme.md").unlink()
    held.index(*again.split())
    assert held.files["b/readme.md"] == other
    write(held.root, "a/readme.md")
    held.index()
    assert held.files["a/readme.md"] == "readme"
    assert held.files["b/readme.md"] == other


def test_a_folder_given_twice_is_followed_once(
    held: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.index("a")
    monkeypatch.chdir(held.root)
    first = held.files
    for path in ("a", "./a/", "b/../a", str(held.root / "a")):
        done = plan(Request((Path(path),)), held.sources, held.origins)
        assert done.sources == (Source(str(held.root / "a")),)
        assert set(done.names.values()) == set(first.values())
        assert done.removed == ()
    monkeypatch.chdir(held.root / "a")
    for path in (".", "../a", "sub/.."):
        assert named_source(Path(path)) == Source(str(held.root / "a"))


def test_a_file_below_what_is_followed_is_brought_up_to_date_alone(held: Collection) -> None:
    held.index("a")
    write(held.root, "a/new.md")
    (held.root / "a/readme.md").unlink()
    held.index("a/new.md")
    assert held.sources == (Source(str(held.root / "a")),)
    assert set(held.files) == {"a/new.md", "a/readme.md", "a/sub/readme.md"}
    assert held.files["a/new.md"] == "new"
    held.index("a/sub")
    assert len(held.files) == 3
    held.index("a")
    assert set(held.files) == {"a/new.md", "a/sub/readme.md"}


@pytest.mark.parametrize("cwd", [".", "a", "a/sub"])
@pytest.mark.parametrize("named", ["a/sub", "a/sub/readme.md", "a/sub/new.md"])
def test_a_file_is_known_by_what_is_followed_however_it_is_named(
    held: Collection, named: str, cwd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.index("a")
    write(held.root, "a/sub/new.md")
    monkeypatch.chdir(held.root / cwd)
    for path in (held.root / named, Path(os.path.relpath(held.root / named))):
        done = plan(Request((path,)), held.sources, held.origins)
        folder = os.path.realpath(held.root / "a")
        for file, root in done.found.files.items():
            assert os.path.realpath(root) == folder
            assert file.relative_to(root).parts[0] == "sub"
        fresh = {name: o for name, o in done.origins.items() if name not in held.origins}
        assert set(fresh) <= {"sub-new"}
        assert set(fresh.values()) <= {Origin(folder, "sub/new.md")}
        if not path.is_absolute() and cwd != "a/sub":
            assert not any(file.is_absolute() for file in done.found.files)


def test_a_folder_above_stands_for_what_was_followed_before(held: Collection) -> None:
    held.index("a/sub/readme.md", "b/sub")
    assert held.files == {"a/sub/readme.md": "readme", "b/sub/x.txt": "x"}
    held.index(".")
    assert held.sources == (Source(str(held.root)),)
    assert set(held.files) == set(FILES)
    assert held.files["a/sub/readme.md"] == "readme"  # as before
    assert held.files["b/sub/x.txt"] == "x"
    assert held.files["b/readme.md"] == "b-readme"


def test_patterns_are_kept_and_a_new_command_changes_them(held: Collection) -> None:
    write(held.root, "b/y.md")
    held.index("b", selection=Selection(include=("*.txt",)))
    write(held.root, "b/z.md", "b/z.txt")
    held.index()
    assert set(held.files) == {"b/sub/x.txt", "b/z.txt"}
    held.index("b/y.md")  # which the patterns leave out: it is followed for itself
    assert set(held.files) == {"b/sub/x.txt", "b/z.txt", "b/y.md"}
    assert {source.path for source in held.sources} == {f"{held.root}/b", f"{held.root}/b/y.md"}
    held.index("b", selection=Selection(exclude=("sub",)))
    assert set(held.files) == {"b/readme.md", "b/y.md", "b/z.md", "b/z.txt"}
    assert held.sources == (Source(str(held.root / "b"), exclude=("sub",)),)


def test_patterns_below_what_is_followed_lose_nothing(held: Collection) -> None:
    held.index("b")
    done = held.index("b/sub", selection=Selection(include=("*.md",)))
    assert done.removed == ()
    assert held.sources == (Source(str(held.root / "b")),)


def test_what_was_removed_by_name_stays_so_until_it_is_named(held: Collection) -> None:
    held.index("a")
    held.forget("sub-readme")
    for names in ((), ("a",)):
        held.index(*names)
        assert set(held.files) == {"a/readme.md"}
    held.index(".")
    assert "a/sub/readme.md" not in held.files
    held.index("a/sub/readme.md")
    for names in ((), ("a",), (".",)):
        held.index(*names)
        assert "a/sub/readme.md" in held.files
    held.forget(held.files["a/sub/readme.md"])
    held.index()
    assert "a/sub/readme.md" not in held.files


def test_a_folder_that_is_not_there_loses_nothing_and_is_named(held: Collection) -> None:
    held.index("a", "b")
    (held.root / "a").rename(held.root / "elsewhere")
    done = held.index()
    assert len(held.files) == 4
    assert set(done.unread) == {held.files["a/readme.md"], held.files["a/sub/readme.md"]}
    (problem,) = done.found.problems
    assert f"`qa sources --remove {held.root / 'a'}`" in str(problem.error)
    with pytest.raises(UnreadableDocument, match="No such file"):
        held.index("a")
    held.remove("a")
    assert set(held.files) == {"b/readme.md", "b/sub/x.txt"}


def test_only_keeps_nothing_else_but_what_cannot_be_read(held: Collection) -> None:
    held.index("a", "b")
    gone = {held.files[file] for file in ("a/readme.md", "a/sub/readme.md")}
    held.origins["old"] = None
    done = held.index("b", only=True)
    assert set(held.files) == {"b/readme.md", "b/sub/x.txt"}
    assert set(done.removed) == {"old", *gone}
    assert held.sources == (Source(str(held.root / "b")),)


def test_bundled_documents_step_aside_for_others(held: Collection) -> None:
    held.origins = {"article": Origin("", "article.txt"), "old": None}
    done = held.index("c.md")
    assert done.removed == ("article",)
    assert list(held.origins) == ["old", "c"]


def test_documents_keep_their_order(held: Collection) -> None:
    held.index("b")
    held.index("a")
    held.index("b/readme.md")
    first = list(held.origins)
    held.index()
    assert list(held.origins) == first


def test_a_link_that_leads_elsewhere_now_brings_other_documents(held: Collection) -> None:
    link = held.root / "current"
    link.symlink_to("a", target_is_directory=True)
    held.index("current")
    assert {o.root for o in held.origins.values() if o} == {str(link)}
    link.unlink()
    link.symlink_to("b", target_is_directory=True)
    held.index()
    assert set(held.files) == {"current/readme.md", "current/sub/x.txt"}


def test_a_file_that_two_ways_lead_to_is_one_document(held: Collection) -> None:
    held.index("a")
    (held.root / "link").symlink_to("a", target_is_directory=True)
    done = held.index("link")
    assert set(held.files) == {"a/readme.md", "a/sub/readme.md"}
    assert done.removed == ()


@pytest.mark.parametrize(
    ("source", "file", "expected"),
    [
        (Source("/d"), "/d/a.md", True),
        (Source("/d"), "/d/.a.md", False),
        (Source("/d"), "/d/.b/a.md", False),
        (Source("/d/.b"), "/d/.b/a.md", True),
        (Source("/d"), "/d/a.jpg", False),
        (Source("/d"), "/da/a.md", False),
        (Source("/d/a.md"), "/d/a.md", True),
        (Source("/d", include=("*.txt",)), "/d/a.md", False),
        (Source("/d", exclude=("sub",)), "/d/sub/a.md", False),
        (Source("/d", without=("sub/a.md",)), "/d/sub/a.md", False),
    ],
)
def test_what_a_source_stands_for(source: Source, file: str, expected: bool) -> None:
    assert wants(source, Path(file)) == expected


def test_what_is_removed_by_name_stays_removed_from_the_folder_above() -> None:
    inner, outer = Source("/d/sub", without=("a.md",)), Source("/d")
    assert follow([inner], [outer]) == (Source("/d", without=("sub/a.md",)),)


def test_what_cannot_be_named_is_refused(held: Collection) -> None:
    write(held.root, "x.jpg")
    for name, error in (("x.jpg", UnsupportedFormat), ("a\0b", UnreadableDocument)):
        with pytest.raises(error):
            held.index(name)
    assert held.sources == ()
