"""What a service does with documents that come and go: it takes files and starts jobs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from qa.errors import InvalidUpload
from qa.settings import Settings
from qa.uploads.jobs import Jobs, Record
from qa.uploads.shelf import Shelf, safe_name
from qa.wire.schemas import JobDocumentOut, JobOut, JobReasonOut

LARGEST_FILE: Final = 64 * 2**20
"""In bytes; larger ones are not read either."""
MOST_FILES: Final = 100
"""How many files may come at once."""
_BLOCK: Final = 2**20


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that was sent.

    Attributes:
        name: as the client says.
        content: its bytes.
    """

    name: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Library:
    """The files and the jobs of an index.

    Attributes:
        settings: where the index is.
        shelf: the uploaded files.
        jobs: what is done with them.
    """

    settings: Settings
    shelf: Shelf
    jobs: Jobs

    @classmethod
    def of(cls, settings: Settings, jobs: Jobs | None = None) -> Library:
        """Return the library of an index."""
        return cls(settings, Shelf.of(settings.index), jobs or Jobs.of(settings.index))

    def take(self, files: Sequence[Incoming], held: Collection[str]) -> JobOut:
        """Take files, and start a job that indexes them; none is needed for those that are known.

        Args:
            files: what was sent.
            held: the identifiers of the documents that the service has.

        Raises:
            InvalidUpload: none of the files can be used.
            TooManyJobs: too many jobs are not finished.
        """
        record = self.jobs.new("upload")
        try:
            self._stage(record, files)
        except BaseException:
            self.jobs.drop(record)
            raise
        self._pass_over_known(record, held)
        if any(self._staged(record).iterdir()):
            self.jobs.begin(record)
        else:
            self.jobs.finish(record, "done")
        return record.job

    def remove(self, document_id: str) -> JobOut:
        """Start a job that removes a document.

        Raises:
            TooManyJobs: too many jobs are not finished.
        """
        record = self.jobs.new("removal")
        record.removed = [document_id]
        self.jobs.begin(record)
        return record.job

    def _stage(self, record: Record, files: Iterable[Incoming]) -> None:
        refused: list[tuple[str, InvalidUpload]] = []
        for file in files:
            try:
                self._stage_one(record, file)
            except InvalidUpload as error:
                refused.append((file.name[:200], error))
        record.job.reasons.extend(JobReasonOut.of(*pair) for pair in refused)
        if not any(self._staged(record).iterdir()):
            said = "; ".join(f"{name}: {error}" for name, error in refused[:10])
            nothing = "no file came: send some, in the fields `files`"
            raise InvalidUpload(said or nothing, "no-file", tuple(refused))

    def _stage_one(self, record: Record, file: Incoming) -> None:
        target = self._staged(record) / safe_name(file.name)
        if target.exists():
            raise InvalidUpload(
                "another file of this name came with it: give each its own name", "twice"
            )
        size = _copy(file.content, target)
        if 0 < size <= LARGEST_FILE:
            return
        target.unlink()
        if not size:
            raise InvalidUpload("the file is empty: send one that holds text", "empty")
        raise InvalidUpload(
            f"the file is larger than {LARGEST_FILE // 2**20} MiB: divide it", "large"
        )

    def _pass_over_known(self, record: Record, held: Collection[str]) -> None:
        """Drop files whose bytes are those of a document that the service has already."""
        known = {kept.sha256: kept.id for kept in self.shelf.known().values() if kept.id in held}
        for file in sorted(self._staged(record).iterdir()):
            with file.open("rb") as content:
                same = known.get(hashlib.file_digest(content, "sha256").hexdigest())
            if same is not None:
                file.unlink()
                found = JobDocumentOut(file=file.name, id=same, change="unchanged")
                record.job.documents.append(found)

    def _staged(self, record: Record) -> Path:
        return self.jobs.folder / record.job.id / "files"


def _copy(content: BinaryIO, target: Path) -> int:
    """Copy a file, at most a byte more than is allowed; return how many bytes it has."""
    size = 0
    with target.open("xb") as file:
        while size <= LARGEST_FILE and (block := content.read(_BLOCK)):
            size += file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return size
