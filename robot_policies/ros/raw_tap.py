# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Take every message of a topic as bytes, with the times that the middleware noted."""

from collections.abc import Iterator
from dataclasses import dataclass
import importlib
from typing import Any

from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from robot_policies.ros.inputs import NotInExecutor

DEPTH = 200
"""A second of the fastest topics, for a poller that comes late."""
IMAGE_DEPTH = 10


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One message.

    Attributes:
        received_ns: System time at which it arrived here.
        published_ns: System time at which its publisher sent it.
        data: CDR.
        sequence: Its number among those of its publisher; 0 if the middleware does not tell.
    """

    received_ns: int
    published_ns: int
    data: bytes
    sequence: int = 0


class RawTap:
    """A subscription that is emptied when somebody asks, and wakes nobody.

    The middleware notes when a message arrived, so asking seldom costs no accuracy.

    Attributes:
        topic: Full name.
        type_name: E.g. `sensor_msgs/msg/Image`.
        reliable: What its publishers offer, at least.
        latched: Likewise.
    """

    def __init__(self, node: Node, topic: str, type_name: str, qos: QoSProfile) -> None:
        """Subscribe.

        Args:
            node: The node that listens.
            topic: Relative or full name.
            type_name: E.g. `sensor_msgs/msg/Image`.
            qos: What publishers offer; the depth is replaced by one for polling.

        Raises:
            ImportError: The type is not installed.
        """
        package, _, name = type_name.partition('/msg/')
        try:
            self._type = getattr(importlib.import_module(f'{package}.msg'), name)
        except AttributeError as error:
            raise ImportError(f'{package} has no message {name}') from error
        self.type_name = type_name
        self.reliable = qos.reliability == ReliabilityPolicy.RELIABLE
        self.latched = qos.durability == DurabilityPolicy.TRANSIENT_LOCAL
        # A publisher that keeps only its newest message has nothing to send again: asking it for
        # reliability loses as much, and costs an acknowledgement of every message.
        keeps_newest = qos.depth == 1 and not self.latched
        deep = QoSProfile(
            depth=IMAGE_DEPTH if name in ('Image', 'PointCloud2') else DEPTH,
            reliability=ReliabilityPolicy.BEST_EFFORT if keeps_newest else qos.reliability,
            durability=qos.durability,
        )
        self.subscription = node.create_subscription(
            self._type, topic, self._never_called, deep, callback_group=NotInExecutor(), raw=True
        )
        self.topic: str = self.subscription.topic_name

    @staticmethod
    def _never_called(_message: Any) -> None:  # noqa: ANN401
        raise AssertionError('the subscription is in no executor')

    def drain(self) -> Iterator[RawMessage]:
        """Yield everything that has come since it was last asked."""
        with self.subscription.handle:
            while True:
                taken = self.subscription.handle.take_message(self._type, True)
                if taken is None:
                    return
                data, info = taken
                yield RawMessage(
                    info['received_timestamp'],
                    info['source_timestamp'],
                    data,
                    info.get('publication_sequence_number') or 0,
                )


def type_name_of(message_class: Any) -> str:  # noqa: ANN401
    """Return e.g. `sensor_msgs/msg/Image` for that class."""
    return f'{message_class.__module__.split(".")[0]}/msg/{message_class.__name__}'
