# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Whose stream a topic is: commands of a second publisher are told apart and refused."""

from robot_policies.core.errors import RefusedInputError


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
