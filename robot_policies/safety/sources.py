# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""When each source last said something new, and whose stream a topic is. Pure bookkeeping."""

from robot_policies.core.errors import RobotPoliciesError


class RefusedInputError(RobotPoliciesError):
    """A message that must not be used: not new, not finite, or from the wrong publisher."""


class SourceMonitor:
    """Remembers when the stamp of each source last advanced.

    A message whose stamp stands still is no news, however often it comes: a frozen driver looks
    alive to everyone who counts messages.
    """

    def __init__(self, now_ns: int) -> None:
        """Start with nothing heard; silence counts from `now_ns`."""
        self._stamps: dict[str, int] = {}
        self._heard: dict[str, int] = {}
        self.since_ns = now_ns

    def accept(self, source: str, stamp_ns: int, now_ns: int) -> None:
        """Note that `source` spoke.

        Args:
            source: Its name.
            stamp_ns: Stamp of the message.
            now_ns: Time of arrival.

        Raises:
            RefusedInputError: The stamp did not advance.
        """
        last = self._stamps.get(source)
        if last is not None and stamp_ns <= last:
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


class StreamOwner:
    """Tells one publisher of a topic from another by the publisher's own sequence numbers.

    Who is heard first owns the topic. A message that does not continue the owner's sequence comes
    from somebody else and is refused, unless the owner has been silent for `takeover_s` (it died
    or was restarted).
    """

    MAX_GAP = 200
    """So many of the owner's messages may be lost in a row."""

    def __init__(self, takeover_s: float = 0.5) -> None:
        """Start with no owner; one that is silent for `takeover_s` is gone."""
        self._takeover_ns = int(takeover_s * 1e9)
        self._last_number: int | None = None
        self._last_ns = 0
        self.intruder_ns: int | None = None

    def accept(self, topic: str, number: int | None, now_ns: int) -> None:
        """Note a message of the topic.

        Args:
            topic: Its name, for the message.
            number: The publisher's sequence number; None where the middleware gives none.
            now_ns: Time of arrival.

        Raises:
            RefusedInputError: It is not the owner's.
        """
        last = self._last_number
        if number is None:
            return
        owner_gone = last is None or now_ns - self._last_ns > self._takeover_ns
        if not owner_gone and not 0 < number - (last or 0) <= self.MAX_GAP:
            self.intruder_ns = now_ns
            raise RefusedInputError(f'{topic}: a second publisher, its messages are refused')
        self._last_number = number
        self._last_ns = now_ns
