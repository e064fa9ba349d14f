# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The newest value of one source, and whether it is fresh enough to be used."""

import threading
from typing import Generic, TypeVar

from robot_policies.core.data_types import Missing

ValueT = TypeVar('ValueT')

FUTURE_TOLERANCE_NS = 50_000_000
"""Clocks of two machines differ a little; a stamp farther ahead than this is not believed."""


class LatestSlot(Generic[ValueT]):
    """Keeps the newest value that was put in, from any thread.

    Taking does not empty it: an IMU sample may be used by several control steps while it is
    fresh. Age is judged by the value's own stamp, so a source that repeats an old stamp is old.
    """

    def __init__(self, name: str) -> None:
        """Create an empty slot.

        Args:
            name: The source, as it is called in `Missing`, e.g. `camera/front`.
        """
        self.name = name
        self.received = 0
        self.rejected = 0
        self._entry: tuple[ValueT, int] | None = None
        self._reason = ''
        self._lock = threading.Lock()

    def put(self, value: ValueT, stamp_ns: int) -> None:
        """Replace the value.

        Args:
            value: The new value.
            stamp_ns: When it was true.
        """
        with self._lock:
            self.received += 1
            self._entry = (value, stamp_ns)
            self._reason = ''

    def reject(self, reason: str) -> None:
        """Note that something came that could not be used; the value before it stays.

        Args:
            reason: Why, in words; it is added to `Missing` until a good value comes.
        """
        with self._lock:
            self.rejected += 1
            self._reason = reason

    def clear(self) -> None:
        """Forget the value, e.g. after a clock jump."""
        with self._lock:
            self._entry = None

    def take(self, now_ns: int, max_age_ns: int) -> ValueT | Missing:
        """Return the value if it is at most `max_age_ns` old, else why there is none.

        Args:
            now_ns: Now, on the clock of the stamps.
            max_age_ns: Oldest acceptable age.

        Returns:
            The value, or `Missing` with words as in `camera/front is 412 ms old, limit 300`.
        """
        with self._lock:
            entry, reason = self._entry, self._reason
        why = f' ({reason})' if reason else ''
        if entry is None:
            return Missing((f'{self.name} has not arrived{why}',))
        value, stamp_ns = entry
        age_ns = now_ns - stamp_ns
        if age_ns > max_age_ns:
            words = f'{age_ns / 1e6:.0f} ms old, limit {max_age_ns / 1e6:.0f}'
            return Missing((f'{self.name} is {words}{why}',))
        if age_ns < -FUTURE_TOLERANCE_NS:
            return Missing((f'{self.name} is stamped {-age_ns / 1e6:.0f} ms in the future{why}',))
        return value

    @property
    def reason(self) -> str:
        """Why the last thing that came could not be used; empty if it could."""
        return self._reason

    def newest(self) -> ValueT | None:
        """Return the value however old it is, or None if there is none."""
        with self._lock:
            return None if self._entry is None else self._entry[0]

    def age_ns(self, now_ns: int) -> int | None:
        """Return the age of the value, or None if there is none."""
        with self._lock:
            return None if self._entry is None else now_ns - self._entry[1]
