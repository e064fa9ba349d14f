# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""When each source last said something new. Pure bookkeeping."""

from robot_policies.core.errors import RefusedInputError
from robot_policies.core.latest_slot import FUTURE_TOLERANCE_NS


class SourceMonitor:
    """Remembers when the stamp of each source last advanced.

    A message whose stamp stands still is no news, however often it comes: a frozen driver looks
    alive to everyone who counts messages. A stamp that goes back is none either, unless the last
    one lies in the future: that came from a clock that jumped, maybe on its way through the
    middleware, and must not keep out all that follow.
    """

    def __init__(self, now_ns: int) -> None:
        """Start with nothing heard; silence counts from `now_ns`."""
        self._stamps: dict[str, int] = {}
        self._heard: dict[str, int] = {}
        self.since_ns = now_ns

    def accept(self, source: str, stamp_ns: int, now_ns: int, ros_ns: int) -> None:
        """Note that `source` spoke.

        Args:
            source: Its name.
            stamp_ns: Stamp of the message.
            now_ns: Time of arrival.
            ros_ns: Now on the clock that stamps are of; ages may be counted on another.

        Raises:
            RefusedInputError: The stamp did not advance.
        """
        last = self._stamps.get(source)
        ran_ahead = last is not None and last > ros_ns + FUTURE_TOLERANCE_NS
        if last is not None and (stamp_ns == last or (stamp_ns < last and not ran_ahead)):
            raise RefusedInputError(f'{source}: its stamp does not advance')
        self._stamps[source] = stamp_ns
        self._heard[source] = now_ns

    def note(self, source: str, now_ns: int) -> None:
        """Note that a source without stamps spoke."""
        self._heard[source] = now_ns

    def heard(self) -> dict[str, int]:
        """Return a copy: source -> time at which it last said something new."""
        return dict(self._heard)

    def flush(self, now_ns: int) -> None:
        """Forget all stamps and arrivals: after a jump of the clock none can be compared."""
        self._stamps.clear()
        self._heard.clear()
        self.since_ns = now_ns
