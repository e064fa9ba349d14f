# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Hears topics as bytes with the middleware's own times, and decodes what somebody asks for."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rclpy.node import Node
from rclpy.serialization import deserialize_message
from robot_policies.ros import topics
from robot_policies.ros.codecs.header import stamp_ns
from robot_policies.ros.raw_tap import RawMessage, RawTap, type_name_of

_KEPT = 20_000


@dataclass(frozen=True)
class Heard:
    """One message.

    Attributes:
        published_ns: System time at which it was sent.
        received_ns: System time at which it arrived here.
        message: It.
        sequence: Its number among those of its publisher; 0 if the middleware does not tell.
    """

    published_ns: int
    received_ns: int
    message: Any
    sequence: int = 0


class Listener:
    """Keeps what came on some topics; `drain` has to be called all the time."""

    def __init__(self, node: Node, heard: Sequence[topics.Topic]) -> None:
        """Begin to listen.

        Args:
            node: Who listens.
            heard: To what.
        """
        self._types = {topic.name: topic.type for topic in heard}
        self._taps = {
            topic.name: RawTap(node, topic.name, type_name_of(topic.type), topic.qos)
            for topic in heard
        }
        self._kept: dict[str, deque[RawMessage]] = {t.name: deque(maxlen=_KEPT) for t in heard}

    def drain(self) -> None:
        """Take what has come; from one thread only."""
        for name, tap in self._taps.items():
            self._kept[name].extend(tap.drain())

    def heard(self, topic: topics.Topic, after_ns: int = 0) -> list[Heard]:
        """Return what arrived after a system time, oldest first."""
        kept = [raw for raw in list(self._kept[topic.name]) if raw.received_ns > after_ns]
        return [self._decoded(topic, raw) for raw in kept]

    def first(
        self, topic: topics.Topic, wanted: Callable[[Any], bool], after_ns: int
    ) -> Heard | None:
        """Return the first wanted message that arrived after a system time, or None."""
        for raw in list(self._kept[topic.name]):
            if raw.received_ns > after_ns:
                item = self._decoded(topic, raw)
                if wanted(item.message):
                    return item
        return None

    def last(self, topic: topics.Topic) -> Any:  # noqa: ANN401
        """Return the newest message of a topic, or None."""
        heard = self.last_heard(topic)
        return None if heard is None else heard.message

    def last_heard(self, topic: topics.Topic) -> Heard | None:
        """Return the newest message of a topic with its times, or None."""
        kept = self._kept[topic.name]
        return self._decoded(topic, kept[-1]) if kept else None

    def last_news_ns(self, topic: topics.Topic, before_ns: int) -> int:
        """Return when the newest stamp that arrived before a system time was first sent."""
        newest, sent_ns = -1, 0
        for raw in list(self._kept[topic.name])[-600:]:
            if raw.received_ns < before_ns:
                item = self._decoded(topic, raw)
                stamp = stamp_ns(item.message)
                if stamp > newest:
                    newest, sent_ns = stamp, item.published_ns
        return sent_ns

    def forget(self) -> None:
        """Forget what was heard, the last state of each topic apart."""
        for kept in self._kept.values():
            while len(kept) > 1:
                kept.popleft()

    def _decoded(self, topic: topics.Topic, raw: RawMessage) -> Heard:
        message = deserialize_message(raw.data, self._types[topic.name])
        return Heard(raw.published_ns, raw.received_ns, message, raw.sequence)
