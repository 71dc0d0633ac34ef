"""What can be wrong with an index; the whole tree is drawn in ``documents.errors``."""

from __future__ import annotations

from documents.errors import PasserelleError

INSTALL = "run `pip install 'passerelle-qa[build]'` or `make`"


class IndexingError(PasserelleError):
    """An index cannot be built, opened or used."""


class MissingIndex(IndexingError):
    """There is no generation in this folder."""


class IncompatibleIndex(IndexingError):
    """The generation has another schema, or was made by another model."""


class CorruptIndex(IndexingError):
    """A checksum, a size or a citation slice does not hold."""


class BusyIndex(IndexingError):
    """Another process is writing the index."""


class MissingBuildDependency(IndexingError):
    """The ``build`` extra is not installed, or ``postgres`` where QA_STORE needs it."""


class ClusterError(IndexingError):
    """A cluster cannot be reached, or cannot do what it was asked."""


class ModelError(IndexingError):
    """The encoder cannot be found, verified or loaded."""


class StoreUnavailable(IndexingError):
    """The database that holds the index does not answer in time."""


class InvalidFilter(PasserelleError):
    """A filter is not of the form that filters have, or is too large."""
