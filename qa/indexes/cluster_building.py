"""``qa index --ray``: the same generation, read, cut and encoded on a Ray cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from documents.reading import Reading
from documents.sources import Request
from qa.indexes.building import Indexed, require_agreement
from qa.indexes.stores import changing
from qa.indexes.updating import Agree, KeptPassages, UpdatedDocuments, prepare
from qa.settings import Settings

if TYPE_CHECKING:
    from documents.discovery import Selection
    from documents.types import Document
    from index.build.pipeline import Progress


def index_paths_on_cluster(
    address: str,
    paths: Sequence[Path],
    settings: Settings,
    progress: Progress | None = None,
    actors: int | None = None,
    selection: Selection | None = None,
    *,
    only: bool = False,
    agree: Agree | None = None,
    on_read: Progress | None = None,
) -> Indexed:
    """Build what ``qa.indexes.building.index_paths`` would, with the work done on a cluster.

    This machine finds the files, exports the encoder, and writes; nothing is published until
    all vectors are here.

    Args:
        address: of the cluster: see ``index.cluster.ray_cluster.joined``.
        paths: files and folders; all that is followed if there are none. Nodes that see them
            under the same paths read them; the others' share is read here.
        settings: where the index is and which model makes it.
        progress: called with how many passages are encoded, out of how many.
        actors: how many processes read, and then encode; one a core of the cluster when None.
        selection: which files of the folders are wanted; by default all.
        only: whether the index is to hold and to follow nothing else.
        agree: told which documents would be removed by ``only``; it may raise an error.
        on_read: called with how many files are read, out of how many.

    Raises:
        DocumentError: a path is missing, or no document can be used; the index stays as it was.
        IndexingError: nothing could be built; the index stays as it was.
        ClusterError: it is the cluster that cannot be reached, or cannot do it.
    """
    from index.build.encoder import open_build_encoder
    from index.build.pipeline import build_index
    from index.cluster.ray_cluster import joined
    from index.model.source import resolve_model
    from qa.language.detection import detect_document

    with ExitStack() as stack:
        store = stack.enter_context(changing(settings))
        update = prepare(Request(tuple(paths), selection, only), store)
        require_agreement(update, only, agree)
        cluster = stack.enter_context(joined(address, actors))
        from index.cluster.encoding import RayStage
        from index.cluster.reading import read_on_cluster

        source = resolve_model(settings.model, settings.cache)
        encoder = stack.enter_context(open_build_encoder(source, store))
        plan = update.plan
        found, cutter = read_on_cluster(
            plan.found, plan.names, cluster, encoder, detect_document, on_read=on_read
        )
        documents = UpdatedDocuments(update, _among(found), found.problems)
        built = build_index(
            documents, store, encoder, chunker=KeptPassages(update, encoder, cutter),
            progress=progress, stage=RayStage(cluster), sources=plan.sources, before=update.before,
        )  # fmt: skip
    return Indexed(built, found, tuple(documents.kept), update)


def _among(reading: Reading) -> Callable[[Path, str], Document | None]:
    """Return a function that finds the document of a file among those that have been read."""
    read = {document.id: document for document in reading.documents}
    return lambda _, name: read.get(name)
