"""Identifiers: readable, safe in a URL, never shared."""

from __future__ import annotations

import hashlib
import re
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import identifiers
from documents.errors import AmbiguousNames
from documents.identifiers import assign_identifiers, identifier

ROOT = Path("/docs")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("documents/articles/mila-canada-2025.txt", "mila-canada-2025"),
        ("Œuvres complètes (2e éd.).md", "oeuvres-completes-2e-ed"),
        ("e\u0301te\u0301.md", "ete"),
        ("été.md", "ete"),
        ("目次.md", "document"),
        ("v1.2 notes.md", "v1-2-notes"),
    ],
)
def test_identifier_of_a_name(path: str, expected: str) -> None:
    assert identifier(Path(path)) == expected


def test_identifier_relative_to_a_root() -> None:
    assert identifier(Path("/docs/sub/a.md"), ROOT) == "sub-a"
    assert identifier(Path("/elsewhere/sub/a.md"), ROOT) == "a"


def test_only_files_that_would_collide_take_a_digest() -> None:
    paths = [ROOT / "sub" / "a.md", ROOT / "sub-a.md", ROOT / "b.md"]
    digest = hashlib.sha256(b"sub/a.md").hexdigest()[:12]
    names = assign_identifiers(dict.fromkeys(paths, ROOT))
    assert names[paths[0]] == f"sub-a-{digest}"
    assert names[paths[1]].startswith("sub-a-")
    assert names[paths[1]] != names[paths[0]]
    assert names[paths[2]] == "b"


def test_order_plays_no_part() -> None:
    paths = [ROOT / "a.md", ROOT / "a.txt", ROOT / "c.md"]
    given_orders = [assign_identifiers(dict.fromkeys(p, ROOT)) for p in permutations(paths)]
    assert all(names == given_orders[0] for names in given_orders)


def test_same_relative_path_under_two_roots() -> None:
    names = assign_identifiers({Path("/x/a.md"): Path("/x"), Path("/y/a.md"): Path("/y")})
    assert len(set(names.values())) == 2


def test_name_that_is_already_another_files_digest() -> None:
    digest = hashlib.sha256(b"a.md").hexdigest()[:12]
    paths = [ROOT / "a.md", ROOT / "a.txt", ROOT / f"a-{digest}.md"]
    assert len(set(assign_identifiers(dict.fromkeys(paths, ROOT)).values())) == 3


def test_names_that_differ_in_their_code_points_alone() -> None:
    composed, decomposed = ROOT / "\u00c9l\u00e9phant.txt", ROOT / "E\u0301le\u0301phant.txt"
    names = assign_identifiers({composed: ROOT, decomposed: ROOT})
    for path, name in names.items():
        digest = hashlib.sha256(b"\0" + path.name.encode()).hexdigest()[:12]
        assert name == f"elephant-{digest}"
    elsewhere = {Path("/other") / path.name: Path("/other") for path in (decomposed, composed)}
    assert sorted(assign_identifiers(elsewhere).values()) == sorted(names.values())


def test_names_that_cannot_be_told_apart_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifiers, "_DIGEST", 0)
    with pytest.raises(AmbiguousNames) as refused:
        assign_identifiers({ROOT / "a.md": ROOT, ROOT / "a.txt": ROOT, ROOT / "b.md": ROOT})
    assert str(refused.value).startswith("/docs/a.txt and /docs/a.md: both would be")


@given(st.sets(st.text("aÀé\u0301/-. _目", min_size=1, max_size=6), min_size=1, max_size=8))
def test_identifiers_are_unique_and_safe(names: set[str]) -> None:
    paths = {ROOT / f"{name.strip('/.')}x.md" for name in names}
    found = assign_identifiers(dict.fromkeys(paths, ROOT))
    assert len(set(found.values())) == len(paths)
    assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name) for name in found.values())
