# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the operator does, turned into messages and service calls."""

from functools import partial
import random
import threading
import time
from typing import Any

from robot_policies.core.data_types import VelocityCommand
from robot_policies.core.drive import Drive, Pulse
from robot_policies.dashboard.model import Tone
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import velocity_to_msg
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.stop_button import StopButton

_PUSH_M_S = 0.6


class Desk:
    """The operator's side of the topics; buttons may be pressed from any thread."""

    def __init__(self, node: ManagedNode) -> None:
        self._node = node
        self._lock = threading.Lock()
        self._drive = Drive(node.robot.body)
        self._refused_ns = 0
        self.answer: tuple[str, Tone] = ('', Tone.OFF)
        self._instruction = node.publisher(topics.INSTRUCTION)
        self._stop_button = StopButton(node)
        self._teleop = node.publisher(topics.TELEOP_CMD_VEL)
        self._push = node.publisher(topics.SIM_PUSH)
        self._reset_world = node.create_client(topics.SIM_RESET.type, topics.SIM_RESET.name)
        node.own(partial(node.destroy_client, self._reset_world))

    @property
    def simulated(self) -> bool:
        """True if a simulator offers its services."""
        return bool(self._reset_world.service_is_ready())

    def instruct(self, text: str) -> None:
        """Publish an instruction; empty means stop."""
        self._instruction.publish(topics.INSTRUCTION.type(data=text))
        self.answer = (f'told: {text}' if text else 'told to stand still', Tone.INFO)

    def stop(self) -> None:
        """Press the e-stop, and let go of the stick for whoever holds it."""
        self._stop_button.press()
        self.answer = ('e-stop pressed', Tone.BAD)

    def reset(self) -> None:
        """Release the e-stop, then ask for a reset."""
        self.answer = ('asking for a reset …', Tone.INFO)
        self._stop_button.release(partial(self._on_answer, 'reset'))

    def reset_world(self) -> None:
        """Begin the simulated world anew."""
        self._call(self._reset_world, 'world')

    def push(self) -> None:
        """Push the simulated robot sideways, to either side."""
        push = topics.SIM_PUSH.type()
        push.x, push.y = (random.choice((-_PUSH_M_S, _PUSH_M_S)) for _ in range(2))
        self._push.publish(push)

    def drive(self, browser: int, pulse: Pulse, speed: float) -> None:
        """Take a pulse of the stick or the keyboard."""
        with self._lock:
            if not self._drive.pulse(browser, pulse, speed, time.monotonic_ns()):
                self._refused_ns = time.monotonic_ns()

    def browser_gone(self, browser: int) -> None:
        """Let go for a browser that has disconnected."""
        with self._lock:
            self._drive.release(browser)

    def steer(self) -> None:
        """Publish the driven velocity while somebody holds on, and one zero after it."""
        with self._lock:
            command = self._drive.command(time.monotonic_ns(), self._node.now_ns())
        if command is not None:
            frame = self._node.robot.body.base_frame
            self._teleop.publish(velocity_to_msg(command, frame, topics.TELEOP_CMD_VEL.type()))

    def driven(self) -> VelocityCommand | None:
        """Return what is driven by hand now, or None."""
        with self._lock:
            return self._drive.held(time.monotonic_ns(), self._node.now_ns())

    def work(self) -> None:
        """Do what has become due."""
        self._stop_button.work()

    def _call(self, client: Any, what: str) -> None:  # noqa: ANN401
        if not client.service_is_ready():
            self.answer = (f'{what}: nobody offers {client.srv_name}', Tone.BAD)
            return
        client.call_async(client.srv_type.Request()).add_done_callback(
            lambda future: self._on_answer(what, future.result().success, future.result().message)
        )

    def _on_answer(self, what: str, accepted: bool, words: str) -> None:
        done = f'{what} done' if accepted else f'{what} refused'
        tone = Tone.GOOD if accepted else Tone.BAD
        self.answer = (f'{done}: {words}' if words else done, tone)
