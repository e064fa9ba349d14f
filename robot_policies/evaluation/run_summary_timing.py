# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Rates, ages and missed deadlines of a run. Pure: arrays in, numbers out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from robot_policies.evaluation.run_summary_data import NS, Status, TimeArray, Timing

_DIFFERENT_CLOCKS_NS = 60 * NS


@dataclass(frozen=True)
class Latency:
    """Distribution of a latency.

    Attributes:
        n: Number of messages.
        p50_ms: Median.
        p99_ms: 99th percentile.
        max_ms: Largest.
    """

    n: int
    p50_ms: float
    p99_ms: float
    max_ms: float


@dataclass(frozen=True)
class Rate:
    """How regularly a topic came.

    Attributes:
        n: Number of messages.
        hz: Mean rate between its first and last message; 0 for fewer than two.
        longest_gap_s: Longest time without one, in between.
    """

    n: int
    hz: float
    longest_gap_s: float


def rate(timing: Timing) -> Rate:
    """Return how regularly a topic came."""
    gaps = np.diff(timing.received_ns) / NS
    if not len(gaps):
        return Rate(len(timing.received_ns), 0.0, 0.0)
    elapsed = float(gaps.sum())
    hz = len(gaps) / elapsed if elapsed > 0 else 0.0
    return Rate(len(timing.received_ns), hz, float(gaps.max()))


def ages_ns(timing: Timing | None) -> tuple[TimeArray, TimeArray]:
    """Return when messages were received, and how old what they rest on was when they were sent.

    Both empty without stamps, or where stamps are of another clock (simulated time) than the
    system's. A stamp of zero rests on nothing and does not count.
    """
    nothing = np.zeros(0, dtype=np.int64)
    if timing is None or not len(timing.stamp_ns):
        return nothing, nothing
    stamped = timing.stamp_ns > 0
    ages = (timing.published_ns - timing.stamp_ns)[stamped]
    if not len(ages) or abs(float(np.median(ages))) > _DIFFERENT_CLOCKS_NS:
        return nothing, nothing
    return timing.received_ns[stamped], ages


def age_when_published(timing: Timing | None) -> Latency | None:
    """Return the distribution of `ages_ns`, or None if there are none."""
    return latency(ages_ns(timing)[1])


def latency(ages: TimeArray) -> Latency | None:
    """Return the distribution of ages, or None if there are none."""
    if not len(ages):
        return None
    p50, p99 = np.percentile(ages, (50, 99)) / 1e6
    return Latency(len(ages), float(p50), float(p99), float(ages.max()) / 1e6)


def deadline_misses(diagnostics: Sequence[Status]) -> dict[str, int]:
    """Return missed deadlines by `node/loop`: each node's own count, as it last said."""
    suffix = '_deadline_misses'
    misses = {}
    for status in diagnostics:
        for key, value in status.values.items():
            if key.endswith(suffix):
                misses[f'{status.name.lstrip("/")}/{key.removesuffix(suffix)}'] = int(value)
    return misses


def reported(diagnostics: Sequence[Status], key: str) -> list[float]:
    """Return every value that any node reported under `key`, in their order."""
    return [float(s.values[key]) for s in diagnostics if key in s.values]
