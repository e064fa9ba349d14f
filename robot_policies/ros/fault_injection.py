# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Publishers that can be told to fail: how the fault suite breaks one topic of a simulated robot.

A relay between the robot and its consumers would delay what it should only break. Here a message
takes its usual way, and a publisher without a fault costs one comparison. Nothing of this exists
unless the simulator's parameter `faults` is on.
"""

from collections.abc import Iterable
import functools
import math
from typing import Any

from robot_policies.core.statistics import NS

KINDS = ('none', 'silent', 'frozen', 'stuck', 'dim', 'shift', 'near', 'low')
"""`none` mends; `silent` says nothing; `frozen` repeats the last message, stamp and all; `stuck`
repeats an image's pixels under new stamps; `dim` leaves that share of an image's light; `shift`
moves stamps (and the clock) by so many seconds; `near` puts an obstacle so many metres ahead into
a scan; `low` has an odometry say that the base is at that height, m."""
_AHEAD_RAD = 0.3


class FaultyPublisher:
    """A publisher with a fault that may be set from another thread."""

    def __init__(self, publisher: Any) -> None:  # noqa: ANN401
        """Wrap a publisher that works."""
        self._publisher = publisher
        self._kept: Any = None
        self.fault = ('none', 0.0)

    @property
    def msg_type(self) -> Any:  # noqa: ANN401
        """The message class."""
        return self._publisher.msg_type

    def publish(self, message: Any) -> None:  # noqa: ANN401
        """Publish what the fault leaves of a message."""
        kind, amount = self.fault
        if kind == 'none':
            self._kept = message
        elif kind == 'silent':
            return
        elif kind == 'frozen' and self._kept is not None:
            message = self._kept
        elif kind == 'stuck' and self._kept is not None:
            message.data = self._kept.data
        elif kind == 'dim':
            message.data = bytes(message.data).translate(_dimmed(amount))
        elif kind == 'shift':
            _shift(message, round(amount * NS))
        elif kind == 'near':
            _approach(message, amount)
        elif kind == 'low':
            message.pose.pose.position.z = amount
        self._publisher.publish(message)


class FaultInjector:
    """All publishers of a node, by topic."""

    def __init__(self) -> None:
        """Start without publishers."""
        self._publishers: dict[str, FaultyPublisher] = {}

    def wrap(self, topic: str, publisher: Any) -> FaultyPublisher:  # noqa: ANN401
        """Return the publisher of `topic`, which can now be told to fail."""
        made = self._publishers[topic] = FaultyPublisher(publisher)
        return made

    def command(self, text: str) -> None:
        """Set a fault: `<topic> <kind> [<amount>]`; the topic `all` means every one.

        Raises:
            ValueError: There is no such topic or kind, or the amount is no number.
        """
        topic, _, rest = text.partition(' ')
        kind, _, amount = rest.partition(' ')
        if kind not in KINDS:
            raise ValueError(f'{text!r}: no such fault, known are {", ".join(KINDS)}')
        fault = (kind, float(amount or 0.0))
        for name in self._named(topic):
            self._publishers[name].fault = fault

    def _named(self, topic: str) -> Iterable[str]:
        if topic == 'all':
            return list(self._publishers)
        if topic not in self._publishers:
            known = ', '.join(self._publishers)
            raise ValueError(f'{topic!r} is not published here, known are {known}')
        return [topic]


@functools.lru_cache(maxsize=4)  # whoever may command faults must not fill the memory
def _dimmed(share: float) -> bytes:
    """Return for each of 256 levels what a share of it is; a share beyond 0 to 1 is cut there."""
    return bytes(round(min(max(share, 0.0), 1.0) * level) for level in range(256))


def _shift(message: Any, offset_ns: int) -> None:  # noqa: ANN401
    stamp = getattr(message, 'clock', None)
    if stamp is None:
        header = getattr(message, 'header', None)
        if header is None:
            return
        stamp = header.stamp
    stamp.sec, stamp.nanosec = divmod(stamp.sec * NS + stamp.nanosec + offset_ns, NS)


def _approach(scan: Any, distance_m: float) -> None:  # noqa: ANN401
    for k in range(len(scan.ranges)):
        angle = math.remainder(scan.angle_min + k * scan.angle_increment, 2.0 * math.pi)
        if abs(angle) < _AHEAD_RAD:
            scan.ranges[k] = min(scan.ranges[k], distance_m)
