# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the sticks and buttons of a gamepad mean. Pure: arrays in, wishes out."""

from collections.abc import Sequence
from dataclasses import dataclass
import math

from robot_policies.core.drive import Pulse, RELEASE
from robot_policies.core.params import param


@dataclass(frozen=True, kw_only=True)
class GamepadConfig:
    """Which axis and which button is what, counted from 0 as in `sensor_msgs/Joy`.

    The defaults are those of a gamepad with an Xbox layout and the `joy` package: left stick
    walks, right stick turns, LB held is the deadman, B stops, Start resets.
    """

    forward_axis: int = param(1, doc='Axis for forward (positive) and backward.', low=0, high=63)
    left_axis: int = param(0, doc='Axis for left (positive) and right.', low=0, high=63)
    turn_axis: int = param(3, doc='Axis for turning, counter-clockwise positive.', low=0, high=63)
    deadman_button: int = param(
        4, doc='The robot is driven only while this button is held.', low=0, high=63
    )
    stop_button: int = param(1, doc='Presses the e-stop.', low=0, high=63)
    reset_button: int = param(7, doc='Releases the e-stop and asks for a reset.', low=0, high=63)
    dead_zone: float = param(0.1, doc='Deflection that counts as none.', low=0.0, high=0.9)
    speed: float = param(
        1.0, doc="Share of the robot's speed limits at full deflection.", low=0.05, high=1.0
    )


@dataclass(frozen=True)
class Wishes:
    """What the gamepad says.

    Attributes:
        pulse: How it is driven; a release while the deadman is not held.
        stop: The stop button has just been pressed.
        reset: The reset button has just been pressed.
    """

    pulse: Pulse
    stop: bool
    reset: bool


class Gamepad:
    """Reads one gamepad."""

    def __init__(self, config: GamepadConfig) -> None:
        """Read with `config`; buttons that are held from the start count as pressed."""
        self._config = config
        self._held: frozenset[int] = frozenset()

    def read(self, axes: Sequence[float], buttons: Sequence[int]) -> Wishes:
        """Return what one message means.

        Args:
            axes: Deflections in [-1, 1].
            buttons: 1 where pressed.

        Raises:
            ValueError: It has too few axes or buttons, or a number that is none.
        """
        config = self._config
        sticks = [
            self._deflection(axes, index)
            for index in (config.forward_axis, config.left_axis, config.turn_axis)
        ]
        named = (config.deadman_button, config.stop_button, config.reset_button)
        if max(named) >= len(buttons):
            raise ValueError(f'button {max(named)} is used, the gamepad has {len(buttons)}')
        held = frozenset(index for index in named if buttons[index])
        pressed, self._held = held - self._held, held
        return Wishes(
            pulse=Pulse(*sticks) if config.deadman_button in held else RELEASE,
            stop=config.stop_button in pressed,
            reset=config.reset_button in pressed,
        )

    def _deflection(self, axes: Sequence[float], index: int) -> float:
        if index >= len(axes):
            raise ValueError(f'axis {index} is used, the gamepad has {len(axes)}')
        value = float(axes[index])
        if not math.isfinite(value):
            raise ValueError(f'axis {index} is {value}')
        zone = self._config.dead_zone
        beyond = max(abs(value) - zone, 0.0) / (1.0 - zone)
        return math.copysign(min(beyond, 1.0), value)
