# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a node says of itself on `/diagnostics`, once a second."""

from collections.abc import Callable, Mapping
import threading
import time
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.node import Node
from robot_policies.core.latest_slot import LatestSlot
from robot_policies.core.statistics import DeadlineMonitor, NS, RateMeter, Window
from robot_policies.ros import topics
from robot_policies.ros.codecs.diagnostics import fill_status

PERIOD_S = 1.0


class NodeDiagnostics:
    """Gathers rates, ages, missed deadlines, latencies and current problems of one node.

    May be told from any thread; publishes from the node's executor. The status is ERROR while a
    problem given to `error` is not cleared, WARN while one given to `warn` is not.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._lock = threading.Lock()
        self._problems: dict[str, tuple[bytes, str]] = {}
        self._loops: dict[str, DeadlineMonitor] = {}
        self._windows: dict[str, Window] = {}
        self._meters: dict[str, RateMeter] = {}
        self._slots: list[LatestSlot[Any]] = []
        self._sources: list[Callable[[], Mapping[str, Any]]] = []
        self._publisher = node.create_publisher(
            topics.DIAGNOSTICS.type, topics.DIAGNOSTICS.name, topics.DIAGNOSTICS.qos
        )
        self._timer = node.create_timer(PERIOD_S, self.publish)

    def error(self, key: str, message: str) -> bool:
        """Report a problem until it is cleared; True if it was not there before.

        The words may change, e.g. as something grows older; that does not make it new.
        """
        return self._set(key, DiagnosticStatus.ERROR, message)

    def warn(self, key: str, message: str) -> bool:
        """Report something worth knowing until it is cleared; True if it was not there."""
        return self._set(key, DiagnosticStatus.WARN, message)

    def clear(self, key: str) -> None:
        """Withdraw the problem `key`, if there is one."""
        if key in self._problems:
            with self._lock:
                self._problems.pop(key, None)

    def watch_loop(self, name: str, monitor: DeadlineMonitor) -> None:
        """Publish ticks, missed deadlines and jitter of a loop."""
        self._loops[name] = monitor

    def watch_output(self, name: str, rate_hz: float) -> DeadlineMonitor:
        """Return a monitor to tick just before each message of a stream; published like a loop.

        A loop may be on time and its message late, or not sent at all: what the receiver sees is
        counted here.
        """
        monitor = DeadlineMonitor(round(NS / rate_hz))
        self.watch_loop(name, monitor)
        return monitor

    def watch_slot(self, slot: LatestSlot[Any]) -> None:
        """Publish how much came and was refused, and warn while the newest is refused."""
        self._slots.append(slot)

    def forget(self) -> None:
        """Drop what is watched; the node is being cleaned up."""
        for watched in (self._loops, self._windows, self._meters):
            watched.clear()
        self._sources.clear()
        self._slots.clear()
        self._problems.clear()

    def window_ms(self, name: str) -> Window:
        """Return the window of a latency or age in ms; its p50 and p99 are published."""
        return self._windows.setdefault(name, Window())

    def meter(self, name: str) -> RateMeter:
        """Return a meter whose rate and total are published."""
        return self._meters.setdefault(name, RateMeter(time.monotonic_ns()))

    def add_source(self, source: Callable[[], Mapping[str, Any]]) -> None:
        """Publish what `source()` returns each time, e.g. counts kept elsewhere."""
        self._sources.append(source)

    def publish(self) -> None:
        """Publish now, and not only when the second is over."""
        self._judge_slots()
        message = DiagnosticArray()
        message.header.stamp = self._node.get_clock().now().to_msg()
        message.status = [self.status()]
        self._publisher.publish(message)

    def status(self) -> DiagnosticStatus:
        """Return the current status; asking restarts the rates."""
        with self._lock:
            problems = sorted(self._problems.values(), reverse=True)
        level = problems[0][0] if problems else DiagnosticStatus.OK
        words = '; '.join(message for _, message in problems) or 'ok'
        name = self._node.get_fully_qualified_name()
        return make_status(name, level, words, self._values())

    def _set(self, key: str, level: bytes, message: str) -> bool:
        with self._lock:
            before = self._problems.get(key)
            self._problems[key] = (level, message)
        return before is None or before[0] != level

    def _judge_slots(self) -> None:
        for slot in self._slots:
            key = f'input {slot.name}'
            if not slot.reason:
                self.clear(key)
            elif self.warn(key, f'{slot.name} refused: {slot.reason}'):
                self._node.get_logger().warning(f'{slot.name} refused: {slot.reason}')

    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        now_ns = time.monotonic_ns()
        for name, meter in list(self._meters.items()):
            values[f'{name}_hz'] = meter.rate_hz(now_ns)
            values[f'{name}_count'] = meter.total
        for name, monitor in list(self._loops.items()):
            jitter = monitor.jitter_ms.quantiles()
            values[f'{name}_ticks'] = monitor.ticks
            values[f'{name}_deadline_misses'] = monitor.misses
            values[f'{name}_jitter_p50_ms'] = jitter.p50
            values[f'{name}_jitter_p99_ms'] = jitter.p99
        for name, window in list(self._windows.items()):
            quantiles = window.quantiles()
            values[f'{name}_p50_ms'] = quantiles.p50
            values[f'{name}_p99_ms'] = quantiles.p99
            values[f'{name}_max_ms'] = quantiles.maximum
        for slot in self._slots:
            values[f'{slot.name}_taken'] = slot.received
            values[f'{slot.name}_refused'] = slot.rejected
        for source in self._sources:
            values |= source()
        return values


def make_status(name: str, level: bytes, words: str, values: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return a DiagnosticStatus, see `codecs.diagnostics.fill_status`."""
    return fill_status(
        DiagnosticStatus(), KeyValue, name=name, level=level, words=words, values=values
    )
