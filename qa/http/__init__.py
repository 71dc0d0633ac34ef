"""The HTTP service: routes, limits, keys, metrics, batches of questions.

Requests come in; bytes of ``qa.wire`` go out, or pages of ``qa.http.page``. ``app`` puts all of
it together.
"""
