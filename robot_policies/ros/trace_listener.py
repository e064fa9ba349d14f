# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Listens to what nodes tell on `trace`."""

import time
from typing import Any

import rclpy
from rclpy.context import Context
from rclpy.node import Node
from rclpy.serialization import deserialize_message
from robot_policies.core.trace import Span
from robot_policies.ros import topics
from robot_policies.ros.codecs.errors import CodecError
from robot_policies.ros.codecs.trace import spans_from_text
from robot_policies.ros.raw_tap import RawTap, type_name_of

_POLL_S = 0.2
_LAST_WORDS_S = 1.5
"""Nodes tell once a second: what happened in the last one comes after it."""


class TraceListener:
    """Takes what has come when somebody asks.

    Attributes:
        refused: Messages that were no trace.
    """

    def __init__(self, node: Node) -> None:
        """Subscribe; whoever made it destroys `subscription`."""
        topic = topics.TRACE
        self._tap = RawTap(node, topic.name, type_name_of(topic.type), topic.qos)
        self.refused = 0

    @property
    def subscription(self) -> Any:  # noqa: ANN401
        """What it listens with."""
        return self._tap.subscription

    def poll(self) -> list[Span]:
        """Return the spans of every message since it was last asked."""
        spans: list[Span] = []
        for raw in self._tap.drain():
            try:
                spans += spans_from_text(deserialize_message(raw.data, topics.TRACE.type).data)
            except CodecError:
                self.refused += 1
        return spans


def listen(seconds: float, namespace: str = '') -> list[Span]:
    """Return the spans that the nodes of a running robot tell of.

    Args:
        seconds: How long to listen, beside the second that the last words take.
        namespace: The robot's.
    """
    context = Context()
    rclpy.init(args=[], context=context)
    try:
        node = rclpy.create_node('trace_listener', context=context, namespace=namespace or None)
        listener = TraceListener(node)
        spans: list[Span] = []
        end = time.monotonic() + seconds + _LAST_WORDS_S
        while time.monotonic() < end:
            time.sleep(_POLL_S)
            spans += listener.poll()
        node.destroy_node()
    finally:
        context.shutdown()
    return spans
