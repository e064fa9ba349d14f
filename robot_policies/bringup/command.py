# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The command line of one process of a stack."""

from collections.abc import Mapping
import os
from pathlib import Path
import resource
import sys

from robot_policies.bringup.plan import NodePlan
from robot_policies.core.errors import ConfigError
import yaml


def python() -> str:
    """Return the interpreter for nodes: this one, or an active virtual environment's.

    `ros2 launch` runs on the system's interpreter even where the wheels for learning and
    simulation lie in an activated environment.
    """
    active = os.environ.get('VIRTUAL_ENV')
    if sys.prefix == sys.base_prefix and active:
        candidate = Path(active, 'bin', 'python')
        if candidate.is_file():
            return str(candidate)
    return sys.executable


def command_line(node: NodePlan, params_dir: Path) -> list[str]:
    """Return program and arguments for `node`, its parameters written into `params_dir`.

    Raises:
        ConfigError: The executable of a ROS package is not installed.
    """
    return [*priority(node), *_command_line(node, params_dir)]


def priority(node: NodePlan) -> list[str]:
    """Return what has to stand before the program so that `node` has its priority.

    Going before others takes a right; without it the node runs like any other, and only the
    others step back.
    """
    if node.nice == 0 or node.nice < lowest_nice():
        return []
    return ['nice', '-n', str(node.nice)]


def lowest_nice() -> int:
    """Return the lowest nice value that this process may give."""
    return -20 if os.geteuid() == 0 else 20 - resource.getrlimit(resource.RLIMIT_NICE)[0]


def _command_line(node: NodePlan, params_dir: Path) -> list[str]:
    if node.command:
        return list(node.command)
    if node.module:
        program = [python(), '-m', node.module]
    else:
        program = [str(find_executable(node.package, node.executable, os.environ))]
    return [*program, *node.arguments, '--ros-args', *_ros_arguments(node, params_dir)]


def write_parameters(node: NodePlan, params_dir: Path) -> Path | None:
    """Write the parameters of `node` as a file that ROS reads; None if it has none."""
    if not node.parameters:
        return None
    path = params_dir / f'{node.name}.yaml'
    content = {'/**': {'ros__parameters': dict(node.parameters)}}
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding='utf-8')
    return path


def find_executable(package: str, executable: str, env: Mapping[str, str]) -> Path:
    """Return the executable of a package in a sourced ROS installation.

    Raises:
        ConfigError: It is not there; the message says what to install.
    """
    for prefix in env.get('AMENT_PREFIX_PATH', '').split(os.pathsep):
        path = Path(prefix) / 'lib' / package / executable
        if prefix and os.access(path, os.X_OK):
            return path
    raise ConfigError(
        f'{package}/{executable}',
        [
            'not found in the sourced ROS installation; install it with: '
            f'sudo apt install ros-jazzy-{package.replace("_", "-")}, '
            'then: source /opt/ros/jazzy/setup.bash'
        ],
    )


def _ros_arguments(node: NodePlan, params_dir: Path) -> list[str]:
    words = ['-r', f'__node:={node.name}']
    if node.namespace:
        words += ['-r', f'__ns:=/{node.namespace.strip("/")}']
    for source, target in node.remaps.items():
        words += ['-r', f'{source}:={target}']
    params_file = write_parameters(node, params_dir)
    if params_file is not None:
        words += ['--params-file', str(params_file)]
    # Everything is in the log of the process; ROS need not keep a second one.
    return [*words, '--disable-external-lib-logs']
