"""What can be wrong with a question, its options or the settings."""

from __future__ import annotations

from documents.errors import PasserelleError


class QuestionError(PasserelleError):
    """A question cannot be answered as it was asked."""


class EmptyQuestion(QuestionError):
    """There is nothing but white space."""


class QuestionTooLong(QuestionError):
    """The question has more characters than the service reads."""


class InvalidQuestion(QuestionError):
    """The question holds NUL, lone surrogates or nothing but symbols."""


class UnknownLanguage(QuestionError):
    """The language is neither ``fr`` nor ``en``."""


class UnknownDocument(QuestionError):
    """There is no such document in the index."""


class Overloaded(PasserelleError):
    """Too many questions are waiting."""


class TooManyJobs(Overloaded):
    """Too many jobs are not finished."""


class LibraryError(PasserelleError):
    """Documents cannot be sent, removed or fetched as it was asked."""


class InvalidUpload(LibraryError):
    """A file cannot be taken, or there is none.

    Attributes:
        kind: what is wrong with a file, as a name of ``qa.messages.LEFT_OUT_REASONS``.
        refused: of several files, the names of those that were refused, each with its error.
    """

    def __init__(
        self, message: str, kind: str = "", refused: tuple[tuple[str, InvalidUpload], ...] = ()
    ) -> None:
        """Take what is said, and of which kind it is."""
        super().__init__(message)
        self.kind, self.refused = kind, refused


class UnknownJob(LibraryError):
    """There is no such job."""


class NoOriginal(LibraryError):
    """The file of a document is not there."""


class ReadOnly(LibraryError):
    """This client may not change the documents."""


class ForeignRequest(LibraryError):
    """A page of another site sent the request."""


class ServerFailed(PasserelleError):
    """A server process ended by itself."""


class InvalidSetting(QuestionError):
    """A setting or an option has an impossible value."""


class RemoteError(QuestionError):
    """A service elsewhere cannot be asked, or refuses the question."""


class Refused(RemoteError):
    """A service elsewhere refused, and said why.

    Attributes:
        type: of the problem, as ``/problems/overloaded``.
        status: of the answer.
        retry_after: after how many seconds to ask again, where it said so.
    """

    def __init__(self, detail: str, type: str, status: int, retry_after: float | None) -> None:  # noqa: A002
        """Take what the service said."""
        super().__init__(detail)
        self.type, self.status, self.retry_after = type, status, retry_after
