# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A walking robot to inject faults into, and the way back to it after each of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
import time
from typing import Any

import numpy as np
from robot_policies.core.robot import RobotSpec
from robot_policies.evaluation.faults.fault import RigError, Setting
from robot_policies.evaluation.faults.recognise import is_damping, speed
from robot_policies.evaluation.faults.stack import FaultStack
from robot_policies.evaluation.faults.witness import Witness
from robot_policies.resources import load_robot
from robot_policies.ros import topics
from robot_policies.ros.codecs.diagnostics import status_values
from robot_policies.ros.probes.fault_probe import FaultProbe, ProbeError

_RECOVER_S = 90.0
_STANDS_M = 0.22
_WALKS_M_S = 0.15
_ASK_S, _LIFT_S = 0.3, 3.0
"""How often a reset is asked for, and the robot set on its feet; it has to rest in between."""
STEERING = (0.4, 0.0, 0.5)
"""In a circle, so that it never comes to an end of the world."""
_SETTLE_NS, _PRESENT_NS = 200_000_000, 100_000_000
"""Time to settle before a fault; and what was heard longer ago says nothing about now."""
_INSTRUCTED_S, _TRIES = 20.0, 3


class Rig(Witness):
    """A stack with a probe beside it."""

    def __init__(
        self,
        setting: Setting,
        folder: Path,
        *,
        given: Mapping[str, Any] | None = None,
        seed: int = 0,
        messages: int = 500,
    ) -> None:
        """Start the stack.

        Args:
            setting: Which one.
            folder: For its parameters and logs.
            given: Further `<node>.<parameter>` -> value.
            seed: Of what is drawn at random.
            messages: Injected by one run of a fuzzed fault.
        """
        self.setting = setting
        self.messages = messages
        self.rng = np.random.default_rng(seed)
        self.robot: RobotSpec = load_robot('go2')
        self.stack = FaultStack(setting, folder, given or {})
        self._instructed = 0
        self._settled_ns = self._mended_ns = 0
        try:
            camera = 'front' if setting.camera else ''
            self.stack.start_all()
            super().__init__(FaultProbe(self.stack.domain, camera))
        except BaseException:
            self.stack.close()
            raise
        self.probe.stamps_of_robot = setting.simulated_time
        self.probe.prepare()

    def close(self) -> None:
        """End the stack."""
        self.probe.close()
        self.stack.close()

    @contextmanager
    def fault(self, text: str) -> Iterator[int]:
        """Break a topic for a while; gives the system time just before."""
        at_ns = self.now_ns
        self.probe.fault(text)
        try:
            yield at_ns
        finally:
            self.probe.fault('all none')
            self._mended_ns = self.now_ns

    def recover(self) -> None:
        """Bring the robot to walk again: whatever is missing is started, the latch reset.

        Raises:
            RigError: It does not.
        """
        self.probe.fault('all none')
        self.probe.press(False)
        self.stack.start_all()
        self.probe.forget()
        self._timed.clear()
        self._settled_ns = self.now_ns + _SETTLE_NS
        self.stand_up()
        self.walk()

    def stand_up(self) -> None:
        """Reset as soon as that is granted, and wait until the robot stands.

        Raises:
            RigError: It does not.
        """
        asked = lifted = time.monotonic()

        def stands() -> bool:
            nonlocal asked, lifted
            now = time.monotonic()
            if self.is_engaged():
                return True
            if now - lifted > _LIFT_S and (self._lies_wrongly() or now - lifted > 5.0 * _LIFT_S):
                lifted = now
                self.probe.call(topics.SIM_RESET)
            if self.latched() and now - asked > _ASK_S:
                asked = now
                with suppress(ProbeError):
                    self.probe.call(topics.SAFETY_RESET)
            return False

        self.wait(stands, 'standing', _RECOVER_S)

    def _lies_wrongly(self) -> bool:
        """Whether somebody has to set the robot on its feet: it fell over."""
        status = self.probe.status
        key = {'latched': 'reset_requires', 'waiting': 'words'}.get(status.get('phase', ''), '')
        return 'tilt' in status.get(key, '')

    def is_engaged(self) -> bool:
        """True while the robot stands, raised, with all its stiffness."""
        status = self.probe.status
        truth = self.probe.last(topics.SIM_GROUND_TRUTH)
        up = truth is not None and truth.pose.pose.position.z > _STANDS_M
        engaged = status.get('phase') == 'engaged' and status.get('check') != 'EngageRamp'
        # what was heard before the fault was mended says nothing about now
        command = self.probe.last_heard(topics.JOINT_COMMAND)
        if command is None or command.received_ns < self._settled_ns:
            return False
        return up and engaged and not is_damping(command.message)

    def walk(self) -> None:
        """Have the robot walk, and wait until it does.

        Raises:
            RigError: It does not.
        """
        instructions = self.setting.instructions or ('',)
        for _ in range(max(_TRIES, 2 * len(instructions))):
            if self.setting.instructions:
                self.probe.instruct(instructions[self._instructed % len(instructions)])
            else:
                self.probe.walk = STEERING
            try:
                self.wait(self.walks, 'walking', _INSTRUCTED_S)
            except RigError:
                self._instructed += 1
                if self.probe.status.get('check') == 'Distance':
                    self.probe.call(topics.SIM_RESET)  # it has turned into something beside it
                self.stand_up()  # a busy machine may have latched it meanwhile
            else:
                return
        raise RigError(f'walking: {self.probe.status.get("words")}')

    def goes_on(self) -> bool:
        """True while it walks, or stands where it was to go."""
        status = self.probe.last_heard(topics.POLICY_STATUS)
        if status is None or status.received_ns < self._mended_ns:
            return self.walks()
        return self.walks() or status_values(status.message).get('status') == 'REACHED'

    def walks(self) -> bool:
        """True while the base velocity that goes out is one of walking."""
        velocity = self.probe.last_heard(topics.CMD_VEL)
        since_ns = max(self._settled_ns, self.now_ns - _PRESENT_NS)
        if velocity is None or velocity.received_ns < since_ns:
            return False
        well = self.probe.status.get('severity') in ('PASS', 'LIMIT')
        return well and speed(velocity.message) > _WALKS_M_S
