"""Every error that Passerelle raises on purpose, in one tree.

Each folder adds its own leaves beside the code that raises them; all share this root::

    PasserelleError
    ├── DocumentError                 documents.errors
    │   ├── UnreadableDocument        missing, not permitted, a folder
    │   ├── UndecodableDocument       in no known encoding, with the byte that shows it
    │   ├── UnsupportedFormat         no reader for this kind of file
    │   ├── EmptyDocument             nothing in it to read
    │   ├── InvalidFrontMatter        a header that cannot be understood
    │   ├── MissingFormat             the extra that reads this format is not installed
    │   ├── DamagedDocument           not what its suffix says, or cut short
    │   ├── UnsafeDocument            a bomb, or a file that reaches outside of itself
    │   ├── AmbiguousNames            two files whose documents would have one identifier
    │   └── NothingReadable           none of several files can be used
    │       └── EveryFileLeftOut      of the files that were found
    ├── IndexingError                 index.errors
    │   ├── MissingIndex              no generation in this folder
    │   ├── IncompatibleIndex         another schema or another model
    │   ├── CorruptIndex              a checksum, a size or a citation slice does not hold
    │   ├── BusyIndex             another process is writing it
    │   ├── MissingBuildDependency    the ``build`` or ``postgres`` extra is not installed
    │   ├── ClusterError              a cluster cannot be reached, or cannot do its work
    │   ├── ModelError                the encoder cannot be found, verified or loaded
    │   └── StoreUnavailable          the database does not answer in time
    ├── QuestionError                 qa.errors
    │   ├── EmptyQuestion
    │   ├── QuestionTooLong
    │   ├── InvalidQuestion           NUL, lone surrogates, nothing but symbols
    │   ├── UnknownLanguage           neither ``fr`` nor ``en``
    │   ├── UnknownDocument           no such document in the index
    │   ├── RemoteError               a service elsewhere cannot be asked, or refuses
    │   │   └── Refused               … and said why
    │   └── InvalidSetting            a setting or an option with an impossible value
    ├── InvalidFilter                 index.errors: a filter of another form, or too large
    ├── LibraryError                  qa.errors
    │   ├── InvalidUpload             a file that cannot be taken, or none
    │   ├── UnknownJob                no such job
    │   ├── NoOriginal                the file of a document is not there
    │   ├── ReadOnly                  this client may not change the documents
    │   └── ForeignRequest            a page of another site sent it
    ├── Overloaded                    qa.errors: too many questions are waiting
    │   └── TooManyJobs               … or jobs
    ├── ServerFailed                  qa.errors: a server process ended by itself
    └── EvaluationError               eval.errors: a question set or a data set is malformed

A message says what was wrong with what, and what to do about it.
"""

from __future__ import annotations

from pathlib import Path


class PasserelleError(Exception):
    """The root: catch this to catch every error that Passerelle raises on purpose."""


class DocumentError(PasserelleError):
    """A document cannot be used."""


class UnreadableDocument(DocumentError):
    """The file is missing, not a file, or not permitted to be read."""


class UndecodableDocument(DocumentError):
    """The file is no text in an encoding that is known."""


class UnsupportedFormat(DocumentError):
    """There is no reader for this kind of file."""


class EmptyDocument(DocumentError):
    """The file has no text to read."""


class InvalidFrontMatter(DocumentError):
    """The header of the file cannot be understood."""


class MissingFormat(DocumentError):
    """The library that reads this format is not installed."""


class DamagedDocument(DocumentError):
    """The file is not of the format that its suffix says, or damaged."""


class UnsafeDocument(DocumentError):
    """Reading the file would take too much, or lead outside of it."""


class AmbiguousNames(DocumentError):
    """Two files have names that would give their documents one identifier."""


class NothingReadable(DocumentError):
    """None of several files can be used."""


class EveryFileLeftOut(NothingReadable):
    """Files were found, and none of them can be used; the message has every reason.

    Attributes:
        reasons: the path of each file, with the error that keeps it from being read.
    """

    def __init__(self, message: str, reasons: tuple[tuple[Path, DocumentError], ...] = ()) -> None:
        """Take what is said, and each reason."""
        super().__init__(message)
        self.reasons = reasons
