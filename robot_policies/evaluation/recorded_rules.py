# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Rules over time on a recorded run: the same monitors as in the supervisor."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from robot_policies.core.data_types import JointCommand, VelocityCommand
from robot_policies.core.errors import ConfigError, RobotPoliciesError
from robot_policies.core.robot import RobotSpec
from robot_policies.data.mcap_reader import read, read_metadata
from robot_policies.ros.codecs.base import imu_from_msg, odometry_from_msg, velocity_from_msg
from robot_policies.ros.codecs.diagnostics import status_values
from robot_policies.ros.codecs.joints import joint_command_from_msg, joint_state_from_msg
from robot_policies.ros.codecs.scan import scan_from_msg
from robot_policies.safety.latch import Phase
from robot_policies.safety.state import ESTOP, SafetyState
from robot_policies.safety.temporal_rules import judge_stream

Instant = tuple[JointCommand | VelocityCommand, SafetyState, int]
_VELOCITY, _JOINTS, _STATUS = 'cmd_vel', 'joint_command', 'safety/status'


def judge_recording(
    path: Path, rules: Sequence[Mapping[str, Any]], robot: RobotSpec
) -> dict[str, Any]:
    """Return `instants`, `seconds` and `violations` (rule and time since the start).

    The instants are those at which a command left the supervisor.

    Args:
        path: The MCAP.
        rules: As in the YAML.
        robot: The robot.

    Raises:
        ConfigError: A rule is wrong, or there is no recording.
    """
    if not path.is_file():
        raise ConfigError(str(path), ['there is no recording'])
    times: list[int] = []

    def noted() -> Iterator[Instant]:
        for instant in instants(path, robot):
            times.append(instant[2])
            yield instant

    found = judge_stream(rules, noted(), robot)
    start_ns = times[0] if times else 0
    return {
        'instants': len(times),
        'seconds': (times[-1] - start_ns) / 1e9 if times else 0.0,
        'violations': [
            {
                'rule': item.rule,
                'at_s': None
                if item.time_ns is None
                else round((item.time_ns - start_ns) / 1e9, 3),
            }
            for item in found
        ],
    }


def instants(path: Path, robot: RobotSpec) -> Iterator[Instant]:
    """Yield (command, state, time) whenever a command left the supervisor."""
    namespace = read_metadata(path).get('namespace', '/').rstrip('/') + '/'
    states, commands = robot.joint_map(), robot.joint_map()
    sensed: dict[str, tuple[str, Callable[[Any], Any]]] = {
        'joint_states': ('joints', lambda m: joint_state_from_msg(m, states)),
        'imu/data': ('imu', imu_from_msg),
        'odom': ('odometry', odometry_from_msg),
        'scan': ('scan', scan_from_msg),
        ESTOP: ('estop', lambda m: bool(m.data)),
    }
    state = SafetyState(since_ns=0)
    for message in read(path):
        name = message.topic.removeprefix(namespace)
        try:
            if name in sensed:
                field, decode = sensed[name]
                changes: dict[str, Any] = {field: decode(message.decode())}
                state = replace(state, **changes)
            elif name == _STATUS:
                state = replace(state, engaged_ns=_engaged_ns(message, state))
            elif name == _VELOCITY:
                velocity = velocity_from_msg(message.decode())
                state = replace(state, last_velocity=velocity)
                yield velocity, state, message.log_ns
            elif name == _JOINTS:
                command = joint_command_from_msg(message.decode(), commands)
                yield command, state, message.log_ns
                state = replace(state, last_command=command)
        except (RobotPoliciesError, ValueError):
            continue  # the supervisor refused it as well


def _engaged_ns(status: Any, state: SafetyState) -> int | None:  # noqa: ANN401
    """Return since when the supervisor has passed commands, by its recorded status."""
    if status_values(status.decode()).get('phase') != Phase.ENGAGED.value:
        return None
    return int(status.log_ns) if state.engaged_ns is None else state.engaged_ns
