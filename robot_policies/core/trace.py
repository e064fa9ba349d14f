# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What caused what: every output with the stamps of what it rests on, and the chains they form.

An output is known by topic and stamp, as it is to everybody who receives it, so messages need
nothing added. All times are those of the one ROS clock that the stamps are of; monotonic clocks,
which differ from machine to machine, and simulated time, which has none, do not come in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple

APPLIED = 'robot'
"""Stands for the robot's having taken a joint command, in the place of a topic."""
_MEASURED = frozenset({'joint_states', 'imu/data', 'odom', 'scan', 'teleop/cmd_vel'})
_MAX_HOPS, _MAX_WAYS = 16, 64
"""Longer and more numerous ones are no chains, but notes that refer to one another."""


class Output(NamedTuple):
    """One message, by what identifies it.

    Attributes:
        topic: Its topic, relative to the robot's namespace.
        stamp_ns: Its stamp.
    """

    topic: str
    stamp_ns: int


@dataclass(frozen=True, slots=True)
class Span:
    """One output and the work on it.

    Attributes:
        output: What was published.
        begin_ns: When its making began: the tick's beginning, or a sensor's measurement.
        end_ns: When it had been published.
        causes: What it rests on; none if it is a measurement, or the node's own decision.
        node: Who made it.
    """

    output: Output
    begin_ns: int
    end_ns: int
    causes: tuple[Output, ...] = ()
    node: str = ''


@dataclass(frozen=True, slots=True)
class Chain:
    """The way from one origin to one output.

    Attributes:
        origin: Where it begins: a measurement, a node's own decision, or what nobody told of.
        spans: From the first to the last; without the origin's where nobody told of it.
        broken: True if the origin is an output whose causes nobody told of, so that what was
            before it is not known.
    """

    origin: Output
    spans: tuple[Span, ...]
    broken: bool

    @property
    def begin_ns(self) -> int:
        """When it begins: with the origin's work, or by its stamp."""
        first = self.spans[0]
        return first.begin_ns if first.output == self.origin else self.origin.stamp_ns

    @property
    def elapsed_ns(self) -> int:
        """From the beginning to the end of the last span."""
        return self.spans[-1].end_ns - self.begin_ns

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics of its spans."""
        return tuple(span.output.topic for span in self.spans)

    def hops_ns(self) -> tuple[int, ...]:
        """Return how long each span took since the end of the one before; they add up."""
        ends = [self.begin_ns, *(span.end_ns for span in self.spans)]
        return tuple(after - before for before, after in pairwise(ends))


def is_measured(topic: str) -> bool:
    """Return True if a topic's stamp is when its content came about: there is nothing before."""
    return topic in _MEASURED or topic.startswith('camera/')


class SpanStore:
    """Spans by output. Of several with one stamp, such as a repeated command, the first counts."""

    def __init__(self) -> None:
        self._spans: dict[Output, Span] = {}

    def __len__(self) -> int:
        return len(self._spans)

    def add(self, span: Span) -> bool:
        """Take in a span; False if there is one of that output."""
        return self._spans.setdefault(span.output, span) is span

    def forget_before(self, time_ns: int) -> None:
        """Drop what ended before."""
        self._spans = {key: span for key, span in self._spans.items() if span.end_ns >= time_ns}

    def clear(self) -> None:
        """Drop everything."""
        self._spans.clear()

    def __iter__(self) -> Iterator[Span]:
        return iter(self._spans.values())

    def get(self, output: Output) -> Span | None:
        """Return the span of an output, or None if nobody told of it."""
        return self._spans.get(output)

    def chains(self, last: Span) -> Iterator[Chain]:
        """Yield every way that led to a span: one for each origin and way from it.

        Args:
            last: Where they end.
        """
        yield from islice(self._ways((last,)), _MAX_WAYS)

    def _ways(self, spans: tuple[Span, ...]) -> Iterator[Chain]:
        first = spans[0]
        if not first.causes or len(spans) >= _MAX_HOPS:
            yield Chain(first.output, spans, broken=bool(first.causes))
            return
        for cause in first.causes:
            before = self._spans.get(cause)
            if before is None:
                yield Chain(cause, spans, broken=not is_measured(cause.topic))
            else:
                yield from self._ways((before, *spans))


def last_spans(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield those that end a chain: joint commands that the robot has taken."""
    return (span for span in spans if span.output.topic == APPLIED)
