# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What can be found wrong with a plan before anything is started."""

import importlib.util
import os
import shutil

from robot_policies.bringup.command import find_executable
from robot_policies.bringup.plan import NodePlan, Plan
from robot_policies.bringup.stack import Stack
from robot_policies.core.errors import ConfigError, RobotPoliciesError
from robot_policies.resources import find, load_robot


def check_plan(stack: Stack, plan: Plan) -> None:
    """Check that everything that the plan names is there.

    Raises:
        ConfigError: Unknown robots or worlds, modules and programs that are not there, what
            the user has to confirm and did not: all of them.
    """
    problems: list[str] = []
    for argument in stack.arguments:
        value = str(plan.arguments[argument.name])
        if argument.confirm and plan.arguments[argument.name] is not True:
            problems.append(f'start with {argument.name}:=true. {argument.doc}')
        try:
            if argument.kind == 'robots':
                load_robot(value)
            elif argument.kind:
                find(argument.kind, value)
        except RobotPoliciesError as error:
            problems.append(str(error))
    for node in plan.nodes:
        problems += _node_problems(node)
    if problems:
        raise ConfigError(f'stack {stack.name}', problems)


def _node_problems(node: NodePlan) -> list[str]:
    if node.module and not _module_exists(node.module):
        return [f'node {node.name}: there is no module {node.module}']
    try:
        if node.package:
            find_executable(node.package, node.executable, os.environ)
    except ConfigError as error:
        return [f'node {node.name}: {error}']
    if node.command and shutil.which(node.command[0]) is None:
        return [f'node {node.name}: there is no program {node.command[0]}']
    return []


def _module_exists(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
