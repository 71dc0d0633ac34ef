"""``qa index --ray``: the same generation, read, cut and encoded on a Ray cluster."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from qa.building import ARTICLES, Indexed, kept_documents
from qa.settings import Settings
from qa.stores import changing

if TYPE_CHECKING:
    from documents.discovery import Selection
    from index.build import Progress


def index_paths_on_cluster(
    address: str,
    paths: Sequence[Path],
    settings: Settings,
    progress: Progress | None = None,
    actors: int | None = None,
    selection: Selection | None = None,
) -> Indexed:
    """Build what ``qa.building.index_paths`` would, with the work done on a cluster.

    This machine finds the files, exports the encoder, and writes; nothing is published until
    all vectors are here.

    Args:
        address: of the cluster: see ``index.cluster.joined``.
        paths: files and folders; the bundled article if there are none. Nodes that see them
            under the same paths read them; the others' share is read here.
        settings: where the index is and which model makes it.
        progress: called with how many passages are encoded, out of how many.
        actors: how many processes read, and then encode; one a core of the cluster when None.
        selection: which files of the folders are wanted; by default all.

    Raises:
        DocumentError: a path is missing, or no document can be used; the index stays as it was.
        IndexingError: nothing could be built; the index stays as it was.
        ClusterError: it is the cluster that cannot be reached, or cannot do it.
    """
    from documents.discovery import discover
    from index.build import build_index
    from index.build_encoder import open_build_encoder
    from index.cluster import joined
    from index.model import resolve_model
    from qa.language import detect_document

    with ExitStack() as stack:
        store = stack.enter_context(changing(settings))
        files = discover(paths or [ARTICLES], selection)
        cluster = stack.enter_context(joined(address, actors))
        from index.ray_reading import read_on_cluster
        from index.ray_stage import RayStage

        source = resolve_model(settings.model, settings.cache)
        encoder = stack.enter_context(open_build_encoder(source, store))
        found, cutter = read_on_cluster(files, cluster, encoder, detect_document)
        found.require_documents()
        kept: list[str] = []
        unread = kept_documents(store, found.read, found.problems, kept)
        built = build_index(
            chain(found.documents, unread), store, encoder, chunker=cutter, progress=progress,
            stage=RayStage(cluster),
        )  # fmt: skip
    return Indexed(built, found, tuple(kept))
