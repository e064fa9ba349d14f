# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Notices that time is not what it was."""

MAX_GAP_NS = 1_000_000_000
"""A loop that was away for longer starts anew as after a jump."""


class ClockWatch:
    """Compares successive readings of one clock in a periodic loop."""

    def __init__(self, max_gap_ns: int = MAX_GAP_NS) -> None:
        """Start without a reading; a step forward of more than `max_gap_ns` is a jump."""
        self._max_gap_ns = max_gap_ns
        self._last_ns: int | None = None
        self.jumps = 0

    def jump(self, now_ns: int) -> str:
        """Return how the clock jumped since the last reading, in words; empty if it did not."""
        last_ns, self._last_ns = self._last_ns, now_ns
        if last_ns is None or 0 <= now_ns - last_ns <= self._max_gap_ns:
            return ''
        self.jumps += 1
        direction = 'back' if now_ns < last_ns else 'ahead'
        return f'the clock jumped {abs(now_ns - last_ns) / 1e9:.2f} s {direction}'
