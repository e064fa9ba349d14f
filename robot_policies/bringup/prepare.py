# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Everything between what the user typed and the first process, whoever starts the processes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
import os
from pathlib import Path
from typing import Any

from robot_policies.bringup.check import check_plan
from robot_policies.bringup.claim import Claim, ros_domain
from robot_policies.bringup.dds import ANYWHERE, CONTROL, fit_profile, LOCAL, shipped_profile
from robot_policies.bringup.environment import LOCAL_ONLY, node_environment, PROFILE_VARIABLES
from robot_policies.bringup.plan import make_plan, Plan
from robot_policies.bringup.shared_memory import free_shared_memory, remove_leftovers
from robot_policies.bringup.stack import load_stack
from robot_policies.data import run_folder
from robot_policies.resources import share_dir

_LITTLE_MEMORY = (
    'little shared memory is free: using smaller segments; `robot-policies doctor` says more'
)


@dataclass(frozen=True)
class PreparedStack:
    """A stack that only has to be started.

    Attributes:
        plan: What to start.
        run_dir: Folder of this run.
        environment: What every process finds in its environment beside the inherited.
        claim: The right to run it here; keep it until all has ended.
    """

    plan: Plan
    run_dir: Path
    environment: Mapping[str, str]
    claim: Claim


def prepare_stack(
    name: str, given: Mapping[str, Any], say: Callable[[str], None]
) -> PreparedStack:
    """Read a stack, check everything, claim the domain, and make the folder of the run.

    Args:
        name: Shipped name of the stack, or path of its YAML.
        given: What the user typed, see `make_plan`.
        say: Takes one line for the user.

    Raises:
        RobotPoliciesError: Something that was given is wrong.
    """
    stack = load_stack(name)
    share = str(share_dir())
    plan = make_plan(stack, given, {'run_dir': '', 'share': share})
    check_plan(stack, plan)
    claim = Claim(ros_domain(), str(plan.arguments['namespace']))
    run_dir = run_folder.create(Path(str(plan.arguments['runs'])).expanduser().absolute())
    plan = make_plan(stack, given, {'run_dir': str(run_dir), 'share': share})
    remove_leftovers()
    free = free_shared_memory()
    anywhere, local = (_profile(name, plan, run_dir, free) for name in (ANYWHERE, LOCAL))
    if run_dir in Path(local).parents:
        say(_LITTLE_MEMORY)
    environment = node_environment(os.environ, stack.env, anywhere, local)
    if environment[PROFILE_VARIABLES[0]] == local:
        plan = _without_shared_memory(plan)
    for folder in ('parameters', 'logs'):
        (run_dir / folder).mkdir()
    return PreparedStack(plan, run_dir, environment, claim)


def local_environment() -> dict[str, str]:
    """Return what a process needs that takes part in a stack on this machine, as its nodes do."""
    anywhere, local = (str(shipped_profile(name)) for name in (ANYWHERE, LOCAL))
    return node_environment({}, LOCAL_ONLY, anywhere, local)


def _profile(name: str, plan: Plan, run_dir: Path, free: int) -> str:
    """Return the path of a DDS profile: the shipped one, or a smaller one if it must be."""
    shipped = shipped_profile(name)
    profile = shipped.read_text(encoding='utf-8')
    fitted = fit_profile(profile, free, len(plan.nodes))
    if fitted == profile:
        return str(shipped)
    own = run_dir / shipped.name
    own.write_text(fitted, encoding='utf-8')
    return str(own)


def _without_shared_memory(plan: Plan) -> Plan:
    """Give the profile without shared memory to the nodes that want none."""
    profile = dict.fromkeys(PROFILE_VARIABLES, str(shipped_profile(CONTROL)))
    nodes = tuple(
        node if node.shared_memory else replace(node, env={**profile, **node.env})
        for node in plan.nodes
    )
    return replace(plan, nodes=nodes)
