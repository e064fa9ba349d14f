# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Driving by hand with a deadman: a velocity exists only while somebody holds on.

Pure, because it decides whether the robot moves: a browser or a gamepad sends a pulse every 50 ms
or so while a key or the stick is held, and this turns pulses and time into commands. One that
vanishes, freezes or goes to the background sends no pulses, and that alone stops the robot.
"""

from dataclasses import dataclass
import math

from robot_policies.core.data_types import VelocityCommand
from robot_policies.core.robot import BodySpec

HOLD_NS = 250_000_000
"""Silence longer than this is a release: five pulses of the page missed."""


@dataclass(frozen=True)
class Pulse:
    """What is said while the stick or a key is held, each in [-1, 1].

    Attributes:
        forward: Share of the largest speed forward (positive) or backward.
        left: Share of the largest speed to the left (positive) or right.
        turn: Share of the largest turn rate, counter-clockwise positive.
    """

    forward: float
    left: float
    turn: float

    @property
    def is_release(self) -> bool:
        """True if nothing is held any more."""
        return not (self.forward or self.left or self.turn)


RELEASE = Pulse(0.0, 0.0, 0.0)


def parse_pulse(text: str) -> Pulse:
    """Read `sequence forward left turn` as the browser writes it.

    Raises:
        ValueError: It is something else, not finite, or outside [-1, 1].
    """
    parts = text.split()
    if len(parts) != 4:
        raise ValueError(f'{text!r}: expected sequence, forward, left, turn')
    values = [float(part) for part in parts[1:]]
    if not all(math.isfinite(value) and abs(value) <= 1.0 for value in values):
        raise ValueError(f'{text!r}: expected numbers in [-1, 1]')
    return Pulse(*values)


class Drive:
    """Turns pulses into velocity commands; one of several drives at a time.

    Not safe for threads: the caller serialises `pulse`, `release` and `command`.
    """

    def __init__(self, body: BodySpec) -> None:
        self._body = body
        self._driver: int | None = None
        self._pulse = RELEASE
        self._pulse_ns = 0
        self._speed = 1.0
        self._owes_stop = False

    def pulse(self, who: int, pulse: Pulse, speed: float, now_ns: int) -> bool:
        """Take a pulse.

        Args:
            who: Which browser or gamepad sent it.
            pulse: What it holds.
            speed: Share of the largest speeds that full deflection means, in [0, 1].
            now_ns: Now, monotonic.

        Returns:
            False if another one drives; the pulse is then ignored.
        """
        if self.driver(now_ns) not in (None, who):
            return False
        if pulse.is_release:
            self.release(who)
            return True
        self._driver, self._pulse, self._pulse_ns = who, pulse, now_ns
        self._speed = min(max(speed, 0.0), 1.0)
        self._owes_stop = True
        return True

    def release(self, who: int) -> None:
        """Let go, if `who` is the one that drives."""
        if who == self._driver:
            self._driver = None

    def driver(self, now_ns: int) -> int | None:
        """Return who drives, or None if nobody holds on."""
        if now_ns - self._pulse_ns > HOLD_NS:
            self._driver = None
        return self._driver

    def command(self, now_ns: int, stamp_ns: int) -> VelocityCommand | None:
        """Return what to publish now.

        Args:
            now_ns: Now, monotonic.
            stamp_ns: Stamp of the command.

        Returns:
            The velocity while held; zero once after the release, so that the robot stops at once
            and not when the command has become stale; then None.
        """
        held = self.held(now_ns, stamp_ns)
        if held is None and self._owes_stop:
            self._owes_stop = False
            return VelocityCommand(stamp_ns)
        return held

    def held(self, now_ns: int, stamp_ns: int) -> VelocityCommand | None:
        """Return the velocity that is held now, or None; asking changes nothing."""
        return None if self.driver(now_ns) is None else self._scaled(stamp_ns)

    def _scaled(self, stamp_ns: int) -> VelocityCommand:
        body, pulse = self._body, self._pulse
        fastest = body.max_vx if pulse.forward > 0 else -body.min_vx
        return VelocityCommand(
            stamp_ns,
            vx=pulse.forward * fastest * self._speed,
            vy=pulse.left * body.max_vy * self._speed,
            yaw_rate=pulse.turn * body.max_yaw_rate * self._speed,
        )
