"""An ``OSError`` becomes an ``IndexingError`` that names the file and says what to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import IndexingError


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Report a file or folder that cannot be written: that of the error, or else this path.

    Raises:
        IndexingError: in the place of an OSError.
    """
    try:
        yield
    except OSError as error:
        raise _refused(Path(str(error.filename or path)), _reason(error)) from error


@contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """Report that this part of an index cannot be written, also where FAISS writes it.

    Raises:
        IndexingError: in the place of an OSError or a RuntimeError.
    """
    try:
        yield
    except OSError as error:
        raise _refused(path, _reason(error)) from error
    except RuntimeError as error:
        # FAISS ends with the system's reason, in parentheses.
        raise _refused(path, str(error).rpartition("(")[2].rstrip(")")) from error


def _refused(path: Path, reason: str) -> IndexingError:
    return IndexingError(
        f"cannot write {path} ({reason}): check its permissions and free space, "
        "or set QA_INDEX to another folder; the index is as it was"
    )


def _reason(error: OSError) -> str:
    if isinstance(error, shutil.Error):  # a list of sources, targets and reasons
        return str(error.args[0][0][-1])
    # NumPy's own error says how many elements it wrote, but not why it stopped.
    return error.strerror or "not all of it could be written"
