"""How often each client may ask."""

from __future__ import annotations

import ipaddress
import math
import time

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from qa.settings import Quota


class RateLimiter:
    """Counts the questions of each client in a sliding window, in this process alone.

    It uses the sliding window counter of the library ``limits``, which has no token bucket. Like a
    token bucket, it keeps two numbers a client, allows a burst of the whole quota, and then refills
    steadily.
    """

    def __init__(self, quota: Quota | None) -> None:
        """Limit clients to this quota; None sets no limit."""
        self.quota = quota
        self._item: RateLimitItem | None = None
        if quota is not None:
            self._item = RateLimitItemPerSecond(quota.count, quota.seconds)
            self._counter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def take(self, client: str, cost: int = 1) -> bool:
        """Count ``cost`` questions of a client; return False and count none if too many."""
        return self._item is None or self._counter.hit(self._item, client, cost=cost)

    def headers(self, client: str) -> dict[str, str]:
        """Return what a client has left, in the headers of draft-ietf-httpapi-ratelimit-headers."""
        if self._item is None or self.quota is None:
            return {}
        stats = self._counter.get_window_stats(self._item, client)
        seconds = max(1, math.ceil(stats.reset_time - time.time()))
        return {
            "RateLimit-Policy": f'"client";q={self.quota.count};w={self.quota.seconds}',
            "RateLimit": f'"client";r={stats.remaining};t={seconds}',
        }

    def refused(self, client: str) -> dict[str, str]:
        """Return the headers of a refusal: what the client has left, and when to ask again."""
        headers = self.headers(client)
        seconds = headers["RateLimit"].rpartition("t=")[2] if headers else "1"
        return {**headers, "Retry-After": seconds}


def client_name(address: str) -> str:
    """Return the name to count an address under; of an IPv6 address, its /64 network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
