"""Both stores are asked the same questions, and a tiled collection goes into the database."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from eval.cost.stores import compare_stores
from eval.sets.collection import Collections
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from index.postgres.store import PostgresStore
from qa.answer.service import QAService
from qa.settings import Settings
from tests.beir import write_beir
from tests.fakes import FakeEncoder
from tests.postgres_server import Server


def test_both_stores_rank_alike_and_a_tiled_one_is_searched(
    postgres: Server, tmp_path: Path, encoder: FakeEncoder
) -> None:
    def opened(settings: Settings) -> QAService:
        return QAService(Generation.open(FolderStore(settings.index).current()), encoder)

    collections = Collections(Settings(tmp_path / "index", tmp_path), encoder, opened)
    folder = write_beir(tmp_path / "tiny.en-fr")
    with closing(PostgresStore(postgres.database("compare_stores"), tmp_path, keep=1)) as store:
        lines = list(compare_stores([folder], collections, store, 40))
    cells = [[cell.strip() for cell in line.split("|")[1:5]] for line in lines[2:4]]
    assert cells == [["tiny.en-fr", "4", name, "1.0000"] for name in ("embedded", "PostgreSQL")]
    assert lines[4].startswith("\n40 tiled passages: loaded and indexed in ")
    assert any(line.startswith("- tokens: ") for line in lines)
    assert lines[-1] == "- recall@10 of exact search: 1.0000"
