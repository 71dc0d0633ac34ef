"""What the process of a job does: index the files that came with it, or remove documents."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from documents.errors import EveryFileLeftOut, PasserelleError
from index.build.stage import BuildEncoder
from qa.errors import InvalidUpload
from qa.indexes.building import Indexed, index_paths
from qa.indexes.removing import remove_named
from qa.indexes.waiting import patiently
from qa.indexes.watching import followed
from qa.settings import Settings
from qa.uploads.jobs import Jobs, Record
from qa.uploads.shelf import Kept, Shelf
from qa.uploads.twins import digest, standing
from qa.wire.schemas import JobDocumentOut, JobReasonOut, ProgressOut

PATIENCE: Final = 3600.0
"""How long a job waits for another process that writes the index, in seconds."""
EVERY: Final = 0.5
"""How often progress is written down at most, in seconds."""


def work(name: str, settings: Settings, encoder: BuildEncoder | None = None) -> None:
    """Do a job once those before it are done; what came of it is written down.

    Args:
        name: the identifier of the job.
        settings: where the index is.
        encoder: encodes passages; that of the settings' model when None.
    """
    jobs = Jobs.of(settings.index)
    with jobs.turn():
        record = jobs.of_id(name)
        record.job.state = "running"
        jobs.write(record)
        try:
            _Worker(jobs, record, settings, encoder).run()
        except (PasserelleError, OSError) as error:
            record.job.reasons.extend(_reasons(error, settings))
            jobs.finish(record, "failed")


def _reasons(error: Exception, settings: Settings) -> list[JobReasonOut]:
    """Return why a job failed: for each file, where none of them can be read."""
    each = error.reasons if isinstance(error, EveryFileLeftOut) else ()
    if not each:
        return [JobReasonOut.of("", error, _without_folder(error, settings))]
    return [JobReasonOut.of(path.name, e, _without_folder(e, settings)) for path, e in each]


def _without_folder(error: Exception, settings: Settings) -> str:
    """Return a message without the names of folders of this machine."""
    said = str(error)
    for folder in (Shelf.of(settings.index).folder, settings.index.resolve(), settings.index):
        said = said.replace(f"{folder}{os.sep}", "").replace(str(folder), "the index")
    return said


class _Worker:
    def __init__(
        self, jobs: Jobs, record: Record, settings: Settings, encoder: BuildEncoder | None
    ) -> None:
        self._jobs, self._record, self._settings = jobs, record, settings
        self._encoder, self._shelf = encoder, Shelf.of(settings.index)
        self._folder = jobs.folder / record.job.id
        self._written = 0.0

    def run(self) -> None:
        if self._record.removed:
            self._remove()
            return
        self._index()

    def _index(self) -> None:
        self._shelf.folder.mkdir(parents=True, exist_ok=True)
        sent = {file.name: file for file in sorted((self._folder / "files").iterdir())}
        digests = {name: digest(file) for name, file in sent.items()}
        places = self._places(sent, digests)
        put = [name for name, place in places.items() if place == self._shelf.folder / name]
        try:
            for name in put:
                self._put(name)
            paths = list(dict.fromkeys(places.values()))
            done = patiently(lambda: self._build(paths), PATIENCE)
        except BaseException:
            for name in put:
                self._put_back(name)
            raise
        self._report(done, places, {name: digests[name] for name in put})

    def _places(self, sent: dict[str, Path], digests: dict[str, str]) -> dict[str, Path]:
        """Return where the bytes of each file stand, or else will be put, by its name."""
        there = standing(sent, followed(self._settings) or ())
        first: dict[str, str] = {}
        for name, own in digests.items():
            first.setdefault(own, name)  # of several files with the same bytes, one is kept
        return {n: there.get(n, self._shelf.folder / first[own]) for n, own in digests.items()}

    def _put(self, name: str) -> None:
        """Put a file on the shelf; the one that it replaces is kept meanwhile."""
        target = self._shelf.folder / name
        if target.is_file():
            os.link(target, self._folder / "before" / name)
        (self._folder / "files" / name).replace(target)

    def _put_back(self, name: str) -> None:
        before, target = self._folder / "before" / name, self._shelf.folder / name
        if (self._folder / "files" / name).exists():
            return  # it was not put there
        if before.is_file():
            before.replace(target)
        else:
            target.unlink(missing_ok=True)

    def _build(self, places: list[Path]) -> Indexed:
        shelf = self._shelf.folder
        is_followed = any(s.path == str(shelf) for s in followed(self._settings) or ())
        # All of the folder is read the first time alone; the folder is followed from then on.
        outside = [place for place in places if not self._shelf.has(place)]
        paths = places if is_followed or outside == places else [shelf, *outside]
        return index_paths(
            paths, self._settings, self._progress("encoding"), encoder=self._encoder,
            on_read=self._progress("reading"),
        )  # fmt: skip

    def _progress(self, phase: Literal["reading", "encoding"]) -> Callable[[int, int], None]:
        def tell(done: int, total: int) -> None:
            if time.monotonic() - self._written >= EVERY:
                self._written = time.monotonic()
                self._record.job.progress = ProgressOut(phase=phase, done=done, total=total)
                self._jobs.write(self._record)

        return tell

    def _report(self, done: Indexed, places: dict[str, Path], put: dict[str, str]) -> None:
        """Write down what became of each file; those that cannot be read do not stay.

        Args:
            done: what came of the build.
            places: where each file stands, by its name.
            put: the SHA-256 of those that were put on the shelf, by name.
        """
        errors = {os.path.realpath(p.path): p.error for p in done.reading.problems}
        ids = {os.path.realpath(f): name for f, name in done.update.plan.names.items()}
        known = self._shelf.known()
        for name, place in places.items():
            real = os.path.realpath(place)
            if real in errors or real not in ids:
                self._put_back(name)
                self._leave_out(name, errors.get(real))
                continue
            if name in put:
                known[name] = Kept(put[name], ids[real])
            self._record.job.documents.append(_described(name, ids[real], done))
        self._shelf.remember(known)
        is_used = bool(self._record.job.documents)
        self._jobs.finish(self._record, "done" if is_used else "failed")

    def _leave_out(self, name: str, error: Exception | None) -> None:
        if error is None:
            unread = InvalidUpload("it was not read: send it again", "unread")
            self._record.job.reasons.append(JobReasonOut.of(name, unread))
            return
        said = _without_folder(error, self._settings)
        self._record.job.reasons.append(JobReasonOut.of(name, error, said))

    def _remove(self) -> None:
        ids = self._record.removed
        patiently(lambda: remove_named(ids, self._settings, self._take), PATIENCE)
        for name in ids:
            self._record.job.documents.append(JobDocumentOut(file="", id=name, change="removed"))
        self._jobs.finish(self._record, "done")

    def _take(self, file: Path) -> Callable[[], None] | None:
        """Take an uploaded file off the shelf; return what puts it back."""
        if not self._shelf.has(file):
            return None
        with suppress(FileNotFoundError):
            file.replace(self._folder / "before" / file.name)
        return lambda: self._put_back(file.name)


def _described(file: str, name: str, done: Indexed) -> JobDocumentOut:
    changes = done.built.changes
    if name in changes.added:
        return JobDocumentOut(file=file, id=name, change="added")
    change: Literal["changed", "unchanged"] = "changed" if name in changes.changed else "unchanged"
    return JobDocumentOut(file=file, id=name, change=change)
