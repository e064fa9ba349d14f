# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Spans as trace events, which Perfetto (ui.perfetto.dev) and chrome://tracing show.

The format is that of the document *Trace Event Format* of the Chromium project: complete events
(`X`) for the work, flow events (`s`, `f`) for the arrows from each cause to what it caused, and
metadata (`M`) for the names. Processes are nodes, threads are topics.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from robot_policies.core.trace import Span, SpanStore

_SHORTEST_US = 1.0
"""Shorter ones cannot be seen, nor hold the end of an arrow."""


def trace_events(spans: Iterable[Span]) -> dict[str, Any]:
    """Return the content of a trace file.

    Args:
        spans: In any order; of several of one output the first counts.

    Returns:
        `traceEvents` with times in µs since the first beginning, sorted by time; `otherData`
        with that time, in ns of the ROS clock.
    """
    store = SpanStore()
    for span in spans:
        store.add(span)
    ordered = sorted(store, key=lambda span: (span.begin_ns, span.end_ns))
    origin_ns = ordered[0].begin_ns if ordered else 0
    lanes = _Lanes()
    events: list[dict[str, Any]] = []
    slices: dict[Span, dict[str, Any]] = {}
    for span in ordered:
        slices[span] = _slice(span, origin_ns, lanes)
    for span in ordered:
        for cause in span.causes:
            before = store.get(cause)
            if before is not None:
                number = len(events) // 2
                events += _arrow(slices[before], slices[span], number)
    timed = sorted([*slices.values(), *events], key=lambda event: event['ts'])
    return {
        'traceEvents': [*lanes.names(), *timed],
        'displayTimeUnit': 'ms',
        'otherData': {'begin_ns': str(origin_ns), 'clock': 'ROS time'},
    }


class _Lanes:
    """Gives each node a process, and each topic as many threads as its spans overlap."""

    def __init__(self) -> None:
        self._nodes: dict[str, int] = {}
        self._topics: dict[tuple[str, str], list[tuple[int, float]]] = {}
        self._threads = 0
        self._thread_names: list[tuple[int, int, str]] = []

    def place(self, span: Span, begin_us: float, end_us: float) -> tuple[int, int]:
        """Return process and thread for a span; ask in the order of their beginnings."""
        node = span.node or 'unknown'
        process = self._nodes.setdefault(node, len(self._nodes) + 1)
        lanes = self._topics.setdefault((node, span.output.topic), [])
        for index, (thread, free_us) in enumerate(lanes):
            if free_us <= begin_us:
                lanes[index] = (thread, end_us)
                return process, thread
        self._threads += 1
        lanes.append((self._threads, end_us))
        self._thread_names.append((process, self._threads, span.output.topic))
        return process, self._threads

    def names(self) -> list[dict[str, Any]]:
        """Return the metadata events."""
        processes = [
            _metadata('process_name', process, 0, node) for node, process in self._nodes.items()
        ]
        return processes + [_metadata('thread_name', *entry) for entry in self._thread_names]


def _metadata(name: str, process: int, thread: int, value: str) -> dict[str, Any]:
    return {'name': name, 'ph': 'M', 'pid': process, 'tid': thread, 'args': {'name': value}}


def _slice(span: Span, origin_ns: int, lanes: _Lanes) -> dict[str, Any]:
    begin_us = (span.begin_ns - origin_ns) / 1e3
    shown_us = max((span.end_ns - span.begin_ns) / 1e3, _SHORTEST_US)
    process, thread = lanes.place(span, begin_us, begin_us + shown_us)
    causes = [f'{cause.topic} {cause.stamp_ns}' for cause in span.causes]
    return {
        'name': span.output.topic,
        'cat': 'hop',
        'ph': 'X',
        'ts': begin_us,
        'dur': shown_us,
        'pid': process,
        'tid': thread,
        'args': {
            'stamp_ns': str(span.output.stamp_ns),
            'took_ms': (span.end_ns - span.begin_ns) / 1e6,
            'causes': causes,
        },
    }


def _arrow(before: dict[str, Any], after: dict[str, Any], number: int) -> Sequence[dict[str, Any]]:
    """Return the two ends of an arrow, each within its slice."""
    common = {'name': 'causes', 'cat': 'cause', 'id': number}
    leaves = before['ts'] + before['dur'] - min(0.5 * before['dur'], 0.5)
    arrives = after['ts'] + min(0.5 * after['dur'], 0.5)
    start = {'ph': 's', 'ts': leaves, 'pid': before['pid'], 'tid': before['tid']}
    finish = {'ph': 'f', 'bp': 'e', 'ts': arrives, 'pid': after['pid'], 'tid': after['tid']}
    return common | start, common | finish
