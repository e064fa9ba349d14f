# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""When each source last said something new, and whose stream a topic is. Pure bookkeeping."""

from robot_policies.core.errors import RobotPoliciesError
from robot_policies.core.latest_slot import FUTURE_TOLERANCE_NS


class RefusedInputError(RobotPoliciesError):
    """A message that must not be used: not new, not finite, or from the wrong publisher."""


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

    def accept(self, source: str, stamp_ns: int, now_ns: int, clock_ns: int) -> None:
        """Note that `source` spoke.

        Args:
            source: Its name.
            stamp_ns: Stamp of the message.
            now_ns: Time of arrival.
            clock_ns: Now by the clock that stamps are of, which ages are not counted on.

        Raises:
            RefusedInputError: The stamp did not advance.
        """
        last = self._stamps.get(source)
        ran_ahead = last is not None and last > clock_ns + FUTURE_TOLERANCE_NS
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


class StreamOwner:
    """Tells the publisher of a topic from a second one by their sequence numbers.

    The middleware tells no subscriber in Python who sent a message, but each publisher counts its
    own. Who is heard first owns the topic; a message that does not continue the owner's count
    comes from somebody else and is refused. An owner that was silent for `takeover_s` is gone.
    Where two counts come so close that they cannot be told apart, everything is refused until
    the topic was silent for as long.
    """

    MAX_GAP = 25
    """So many of the owner's messages may be lost in a row."""

    def __init__(self, takeover_s: float = 0.5) -> None:
        """Start with no owner."""
        self._takeover_ns = int(takeover_s * 1e9)
        self._owner: int | None = None
        self._owner_ns = 0
        self._stranger: int | None = None
        self._stranger_ns = 0
        self._confused_ns: int | None = None

    def accept(self, topic: str, number: int | None, now_ns: int) -> None:
        """Note a message of the topic.

        Args:
            topic: Its name, for the message.
            number: The publisher's sequence number; None where the middleware gives none.
            now_ns: Time of arrival.

        Raises:
            RefusedInputError: It is not the owner's, or may not be.
        """
        if number is None:
            return
        self._refuse_if_confused(topic, now_ns)
        if self._stranger is not None and now_ns - self._stranger_ns > self._takeover_ns:
            self._stranger = None
        if self._owner is None or now_ns - self._owner_ns > self._takeover_ns:
            self._owner, self._owner_ns = number, now_ns
            self._stranger = None  # it may be the one that takes over
            return
        if not 0 < number - self._owner <= self.MAX_GAP:
            self._stranger, self._stranger_ns = number, now_ns
            raise RefusedInputError(f'{topic}: a second publisher, its messages are refused')
        if self._stranger is not None and abs(number - self._stranger) <= 2 * self.MAX_GAP:
            self._confused_ns = now_ns
            self._refuse_if_confused(topic, now_ns)
        self._owner, self._owner_ns = number, now_ns

    def _refuse_if_confused(self, topic: str, now_ns: int) -> None:
        if self._confused_ns is None:
            return
        if now_ns - self._confused_ns > self._takeover_ns:
            self._confused_ns = self._owner = self._stranger = None
            return
        self._confused_ns = now_ns
        raise RefusedInputError(f'{topic}: two publishers that cannot be told apart')
