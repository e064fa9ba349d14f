# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A node's notes of what caused its outputs, published once a second on `trace`."""

from collections import deque
from dataclasses import dataclass

from robot_policies.core.params import param
from robot_policies.core.trace import APPLIED
from robot_policies.ros import topics
from robot_policies.ros.codecs.trace import Entry, spans_to_text
from robot_policies.ros.lifecycle import ManagedNode, NodeConfig

PERIOD_S = 1.0
_MOST = 5000
"""Notes kept between two publications; the oldest give way."""


@dataclass(frozen=True, kw_only=True)
class TracedConfig(NodeConfig):
    """Of a node in the control path."""

    trace: bool = param(True, doc='Publish on trace what caused each output, once a second.')


class Tracer:
    """Takes notes from any thread; a note costs a reading of the clock and an append.

    Nothing is published per output: a batch a second, by the executor's thread.
    """

    def __init__(self, node: ManagedNode) -> None:
        """Begin; from then on the node owns it.

        Args:
            node: In its set-up, with a `TracedConfig`.
        """
        self._now_ns = node.now_ns
        self._name = node.get_fully_qualified_name()
        self._entries: deque[Entry] = deque(maxlen=_MOST)
        self.enabled = bool(node.config.trace)
        if self.enabled:
            self._publisher = node.publisher(topics.TRACE)
            node.own(self.flush)
            node.slowly(PERIOD_S, self.flush, 'trace')

    def note(
        self,
        topic: str,
        stamp_ns: int,
        begin_ns: int,
        causes: tuple[tuple[str, int], ...] = (),
        end_ns: int | None = None,
    ) -> None:
        """Note an output that has just been published; times on the node's ROS clock.

        Args:
            topic: Its topic.
            stamp_ns: Its stamp.
            begin_ns: When work on it began.
            causes: Topic and stamp of what it rests on; none for the node's own decision.
            end_ns: When it was published; by default now.
        """
        if self.enabled:
            end = self._now_ns() if end_ns is None else end_ns
            self._entries.append((topic, stamp_ns, begin_ns, end, causes))

    def flush(self) -> None:
        """Publish what was noted since the last time."""
        entries = [self._entries.popleft() for _ in range(len(self._entries))]
        if entries:
            self._publisher.publish(topics.TRACE.type(data=spans_to_text(self._name, entries)))


class RobotTrace:
    """What a robot notes: when it published a measurement, and when it took a command.

    Attributes:
        now_ns: Its clock; to be replaced where the robot itself makes the time.
    """

    def __init__(self, node: ManagedNode) -> None:
        """Begin, see `Tracer`."""
        self.now_ns = node.now_ns
        self._tracer = Tracer(node)
        self._applied_ns = 0

    def measured(self, topic: str, stamp_ns: int) -> None:
        """Note that a measurement of `stamp_ns` has been published."""
        self._tracer.note(topic, stamp_ns, stamp_ns, (), self.now_ns())

    def applied(self, stamp_ns: int, begin_ns: int) -> None:
        """Note that the motors have got a joint command, unless it repeats the one before."""
        if stamp_ns != self._applied_ns:
            self._applied_ns = stamp_ns
            cause = (topics.JOINT_COMMAND.name, stamp_ns)
            self._tracer.note(APPLIED, stamp_ns, begin_ns, (cause,), self.now_ns())
