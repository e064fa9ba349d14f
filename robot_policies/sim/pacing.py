# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps simulated time abreast of real time, says how well that works, and picks rates."""

_NS = 1_000_000_000


class Pacer:
    """Says how many physics steps are owed. Times are monotonic nanoseconds.

    A tick that comes late owes more steps, so that a busy machine costs published samples and not
    simulated time. What cannot be caught up within `longest_ns` is given up: the world then runs
    slower, and `real_time_factor` says so.
    """

    def __init__(self, step_ns: int, longest_ns: int) -> None:
        """Create a pacer.

        Args:
            step_ns: Length of a physics step.
            longest_ns: Most time that one tick makes up for.
        """
        self._step_ns, self._longest_ns = step_ns, longest_ns
        self.restart(0)

    def restart(self, now_ns: int) -> None:
        """Owe nothing; measure from here."""
        self._last_ns = now_ns
        self._owed_ns = 0
        self._simulated_ns = 0
        self._since_ns = now_ns

    def due(self, now_ns: int) -> int:
        """Return the number of steps to compute now, which may be none."""
        self._owed_ns = min(self._owed_ns + now_ns - self._last_ns, self._longest_ns)
        self._last_ns = now_ns
        steps = max(self._owed_ns // self._step_ns, 0)
        self._owed_ns -= steps * self._step_ns
        self.advance(steps)
        return steps

    def advance(self, steps: int) -> None:
        """Count steps that were computed without asking."""
        self._simulated_ns += steps * self._step_ns

    def real_time_factor(self, now_ns: int) -> float:
        """Return simulated per real time since the last call."""
        elapsed_ns = now_ns - self._since_ns
        simulated_ns, self._simulated_ns = self._simulated_ns, 0
        self._since_ns = now_ns
        return simulated_ns / elapsed_ns if elapsed_ns > 0 else 0.0


class Cadence:
    """Picks the moments of a slower rate out of those of a faster loop."""

    def __init__(self, rate_hz: float) -> None:
        """Create it; the first moment is picked.

        Args:
            rate_hz: How often a moment is picked.
        """
        self._period_ns = round(_NS / rate_hz)
        self._waited_ns = self._period_ns

    def due(self, elapsed_ns: int) -> bool:
        """Return whether this moment, `elapsed_ns` after the one before, is picked."""
        self._waited_ns += elapsed_ns
        if self._waited_ns < self._period_ns:
            return False
        self._waited_ns %= self._period_ns
        return True


def whole_steps(period_s: float, step_s: float) -> int:
    """Return how many steps make a period.

    Raises:
        ValueError: It is no whole number of them.
    """
    steps = round(period_s / step_s)
    if steps < 1 or abs(steps * step_s - period_s) > 1e-9:
        raise ValueError(f'a step of {step_s:g} s does not divide a period of {period_s:g} s')
    return steps
