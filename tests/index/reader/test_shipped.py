"""The adapter that comes with the program is whole, and of the default encoder alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import ModelError
from index.model.wheel import NAME
from index.reader.adapter import ADAPTER, RECIPE, SHIPPED, Adapter
from index.reader.reader import SETTINGS, ReaderSettings, has_reader

LARGEST = 5_000_000


def test_it_is_of_the_default_encoder() -> None:
    adapter = Adapter.shipped_for(NAME)
    assert adapter is not None
    assert adapter.recipe.data, "who made the data must be said"
    assert Adapter.shipped_for("another/model") is None
    assert (SHIPPED / ADAPTER).stat().st_size < LARGEST


def test_a_damaged_one_is_not_used(tmp_path: Path) -> None:
    content = (SHIPPED / ADAPTER).read_bytes()
    (tmp_path / ADAPTER).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    (tmp_path / RECIPE).write_bytes((SHIPPED / RECIPE).read_bytes())
    with pytest.raises(ModelError, match="another SHA-256"):
        Adapter.read(tmp_path)


def test_an_encoder_has_the_reader_of_an_adapter_or_not(tmp_path: Path) -> None:
    assert not has_reader(tmp_path, "a")
    ReaderSettings("query: ", "passage: ", "a").write(tmp_path)
    assert has_reader(tmp_path, "a")
    assert not has_reader(tmp_path, "b")
    (tmp_path / SETTINGS).write_text("[]", encoding="utf-8")
    assert not has_reader(tmp_path, "a")
