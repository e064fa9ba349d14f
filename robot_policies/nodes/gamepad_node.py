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

_ME = 0
_RELEASE_FIRST_NS = 150_000_000
"""The reset is asked for this long after the e-stop's release, which takes another way."""


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
        self._reset_due_ns: int | None = None
        self._teleop = self.publisher(topics.TELEOP_CMD_VEL)
        self._estop = self.publisher(topics.SAFETY_ESTOP)
        self._reset = self.create_client(topics.SAFETY_RESET.type, topics.SAFETY_RESET.name)
        self.own(lambda: self.destroy_client(self._reset))
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
            self._estop.publish(topics.SAFETY_ESTOP.type(data=True))
        elif wishes.reset:
            self._estop.publish(topics.SAFETY_ESTOP.type(data=False))
            self._reset_due_ns = now_ns + _RELEASE_FIRST_NS

    def _steer(self) -> None:
        now_ns = time.monotonic_ns()
        with self._lock:
            command = self._drive.command(now_ns, self.now_ns())
        if command is not None:
            frame = self.robot.body.base_frame
            self._teleop.publish(velocity_to_msg(command, frame, topics.TELEOP_CMD_VEL.type()))
        if self._reset_due_ns is not None and now_ns >= self._reset_due_ns:
            self._reset_due_ns = None
            self._ask_for_reset()

    def _ask_for_reset(self) -> None:
        if not self._reset.service_is_ready():
            self.get_logger().warning(f'nobody offers {self._reset.srv_name}')
            return
        answer = self._reset.call_async(topics.SAFETY_RESET.type.Request())
        answer.add_done_callback(lambda done: self.get_logger().info(done.result().message))


def main(args: list[str] | None = None) -> int:
    """Run the gamepad node."""
    return run_node(GamepadNode, args)


if __name__ == '__main__':
    sys.exit(main())
