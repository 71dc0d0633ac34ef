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
from documents.identifiers import assign_identifiers
from documents.reading import read_documents
from index.build.pipeline import Built, build_index
from index.build.stage import EncodingStage
from index.checking import check_contents
from index.cluster.encoding import RayStage
from index.cluster.packed_encoder import PackedEncoder
from index.cluster.ray_cluster import LOCAL, ActorClass, Cluster, joined
from index.cluster.reading import read_on_cluster
from index.errors import ClusterError
from index.generations.folder import FolderStore
from index.manifest import Manifest
from qa.language.detection import detect_document
from tests.fakes import ENGLISH, FRENCH, FakeEncoder
from tests.index.cluster.ray_fakes import Marked, joined_here, open_fake, open_mortal, refuse

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
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "index")


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

    def run(self, tables: Any, stage: ActorClass) -> Any:
        """Do what is asked, and give back what was not."""
        work = stage.kind(*stage.made_with)
        return self.change([work(table) for table in tables])


def build(
    store: FolderStore, encoder: FakeEncoder, stage: EncodingStage | None, *documents: Any
) -> Built:
    return build_index(documents, store, encoder, settings=SMALL, stage=stage)


def test_the_generation_is_that_of_one_machine(
    store: FolderStore, tmp_path: Path, cluster: Cluster
) -> None:
    here, told = FakeEncoder(), []
    built = build_index(
        [FRENCH, ENGLISH], store, here, settings=SMALL, stage=RayStage(cluster, open_fake),
        progress=lambda *step: told.append(step),
    )  # fmt: skip
    alone = build(FolderStore(tmp_path / "alone"), FakeEncoder(), None, FRENCH, ENGLISH)
    assert built.generation.id == alone.generation.id
    assert (built.encoded, told[-1]) == (5, (10, 10))  # titles and headings are encoded alone, too
    assert not {p.text for p in built.generation.passages} & set(here.encoded)
    check_contents(store.current(), Manifest.read(store.current()))


def test_only_what_is_new_is_sent(store: FolderStore, cluster: Cluster) -> None:
    build(store, FakeEncoder(), None, FRENCH)
    built = build(store, FakeEncoder(), RayStage(cluster, open_fake), FRENCH, ENGLISH)
    assert (built.encoded, built.reused) == (2, 3)
    alone = build(FolderStore(store.folder / "alone"), FakeEncoder(), None, FRENCH, ENGLISH)
    assert built.generation.id == alone.generation.id


def test_a_killed_worker_loses_nothing_and_repeats_nothing(
    store: FolderStore, tmp_path: Path, cluster: Cluster
) -> None:
    marker = tmp_path / "marker"
    marker.touch()
    stage = RayStage(cluster, open_mortal)
    built = build(store, Marked(marker), stage, FRENCH, ENGLISH)
    assert not marker.exists()  # it did die
    marked = build(FolderStore(tmp_path / "alone"), Marked(marker), None, FRENCH, ENGLISH)
    assert built.generation.id == marked.generation.id


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda tables: tables[:-1], "gave back nothing for french#11-36"),
        (lambda tables: [*tables, tables[-1]], "gave back more than it was given"),
        (lambda tables: [tables[0], *tables], "gave back above fr: French for above en: Animals"),
        (lambda tables: tables[::-1], "gave back french#11-36 for above fr: French"),
    ],
    ids=["lost", "repeated at the end", "repeated", "another order"],
)
def test_what_comes_back_is_what_was_asked(
    store: FolderStore, cluster: Cluster, change: Any, said: str
) -> None:
    unfaithful: Any = Unfaithful(cluster, change)
    with pytest.raises(ClusterError, match=said):
        build(store, FakeEncoder(), RayStage(unfaithful, open_fake), FRENCH, ENGLISH)
    assert not store.exists()


def test_what_a_node_cannot_do_is_said_and_nothing_is_published(
    store: FolderStore, cluster: Cluster
) -> None:
    with pytest.raises(ClusterError, match=r"no such processor, \['encoder.txt'\].*stays as it"):
        build(store, FakeEncoder(), RayStage(cluster, refuse), FRENCH)
    assert not store.exists()


def test_a_node_that_runs_another_program_is_refused(encoder: FakeEncoder) -> None:
    packed = PackedEncoder.of(encoder)
    assert packed.open(open_fake).dimension == 5
    with pytest.raises(ClusterError, match="install the same versions on every node"):
        replace(packed, program="another").open(open_fake)


def test_files_are_read_and_cut_as_on_one_machine(tmp_path: Path, cluster: Cluster) -> None:
    folder = tmp_path / "documents"
    (folder / "sub").mkdir(parents=True)
    (folder / "chat.md").write_text("# Bêtes\n\nLe chat dort.\n\n## Rois\n\nLe roi lit.\n")
    (folder / "sub" / "é.txt").write_text("La mer est calme ce matin, dit le roi.\n")
    (folder / "latin.txt").write_bytes(b"\xe9t\xe9\x81")
    (folder / "vide.txt").write_bytes(b"")
    alone = read_documents([folder], detect=detect_document)
    encoder = FakeEncoder()
    files = discover([folder])
    found, cutter = read_on_cluster(
        files, assign_identifiers(files.files), cluster, encoder, detect_document, open_fake
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
