# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What can be found wrong with a plan before anything is started."""

import importlib.util

from robot_policies.bringup.plan import Plan
from robot_policies.bringup.stack import Stack
from robot_policies.core.errors import ConfigError, RobotPoliciesError
from robot_policies.resources import find, load_robot


def check_plan(stack: Stack, plan: Plan) -> None:
    """Check that everything that the plan names is there.

    Raises:
        ConfigError: Unknown robots, worlds or modules: all of them.
    """
    problems: list[str] = []
    for argument in stack.arguments:
        value = str(plan.arguments[argument.name])
        try:
            if argument.kind == 'robots':
                load_robot(value)
            elif argument.kind:
                find(argument.kind, value)
        except RobotPoliciesError as error:
            problems.append(str(error))
    problems += [
        f'node {node.name}: there is no module {node.module}'
        for node in plan.nodes
        if node.module and not _module_exists(node.module)
    ]
    if problems:
        raise ConfigError(f'stack {stack.name}', problems)


def _module_exists(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
