"""The folders stay rooms: no import leads in a circle, and no folder is a heap."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[1]
PACKAGES = ("documents", "index", "qa", "eval")
MOST = 16
"""How many modules a folder may hold, besides its ``__init__.py``."""


def test_no_imports_lead_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    # An import inside a function is in the graph as well: it hides a circle and does not open it.
    assert circle(imports) == [], (
        "these modules import each other in a circle: move what two of them share into a third, "
        "or pass it as an argument"
    )


def circle(imports: dict[str, set[str]]) -> list[str]:
    """Return modules each of which is imported by the one after it; none if no circle exists."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def test_a_circle_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"b"}})) == {"b", "c"}


def test_no_folder_is_a_heap() -> None:
    crowded = {
        str(folder.relative_to(ROOT)): count
        for folder in folders()
        if (count := len(modules(folder))) > MOST
    }
    assert crowded == {}, (
        f"these folders hold more than {MOST} modules: give those that belong together a folder "
        "of their own, with an __init__.py that says what it is for, and a layer in pyproject.toml"
    )


def folders() -> Iterator[Path]:
    for name in (*PACKAGES, "tests"):
        yield ROOT / name
        yield from (path for path in (ROOT / name).rglob("*") if path.is_dir())


def modules(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*.py") if path.name != "__init__.py"]
