"""Files are read and cut into passages by the actors of a Ray cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from documents.chunking import ChunkSettings, chunk
from documents.discovery import Found, Problem
from documents.errors import DocumentError
from documents.identifiers import assign_identifiers
from documents.reading import Detector, Reading, read_document
from documents.types import Document, Passage
from index.cluster import Cluster, Stage
from index.encoding import Encoder
from index.encoding_stage import BuildEncoder
from index.errors import ClusterError
from index.parcel import Opener, Parcel, open_travelled
from index.ray_stage import open_parcel
from index.tables import Cut, cut_table, files_table, table_cuts, table_files

if TYPE_CHECKING:
    import pyarrow

FILES: Final = 16
"""How many files an actor is given at a time."""
_TURNS: Final = 4


class CutTables:
    """Reads the files of tables and cuts them; opens its tokeniser with the first of them."""

    def __init__(self, parcel: Any, opener: Opener, detect: Detector) -> None:
        """Take what stands for a parcel. An actor that fails here would be started for ever."""
        self._parcel, self._opener, self._detect = parcel, opener, detect
        self._encoder: Encoder | None = None

    def __call__(self, table: pyarrow.Table) -> Iterator[pyarrow.Table]:
        """Yield what came of each file; nothing of one that cannot be used here."""
        if self._encoder is None:
            self._encoder = open_parcel(self._parcel, self._opener)
        for path, name in table_files(table):
            yield cut_table(name, self._cut(path, name, self._encoder))

    def _cut(self, path: Path, name: str, encoder: Encoder) -> Cut | None:
        try:
            document = read_document(path, document_id=name, detect=self._detect)
        except DocumentError:
            return None
        return Cut(document, chunk(document, encoder.count_tokens, ChunkSettings()))


@dataclass(frozen=True, slots=True)
class CutElsewhere:
    """The passages of documents that were cut on a cluster: an ``index.build.Chunker``."""

    passages: Mapping[str, list[Passage]]

    def __call__(
        self, document: Document, count_tokens: Any, settings: ChunkSettings
    ) -> list[Passage]:
        """Return the passages of a document; cut it here if it was read here."""
        cut = self.passages.get(document.id)
        return chunk(document, count_tokens, settings) if cut is None else cut


def read_on_cluster(
    found: Found,
    cluster: Cluster,
    encoder: BuildEncoder,
    detect: Detector,
    opener: Opener = open_travelled,
) -> tuple[Reading, CutElsewhere]:
    """Read files, and cut them, on the nodes that see them under the same paths.

    A file that a node cannot use is read again here: what is then wrong with it is said as it
    would be without a cluster, and a file that only this machine sees is not left out.

    Args:
        found: the files.
        cluster: reads and cuts them.
        encoder: whose tokens are counted.
        detect: asked for the language of the files that do not state it.
        opener: opens an exported encoder on a node.

    Raises:
        ClusterError: the cluster cannot do it.
    """
    names = assign_identifiers(found.files)
    documents, problems, passages = [], list(found.problems), {}
    for (file, name), cut in zip(names.items(), _cuts(names, cluster, encoder, detect, opener),
                                 strict=True):  # fmt: skip
        if cut is not None:
            documents.append(cut.document)
            passages[name] = cut.passages
            continue
        try:
            documents.append(read_document(file, document_id=name, detect=detect))
        except DocumentError as error:
            problems.append(Problem(file, error, name))
    return Reading(tuple(documents), tuple(problems)), CutElsewhere(passages)


def _cuts(
    names: Mapping[Path, str],
    cluster: Cluster,
    encoder: BuildEncoder,
    detect: Detector,
    opener: Opener,
) -> Iterable[Cut | None]:
    """Yield what came of each file, in their order."""
    files = list(names.items())
    if not files:
        return
    size = min(FILES, ceil(len(files) / (_TURNS * cluster.actors)))
    tables = [files_table(files[i : i + size]) for i in range(0, len(files), size)]
    stage = Stage(CutTables, (cluster.share(Parcel.of(encoder)), opener, detect))
    done = chain.from_iterable(map(table_cuts, cluster.run(tables, stage)))
    for (_, name), (came, cut) in zip(files, done, strict=True):
        if came != name:
            raise ClusterError(
                f"the cluster gave back {came} for {name}: the index stays as it was; "
                "run `qa index` again"
            )
        yield cut
