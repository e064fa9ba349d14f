# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Start a stack as processes, watch it, and end it: for machines with or without `ros2 launch`."""

from collections.abc import Callable, Sequence
import os
from pathlib import Path

from robot_policies.bringup.check import check_plan
from robot_policies.bringup.claim import Claim, ros_domain
from robot_policies.bringup.dds import fit_profile
from robot_policies.bringup.environment import node_environment
from robot_policies.bringup.plan import make_plan, parse_assignments, Plan
from robot_policies.bringup.processes import StackProcesses, StopRequests
from robot_policies.bringup.shared_memory import free_shared_memory, remove_leftovers
from robot_policies.bringup.stack import load_stack
from robot_policies.data import run_folder
from robot_policies.resources import share_dir

_DDS_PROFILE = 'config/dds/fastdds.xml'


def run_stack(name: str, assignments: Sequence[str], say: Callable[[str], None]) -> int:
    """Start a stack and return when it has ended.

    Args:
        name: Shipped name of the stack, or path to its YAML.
        assignments: `key:=value` words.
        say: Takes one line for the user.

    Returns:
        Exit status: 0 if it ended as asked, 1 if a node died, 2 if one could not start.

    Raises:
        RobotPoliciesError: Something that was given is wrong. Nothing has been started then.
    """
    stop = StopRequests()
    stop.listen()
    stack = load_stack(name)
    given = parse_assignments(assignments)
    plan = make_plan(stack, given, {'run_dir': ''})
    check_plan(stack, plan)
    claim = Claim(ros_domain(), str(plan.arguments['namespace']))
    run_dir = run_folder.create(Path(str(plan.arguments['runs'])).expanduser().absolute())
    plan = make_plan(stack, given, {'run_dir': str(run_dir)})
    env = {**os.environ, **node_environment(os.environ, _dds_profile(plan, run_dir, say))}
    say(f'starting {plan.stack}: {", ".join(node.name for node in plan.nodes)}; logs in {run_dir}')
    processes = StackProcesses(plan, run_dir, say)
    try:
        processes.start(env)
        processes.watch(stop, float(str(plan.arguments['duration'])))
    finally:
        say('ending …')
        processes.stop(stop)
        claim.release()
    say(f'ended; the run is in {run_dir}')
    return processes.status


def _dds_profile(plan: Plan, run_dir: Path, say: Callable[[str], None]) -> str:
    """Return the path of the DDS profile: the shipped one, or a smaller one if it must be."""
    shipped = share_dir() / _DDS_PROFILE
    profile = shipped.read_text(encoding='utf-8')
    remove_leftovers()
    fitted = fit_profile(profile, free_shared_memory(), len(plan.nodes))
    if fitted == profile:
        return str(shipped)
    own = run_dir / shipped.name
    own.write_text(fitted, encoding='utf-8')
    say('little shared memory is free: using smaller segments; `robot-policies doctor` says more')
    return str(own)
