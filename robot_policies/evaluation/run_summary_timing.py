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


def age_when_published(timing: Timing | None) -> Latency | None:
    """Return how old the newest measurement was on which each message rests.

    None without stamps, or where stamps are of another clock (simulated time) than the system's.
    """
    if timing is None or not len(timing.stamp_ns):
        return None
    return latency(timing.published_ns - timing.stamp_ns)


def latency(ages_ns: TimeArray) -> Latency | None:
    """Return the distribution of ages; None for none, or for ages of different clocks."""
    if not len(ages_ns) or abs(float(np.median(ages_ns))) > _DIFFERENT_CLOCKS_NS:
        return None
    p50, p99 = np.percentile(ages_ns, (50, 99)) / 1e6
    return Latency(len(ages_ns), float(p50), float(p99), float(ages_ns.max()) / 1e6)


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
