# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Drive and stop the robot with a gamepad: `joy` in, `teleop/cmd_vel` and `safety/estop` out.

It moves the robot only while the deadman button is held and messages keep coming: a gamepad that
is unplugged, out of range or out of battery lets go.
"""

from dataclasses import dataclass
import sys
import threading
import time
from typing import Any

from robot_policies.core.drive import Drive
from robot_policies.core.gamepad import Gamepad, GamepadConfig
from robot_policies.core.params import param
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import velocity_to_msg
from robot_policies.ros.lifecycle import ManagedNode, NodeConfig
from robot_policies.ros.run import run_node
from robot_policies.ros.stop_button import StopButton

_ME = 0


@dataclass(frozen=True, kw_only=True)
class GamepadNodeConfig(NodeConfig):
    """How often it speaks."""

    rate_hz: float = param(
        50.0, doc='Velocity commands per second while driven.', unit='Hz', low=10.0, high=200.0
    )


class GamepadNode(ManagedNode):
    """Moves messages into a `Drive` and its commands out."""

    default_name = 'gamepad'
    config_class = GamepadNodeConfig
    config: GamepadNodeConfig

    def _setup(self) -> None:
        config = self.parameters.declare(GamepadConfig, 'gamepad.')
        self._speed = config.speed
        self._gamepad = Gamepad(config)
        self._drive = Drive(self.robot.body)
        self._lock = threading.Lock()
        self._teleop = self.publisher(topics.TELEOP_CMD_VEL)
        self._stop_button = StopButton(self)
        self.listen(topics.JOY, self._on_joy)
        self.every(self.config.rate_hz, self._steer, 'steer')

    def _on_joy(self, message: Any) -> None:  # noqa: ANN401
        try:
            wishes = self._gamepad.read(message.axes, message.buttons)
        except ValueError as error:
            self.diagnostics.error('gamepad', f'{error}: check the parameters gamepad.*')
            return
        self.diagnostics.clear('gamepad')
        if not self.is_running:
            return
        now_ns = time.monotonic_ns()
        with self._lock:
            self._drive.pulse(_ME, wishes.pulse, self._speed, now_ns)
        if wishes.stop:
            self._stop_button.press()
        elif wishes.reset:
            self._stop_button.release(lambda _accepted, words: self.get_logger().info(words))

    def _steer(self) -> None:
        now_ns = time.monotonic_ns()
        with self._lock:
            command = self._drive.command(now_ns, self.now_ns())
        if command is not None:
            frame = self.robot.body.base_frame
            self._teleop.publish(velocity_to_msg(command, frame, topics.TELEOP_CMD_VEL.type()))
        self._stop_button.work()


def main(args: list[str] | None = None) -> int:
    """Run the gamepad node."""
    return run_node(GamepadNode, args)


if __name__ == '__main__':
    sys.exit(main())
