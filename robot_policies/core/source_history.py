# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The recent values of one source, and the one that stands for an instant."""

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from robot_policies.core.data_types import Features, Image
from robot_policies.core.interpolation import between, INTERPOLATED
from robot_policies.core.source_use import SourceUse

KEPT_NS, MOST_KEPT = 600_000_000, 300
"""Time for which values of a source are kept, longer than a picture may be old; and how many."""


class Align(Enum):
    """Which value of a source is taken for the instant of an observation."""

    NEWEST = 'newest'
    """The newest one: what changes slowly, or is looked at as it comes."""
    NEAREST = 'nearest'
    """The one whose stamp is nearest to the instant, before or after it."""
    HOLD = 'hold'
    """The newest one at or before the instant: what was known then."""
    INTERPOLATE = 'interpolate'
    """Between the two around the instant; the newest one as it is where none is later yet."""


@dataclass(frozen=True)
class SourceRule:
    """When a value of a source may be used.

    Attributes:
        align: Which value is taken.
        max_age_ns: Oldest acceptable age of the newest value now.
        max_skew_ns: Farthest acceptable stamp from the observation's; with `INTERPOLATE` of the
            farther neighbour, so that no gap is bridged.
        max_frozen_ns: Longest time for which an image may show the same pixels; 0 for ever. A
            real camera's noise never repeats; a simulated one's picture of a robot that stands
            still does.
    """

    align: Align
    max_age_ns: int
    max_skew_ns: int
    max_frozen_ns: int = 0


class SourceHistory:
    """The recent values of one source."""

    def __init__(self, name: str, rule: SourceRule) -> None:
        """Create an empty history.

        Args:
            name: The source, as it is called in `Missing`.
            rule: When a value of it may be used.
        """
        self.name = name
        self.rule = rule
        self._values: deque[tuple[int, Any]] = deque(maxlen=MOST_KEPT)
        self._changed_ns = 0

    def put(self, value: Any) -> None:  # noqa: ANN401
        """Take in a value with `stamp_ns`; one that is no newer than the last is ignored.

        Raises:
            ValueError: The rule interpolates and the value is of a type that cannot be.
        """
        stamp_ns = value.stamp_ns
        if self._values and stamp_ns <= self._values[-1][0]:
            return  # reordered or repeated: what is known is newer
        if self.rule.align is Align.INTERPOLATE and not isinstance(value, INTERPOLATED):
            raise ValueError(f'{self.name}: {type(value).__name__} cannot be interpolated')
        if not (self.rule.max_frozen_ns and self._values and _same(self._values[-1][1], value)):
            self._changed_ns = stamp_ns
        self._values.append((stamp_ns, value))
        while stamp_ns - self._values[0][0] > KEPT_NS:
            self._values.popleft()

    def newest_ns(self) -> int | None:
        """Return the stamp of the newest value, or None without one."""
        return self._values[-1][0] if self._values else None

    def clear(self) -> None:
        """Forget all values."""
        self._values.clear()

    def problem(self, now_ns: int) -> str:
        """Return why the source cannot be used now, or nothing."""
        if not self._values:
            return f'{self.name} has not arrived'
        age_ns = now_ns - self._values[-1][0]
        if age_ns > self.rule.max_age_ns:
            return f'{self.name} is {_ms(age_ns)} ms old, limit {_ms(self.rule.max_age_ns)}'
        frozen_ns = self._values[-1][0] - self._changed_ns
        if 0 < self.rule.max_frozen_ns < frozen_ns:
            limit = _ms(self.rule.max_frozen_ns)
            return f'{self.name} has shown the same for {_ms(frozen_ns)} ms, limit {limit}'
        return ''

    def pick(self, instant_ns: int, now_ns: int) -> tuple[Any, SourceUse | None, str]:
        """Return the value for an instant, how it was found, and why it will not do.

        Args:
            instant_ns: What the observation stands for.
            now_ns: When it is decided.

        Returns:
            Value, its use, and nothing; or None, None, and the reason in words. There must be
            a value (see `problem`).
        """
        chosen = self._choose(instant_ns)
        if not chosen:
            return None, None, f'{self.name} has nothing from before the frame'
        skew_ns = max(abs(stamp_ns - instant_ns) for stamp_ns, _ in chosen)
        if skew_ns > self.rule.max_skew_ns:
            limit = _ms(self.rule.max_skew_ns)
            return None, None, f'{self.name} is {_ms(skew_ns)} ms off the frame, limit {limit}'
        value = chosen[0][1]
        if len(chosen) > 1:
            value = between(value, chosen[1][1], instant_ns)
        newest_ns = self._values[-1][0]
        stamps = tuple(stamp_ns for stamp_ns, _ in chosen)
        use = SourceUse(
            self.name, self.rule.align.value, stamps, newest_ns, now_ns - newest_ns, skew_ns
        )
        return value, use, ''

    def _choose(self, instant_ns: int) -> list[tuple[int, Any]]:
        """Return the entry for an instant, the two around it, or none."""
        values, align = self._values, self.rule.align
        if align is Align.NEWEST:
            return [values[-1]]
        if align is Align.NEAREST:
            return [min(values, key=lambda entry: abs(entry[0] - instant_ns))]
        later = bisect_right(values, instant_ns, key=lambda entry: entry[0])
        if later == 0:
            return []
        before = values[later - 1]
        exact = before[0] == instant_ns or later == len(values)
        return [before] if align is Align.HOLD or exact else [before, values[later]]


def _same(before: Any, after: Any) -> bool:  # noqa: ANN401
    if isinstance(after, Features):  # of the same picture
        return np.array_equal(before.tokens, after.tokens)
    return isinstance(after, Image) and np.array_equal(before.pixels, after.pixels)


def _ms(nanoseconds: int) -> str:
    return f'{nanoseconds / 1e6:.0f}'
