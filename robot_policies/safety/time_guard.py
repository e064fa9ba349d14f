# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Two clocks that must agree: the ROS clock of the stamps, and one that only ever runs."""

from dataclasses import dataclass

from robot_policies.core.params import param


@dataclass(frozen=True, kw_only=True)
class ClockConfig:
    """When a clock is not believed."""

    jump_s: float = param(
        0.05, doc='A step of system time larger than this is a jump.', unit='s', low=0.001
    )
    simulated_jump_s: float = param(
        1.0, doc='A forward step of simulated time larger than this is a jump.', unit='s', low=0.01
    )
    pause_s: float = param(
        0.25, doc='Simulated time that stands still so long is paused.', unit='s', low=0.01
    )


class TimeGuard:
    """Finds jumps and pauses of the ROS clock by comparing it with a steady one."""

    def __init__(self, config: ClockConfig, *, simulated: bool) -> None:
        """Start without a reading.

        Args:
            config: When a clock is not believed.
            simulated: The ROS clock is a simulator's: it may run at any speed and stand still.
        """
        self._config = config
        self._simulated = simulated
        self._ros_ns: int | None = None
        self._steady_ns = 0
        self._moved_ns = 0
        self.paused = ''
        """Why time cannot be trusted right now; empty if it can."""

    def update(self, ros_ns: int, steady_ns: int, uncertain_ns: int = 0) -> str:
        """Return in words what happened since the last call; empty if time just went on.

        Whatever is returned means that stamps from before cannot be compared with those to come.

        Args:
            ros_ns: Reading of the ROS clock.
            steady_ns: Reading of the steady clock just before.
            uncertain_ns: Time between the two readings, at most. Where the process was stopped
                between them they say nothing about each other, and the next ones are awaited.
        """
        if uncertain_ns * 1e-9 > 0.2 * self._config.jump_s:
            return ''
        if self._ros_ns is None:
            return self._begin(ros_ns, steady_ns)
        step_ns, steady_step_ns = ros_ns - self._ros_ns, steady_ns - self._steady_ns
        self._ros_ns, self._steady_ns = ros_ns, steady_ns
        if self._simulated:
            return self._simulated_event(step_ns, steady_ns)
        error_s = (step_ns - steady_step_ns) * 1e-9
        if abs(error_s) <= self._config.jump_s:
            return ''
        return f'the clock jumped {"forward" if error_s > 0 else "back"} by {abs(error_s):.3g} s'

    def _begin(self, ros_ns: int, steady_ns: int) -> str:
        if self._simulated and not ros_ns:  # so ROS says that no time has come yet
            self.paused = 'waiting for simulated time, which nobody has told yet'
            return ''
        has_waited, self.paused = bool(self.paused), ''
        self._ros_ns, self._steady_ns, self._moved_ns = ros_ns, steady_ns, steady_ns
        return 'simulated time begins' if has_waited else ''

    def is_jump(self, ros_ns: int) -> bool:
        """Return whether a reading of simulated time, which `update` is yet to get, is a jump."""
        return self._ros_ns is not None and bool(self._simulated_jump(ros_ns - self._ros_ns))

    def _simulated_jump(self, step_ns: int) -> str:
        if step_ns < 0:
            return f'simulated time went back by {-step_ns * 1e-9:.3g} s'
        if step_ns * 1e-9 > self._config.simulated_jump_s:
            return f'simulated time jumped forward by {step_ns * 1e-9:.3g} s'
        return ''

    def _simulated_event(self, step_ns: int, steady_ns: int) -> str:
        if step_ns:
            self._moved_ns = steady_ns
        was_paused = bool(self.paused)
        pause_s = (steady_ns - self._moved_ns) * 1e-9
        self.paused = 'simulated time stands still' if pause_s > self._config.pause_s else ''
        if jump := self._simulated_jump(step_ns):
            return jump
        if was_paused != bool(self.paused):
            return 'simulated time goes on' if was_paused else self.paused
        return ''
