# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a benchmark is to the command line: `robot-policies eval <name>`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from robot_policies.core.plugins import create
from robot_policies.core.robot import RobotSpec
from robot_policies.resources import load_checkpoint


@dataclass(frozen=True, kw_only=True)
class BenchmarkOptions:
    """What the user asks of a benchmark run.

    Attributes:
        episodes: Number of episodes; None for the benchmark's own number.
        seed: Seed of everything random in it.
        checkpoint: Checkpoint directory to judge; None for the shipped one.
        stack: Judge through the running nodes of this stack; None judges in process.
        quick: A run of seconds that shows that everything works.
        values: Further `name=value` settings, as the benchmark documents them.
    """

    episodes: int | None = None
    seed: int = 0
    checkpoint: Path | None = None
    stack: str | None = None
    quick: bool = False
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Benchmark:
    """One way to judge.

    Attributes:
        name: What the user types.
        help: One line on what it measures.
        run: Measures; returns what goes into the JSON.
    """

    name: str
    help: str
    run: Callable[[BenchmarkOptions], dict[str, Any]]


def plugin_of(checkpoint: str | Path, verb: str, robot: RobotSpec) -> Any:  # noqa: ANN401
    """Return the plugin of a checkpoint with its weights.

    Args:
        checkpoint: Shipped name, or folder.
        verb: What it has to do, e.g. `infer` or `step`.
        robot: For this robot.

    Raises:
        ConfigError: It cannot be loaded, is for another robot or does something else.
    """
    plugin, config, context = load_checkpoint(checkpoint, robot)
    return create(plugin, verb=verb, values=config, context=context)
