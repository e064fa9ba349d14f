# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Quantiles of the chains of the last seconds: per hop, and from end to end."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from robot_policies.core.statistics import NS, Quantiles, Window
from robot_policies.core.trace import APPLIED, Chain, Output, Span, SpanStore

SETTLE_NS = 2 * NS
"""Nodes tell once a second: a chain is looked at when everybody has had the time to."""
KEEP_NS = 8 * NS
"""A chunk is executed for some seconds, and its picture is older still."""
_REMEMBERED = 4000


@dataclass(frozen=True)
class HopQuantiles:
    """One hop of a route, in ms.

    Attributes:
        topic: What the hop ends with.
        elapsed: From the end of the hop before (or the measurement) to the end of this one.
        work: The part of it in which the node was at it; the rest is transport and waiting.
    """

    topic: str
    elapsed: Quantiles
    work: Quantiles


@dataclass(frozen=True)
class RouteQuantiles:
    """One way from an origin to the robot, in ms.

    Attributes:
        name: Topic of the origin, with the encoder's topic where the way leads through one.
        origin_traced: False if nobody told when the origin was published; it counts by its stamp.
        reaction: From the origin to the first command that rests on it: how fast news travel.
        age: From the origin to every command that rests on it: how old what it acts on is.
        hops: Of the first commands; the hops of one command add up to its reaction.
    """

    name: str
    origin_traced: bool
    reaction: Quantiles
    age: Quantiles
    hops: tuple[HopQuantiles, ...]


class _Route:
    def __init__(self, chain: Chain, size: int) -> None:
        self.traced = chain.spans[0].output == chain.origin
        via = [topic for topic in chain.topics[1:] if topic.startswith('features/')]
        self.name = ' via '.join((chain.origin.topic, *via))
        self.topics = chain.topics
        self.reaction, self.age = Window(size), Window(size)
        self.elapsed = tuple(Window(size) for _ in chain.spans)
        self.work = tuple(Window(size) for _ in chain.spans)

    def add(self, chain: Chain, *, first: bool) -> None:
        self.age.add(chain.elapsed_ns / 1e6)
        if not first:
            return
        self.reaction.add(chain.elapsed_ns / 1e6)
        for window, hop_ns in zip(self.elapsed, chain.hops_ns(), strict=True):
            window.add(hop_ns / 1e6)
        for window, span in zip(self.work, chain.spans, strict=True):
            window.add((span.end_ns - span.begin_ns) / 1e6)

    def quantiles(self) -> RouteQuantiles:
        hops = tuple(
            HopQuantiles(topic, elapsed.quantiles(), work.quantiles())
            for topic, elapsed, work in zip(self.topics, self.elapsed, self.work, strict=True)
        )
        ages = self.age.quantiles()
        return RouteQuantiles(self.name, self.traced, self.reaction.quantiles(), ages, hops)


class TraceWindow:
    """Takes spans in the order of their arrival, and gives quantiles of complete chains.

    Attributes:
        commands: Joint commands taken by the robot whose chains were looked at.
        broken: Topic -> how many chains end at an output of it that nobody told of. They are in
            no quantile: what is not known is not made up.
    """

    def __init__(self, size: int = 1000) -> None:
        """Create an empty window.

        Args:
            size: Chains of each route that count, the newest.
        """
        self.commands = 0
        self._size = size
        self.broken: Counter[str] = Counter()
        self._store = SpanStore()
        self._open: list[Span] = []
        self._routes: dict[tuple[str, ...], _Route] = {}
        self._told: dict[Output, None] = {}
        self._newest_ns = 0
        self._last_of: dict[str, int] = {}

    def add(self, spans: Iterable[Span]) -> None:
        """Take in spans, and close the chains for which everybody has had time to tell."""
        for span in spans:
            if span.end_ns < self._last_of.get(span.node, 0) - KEEP_NS:
                self._begin_anew()  # time has jumped back: a node is late at most, not again early
            self._last_of[span.node] = span.end_ns
            self._newest_ns = max(self._newest_ns, span.end_ns)
            if self._store.add(span) and span.output.topic == APPLIED:
                self._open.append(span)
        self._close_before(self._newest_ns - SETTLE_NS)
        self._store.forget_before(self._newest_ns - KEEP_NS - SETTLE_NS)

    def finish(self) -> None:
        """Close the chains that are left: nobody will tell any more."""
        self._close_before(self._newest_ns + 1)

    def routes(self) -> tuple[RouteQuantiles, ...]:
        """Return the routes, the longest first."""
        routes = [route.quantiles() for route in self._routes.values()]
        return tuple(sorted(routes, key=lambda route: (-len(route.hops), route.name)))

    def _begin_anew(self) -> None:
        self._store.clear()
        self._open.clear()
        self._told.clear()
        self._last_of.clear()
        self._newest_ns = 0

    def _close_before(self, time_ns: int) -> None:
        due = [span for span in self._open if span.end_ns < time_ns]
        self._open = [span for span in self._open if span.end_ns >= time_ns]
        for span in sorted(due, key=lambda span: span.end_ns):
            self.commands += 1
            for chain in self._store.chains(span):
                self._count(chain)

    def _count(self, chain: Chain) -> None:
        if chain.broken:
            self.broken[chain.origin.topic] += 1
            return
        key = (chain.origin.topic, *chain.topics)
        if key not in self._routes:
            self._routes[key] = _Route(chain, self._size)
        first = chain.origin not in self._told
        self._routes[key].add(chain, first=first)
        if first:
            self._told[chain.origin] = None
            if len(self._told) > _REMEMBERED:
                self._told.pop(next(iter(self._told)))
