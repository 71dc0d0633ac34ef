"""Every error that Passerelle raises on purpose, in one tree.

Each folder adds its own leaves beside the code that raises them; all share this root::

    PasserelleError
    ├── DocumentError                 documents.errors
    │   ├── UnreadableDocument        missing, not permitted, a folder
    │   ├── UndecodableDocument       not UTF-8, with the byte that is not
    │   ├── UnsupportedFormat         no reader for this kind of file
    │   ├── EmptyDocument             nothing in it to read
    │   ├── InvalidFrontMatter        a header that cannot be understood
    │   ├── MissingFormat             the extra that reads this format is not installed
    │   ├── DamagedDocument           not what its suffix says, or cut short
    │   ├── UnsafeDocument            a bomb, or a file that reaches outside of itself
    │   └── NothingReadable           none of several files can be used
    ├── IndexingError                 index.errors
    │   ├── MissingIndex              no generation in this folder
    │   ├── IncompatibleIndex         another schema or another model
    │   ├── CorruptIndex              a checksum, a size or a citation slice does not hold
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
    ├── Overloaded                    qa.errors: too many questions are waiting
    ├── ServerFailed                  qa.errors: a server process ended by itself
    └── EvaluationError               eval.errors: a question set or a data set is malformed

A message says what was wrong with what, and what to do about it.
"""

from __future__ import annotations


class PasserelleError(Exception):
    """The root: catch this to catch every error that Passerelle raises on purpose."""


class DocumentError(PasserelleError):
    """A document cannot be used."""


class UnreadableDocument(DocumentError):
    """The file is missing, not a file, or not permitted to be read."""


class UndecodableDocument(DocumentError):
    """The file is not UTF-8."""


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


class NothingReadable(DocumentError):
    """None of several files can be used."""
