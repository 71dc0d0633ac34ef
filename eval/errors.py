"""The error of an evaluation."""

from __future__ import annotations

from documents.errors import PasserelleError


class EvaluationError(PasserelleError):
    """A question set, a data set or a machine cannot be used for an evaluation."""
