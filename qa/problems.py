"""Errors on the wire: ``application/problem+json`` (RFC 9457), with a stable type each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.errors import PasserelleError
from qa.problem_types import BY_STATUS, PATH, PROBLEM_TYPES

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, as RFC 9457 names it."""

    type: str
    title: str
    status: int
    detail: str

    @classmethod
    def of(cls, error: PasserelleError, language: str = "en") -> Problem:
        """Describe an error; its class decides the type and the status.

        In English the detail is the error's own message, in French what is said of its type. Of
        an error that is no fault of the asker the type is ``internal-error``.
        """
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()
        name = words.replace(" ", "-")
        known = name if name in PROBLEM_TYPES else "internal-error"
        return cls.named(known, language, str(error) if language == "en" else None)

    @classmethod
    def of_status(cls, status: int, language: str = "en") -> Problem:
        """Describe a plain HTTP error; of a status that has no type, as ``internal-error``."""
        return cls.named(BY_STATUS.get(status, "internal-error"), language)

    @classmethod
    def named(cls, name: str, language: str = "en", detail: str | None = None) -> Problem:
        """Describe a problem of this type, in its general words where there is no detail."""
        kind = PROBLEM_TYPES[name]
        said = kind.details[language] if detail is None else detail
        return cls(PATH + name, kind.titles[language], kind.status, said)
