"""A cluster builds what one machine builds, whatever dies meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from documents.chunking import ChunkSettings, chunk
from documents.discovery import discover
from documents.reading import read_documents
from index.build import Built, build_index
from index.checking import check_contents
from index.cluster import LOCAL, Cluster, Stage, joined
from index.encoding_stage import EncodingStage
from index.errors import ClusterError
from index.manifest import Manifest
from index.parcel import Parcel
from index.ray_reading import read_on_cluster
from index.ray_stage import RayStage
from index.storage import Store
from qa.language import detect_document
from tests.fakes import ENGLISH, FRENCH, FakeEncoder
from tests.ray_fakes import Marked, joined_here, open_fake, open_mortal, refuse

SMALL = ChunkSettings(budget=12)
# Ray is warned of by Ray: its own settings, set by itself.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"),
    pytest.mark.filterwarnings("ignore::FutureWarning:ray"),
]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A Ray of two cores, both of which its actors hold."""
    with pytest.MonkeyPatch.context() as patch, joined_here(patch, 2) as found:
        yield found


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "index")


@dataclass(frozen=True, slots=True)
class Unfaithful:
    """A cluster that gives back other tables than it was asked for."""

    cluster: Cluster
    change: Any

    @property
    def actors(self) -> int:
        """As many as it has."""
        return self.cluster.actors

    def share(self, value: object) -> Any:
        """Share, faithfully."""
        return self.cluster.share(value)

    def run(self, tables: Any, stage: Stage) -> Any:
        """Do what is asked, and give back what was not."""
        work = stage.kind(*stage.made_with)
        return self.change([work(table) for table in tables])


def build(
    store: Store, encoder: FakeEncoder, stage: EncodingStage | None, *documents: Any
) -> Built:
    return build_index(documents, store, encoder, settings=SMALL, stage=stage)


def test_the_generation_is_that_of_one_machine(
    store: Store, tmp_path: Path, cluster: Cluster
) -> None:
    here, told = FakeEncoder(), []
    built = build_index(
        [FRENCH, ENGLISH], store, here, settings=SMALL, stage=RayStage(cluster, open_fake),
        progress=lambda *step: told.append(step),
    )  # fmt: skip
    alone = build(Store(tmp_path / "alone"), FakeEncoder(), None, FRENCH, ENGLISH)
    assert built.generation.id == alone.generation.id
    assert (built.encoded, told[-1]) == (5, (5, 5))
    assert not {p.text for p in built.generation.passages} & set(here.encoded)
    check_contents(store.current(), Manifest.read(store.current()))


def test_only_what_is_new_is_sent(store: Store, cluster: Cluster) -> None:
    build(store, FakeEncoder(), None, FRENCH)
    built = build(store, FakeEncoder(), RayStage(cluster, open_fake), FRENCH, ENGLISH)
    assert (built.encoded, built.reused) == (2, 3)
    alone = build(Store(store.folder / "alone"), FakeEncoder(), None, FRENCH, ENGLISH)
    assert built.generation.id == alone.generation.id


def test_a_killed_worker_loses_nothing_and_repeats_nothing(
    store: Store, tmp_path: Path, cluster: Cluster
) -> None:
    marker = tmp_path / "marker"
    marker.touch()
    stage = RayStage(cluster, open_mortal)
    built = build(store, Marked(marker), stage, FRENCH, ENGLISH)
    assert not marker.exists()  # it did die
    marked = build(Store(tmp_path / "alone"), Marked(marker), None, FRENCH, ENGLISH)
    assert built.generation.id == marked.generation.id


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda tables: tables[:-1], "gave back nothing for french#67-97"),
        (lambda tables: [*tables, tables[-1]], "gave back more than it was given"),
        (lambda tables: [tables[0], *tables], "gave back french#38-55 for english#9-30"),
        (lambda tables: tables[::-1], "gave back french#67-97 for french#38-55"),
    ],
    ids=["lost", "repeated at the end", "repeated", "another order"],
)
def test_what_comes_back_is_what_was_asked(
    store: Store, cluster: Cluster, change: Any, said: str
) -> None:
    unfaithful: Any = Unfaithful(cluster, change)
    with pytest.raises(ClusterError, match=said):
        build(store, FakeEncoder(), RayStage(unfaithful, open_fake), FRENCH, ENGLISH)
    assert not store.exists()


def test_what_a_node_cannot_do_is_said_and_nothing_is_published(
    store: Store, cluster: Cluster
) -> None:
    with pytest.raises(ClusterError, match=r"no such processor, \['encoder.txt'\].*stays as it"):
        build(store, FakeEncoder(), RayStage(cluster, refuse), FRENCH)
    assert not store.exists()


def test_a_node_that_runs_another_program_is_refused(encoder: FakeEncoder) -> None:
    parcel = Parcel.of(encoder)
    assert parcel.open(open_fake).dimension == 5
    with pytest.raises(ClusterError, match="install the same versions on every node"):
        replace(parcel, program="another").open(open_fake)


def test_files_are_read_and_cut_as_on_one_machine(tmp_path: Path, cluster: Cluster) -> None:
    folder = tmp_path / "documents"
    (folder / "sub").mkdir(parents=True)
    (folder / "chat.md").write_text("# Bêtes\n\nLe chat dort.\n\n## Rois\n\nLe roi lit.\n")
    (folder / "sub" / "é.txt").write_text("La mer est calme ce matin, dit le roi.\n")
    (folder / "latin.txt").write_bytes("été".encode("latin-1"))
    (folder / "vide.txt").write_bytes(b"")
    alone = read_documents([folder], detect=detect_document)
    encoder = FakeEncoder()
    found, cutter = read_on_cluster(
        discover([folder]), cluster, encoder, detect_document, open_fake
    )
    assert found.documents == alone.documents
    assert [str(p.error) for p in found.problems] == [str(p.error) for p in alone.problems]
    assert [p.document_id for p in found.problems] == ["latin", "vide"]
    for document in found.documents:
        expected = chunk(document, encoder.count_tokens, ChunkSettings())
        assert cutter.passages[document.id] == expected
    assert cutter(FRENCH, encoder.count_tokens, SMALL) == chunk(FRENCH, encoder.count_tokens, SMALL)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("127.0.0.1:1", "no Ray cluster answers at '127.0.0.1:1'"),
        ("ray://127.0.0.1:1", "does not run through Ray's client: run this on a machine"),
        ("nowhere", "is no address: give auto, local or HOST:PORT"),
        ("host:port", "is no address"),
    ],
)
def test_an_address_where_nothing_is_says_what_to_do(address: str, said: str) -> None:
    with pytest.raises(ClusterError, match=said), joined(address, None):
        pass


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    said = r"ray is not installed: .*passerelle-qa\[ray\]"
    with pytest.raises(ClusterError, match=said), joined(LOCAL, None):
        pass
