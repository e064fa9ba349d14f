# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The layers of safety whose cost is measured, alone and together."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from robot_policies.core.robot import RobotSpec
from robot_policies.named_checks import resolve_checks
from robot_policies.safety.assembly import build_supervisor, default_configure, prefix_of
from robot_policies.safety.supervisor import Supervisor

_HERE = 'robot_policies.safety'
_BASE = (f'{_HERE}.height:Height', f'{_HERE}.jump:Jump')
DISTANCE = f'{_HERE}.distance:Distance'
BARRIER = f'{_HERE}.base_barrier:BaseBarrier'
JOINT_BARRIER = f'{_HERE}.joint_barrier:JointBarrier'
MOTION_NOVELTY = 'go2_proprioception_novelty'
CAMERA_NOVELTY, ENCODER = 'go2_camera_novelty', 'go2_camera_tokens'


@dataclass(frozen=True)
class Layers:
    """What stands between the checks that are always there: more checks, and rules."""

    checks: tuple[str, ...] = ()
    rules: str = ''


ALWAYS: Mapping[str, Layers] = MappingProxyType(
    {
        'none': Layers(),
        'distance': Layers((DISTANCE,)),
        'barrier': Layers((BARRIER,)),
        'rules': Layers(rules='go2'),
        'camera_novelty': Layers((CAMERA_NOVELTY,)),
    }
)
"""Arms for every body; the first one is what the others are compared with."""
ON_LEGS: Mapping[str, Layers] = MappingProxyType(
    {'joint_barrier': Layers((JOINT_BARRIER,)), 'motion_novelty': Layers((MOTION_NOVELTY,))}
)
"""Arms that need joints which move."""


def arms(body: str) -> dict[str, Layers]:
    """Return name -> layers for a body (`puppet` or `walking`); `all` comes last."""
    made = {**ALWAYS, **(ON_LEGS if body == 'walking' else {})}
    checks = [check for layers in made.values() for check in layers.checks]
    return {**made, 'all': Layers(tuple(checks), 'go2')}


def supervisor_of(layers: Layers, robot: RobotSpec) -> Supervisor:
    """Build a supervisor with these layers."""
    found = resolve_checks((*_BASE, *layers.checks), layers.rules, robot)
    values = {prefix_of(spec): own for spec, own in found.values.items()}
    return build_supervisor(
        robot, extra=found.specs, configure=default_configure(values), contexts=found.contexts
    )
