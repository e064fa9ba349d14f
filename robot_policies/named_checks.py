# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Checks of a supervisor as a user names them: class, checkpoint, and rules from a file."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from robot_policies.core.contracts import PluginContext
from robot_policies.core.robot import RobotSpec
from robot_policies.resources import load_checkpoint, load_rules

RULES_CHECK = 'robot_policies.safety.temporal_rules:TemporalRules'


class Checks(NamedTuple):
    """What `build_supervisor` is given.

    Attributes:
        specs: `package.module:Class` in their order.
        contexts: Of those that need more than the robot.
        values: Configuration that a checkpoint brings, by spec.
    """

    specs: tuple[str, ...]
    contexts: Mapping[str, PluginContext]
    values: Mapping[str, Mapping[str, Any]]


def resolve_checks(named: Sequence[str], rules: str, robot: RobotSpec) -> Checks:
    """Find what a user named.

    Args:
        named: `package.module:Class`, or a checkpoint: shipped name, or folder.
        rules: File of rules over time: shipped name, or path of a YAML; empty for none.
        robot: The robot.

    Raises:
        CheckpointError: A checkpoint is not there, or not for this robot.
        ConfigError: A file of rules is not there, or is none.
    """
    specs: list[str] = []
    contexts: dict[str, PluginContext] = {}
    values: dict[str, Mapping[str, Any]] = {}
    for name in named:
        if ':' in name:
            specs.append(name)
            continue
        spec, own, context = load_checkpoint(name, robot)
        values[spec], contexts[spec] = own, context
        specs.append(spec)
    if rules:
        specs.append(RULES_CHECK)
        contexts[RULES_CHECK] = PluginContext(robot=robot, meta={'rules': load_rules(rules)})
    return Checks(tuple(specs), contexts, values)
