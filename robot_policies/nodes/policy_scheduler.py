# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The scheduler of the policy node as parameters, which may be changed while it runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from robot_policies.core.contracts import ChunkScheduler, PluginContext
from robot_policies.core.params import build, param
from robot_policies.core.plugins import load_class
from robot_policies.core.robot import RobotSpec
from robot_policies.ros.parameters import NodeParameters

VERB = 'merge'
Use = Callable[[ChunkScheduler], None]
"""Takes over a scheduler, or raises a `RobotPoliciesError`: then the old one stays."""


@dataclass(frozen=True, kw_only=True)
class SchedulerChoice:
    """How chunks become one stream."""

    plugin: str = param(
        'robot_policies.scheduling.latest_wins:LatestWins',
        doc='Scheduler as package.module:Class; may be changed while the robot moves.',
    )


class SchedulerParameters:
    """`scheduler.plugin` and the fields of the plugin, all of which may be changed."""

    def __init__(self, parameters: NodeParameters, prefix: str, robot: RobotSpec) -> None:
        self._parameters, self._prefix, self._robot = parameters, prefix, robot

    def declare(self, use: Use) -> ChunkScheduler:
        """Declare what may be set, and construct what was given.

        Args:
            use: Called with a new scheduler whenever something is set later.

        Raises:
            ConfigError: A value is wrong.
            PluginError: There is no such plugin.
        """
        choice = self._parameters.declare(
            SchedulerChoice, self._prefix, live=('plugin',), partial=True
        )
        self._use, self._spec = use, choice.plugin
        self._class: Any = load_class(self._spec, verb=VERB)
        self._parameters.on_change(f'{self._prefix}plugin', self._swap)
        self._declare_fields()
        return self._made(self._class, self._config)

    def _declare_fields(self) -> None:
        names = tuple(item.name for item in fields(self._class.config_class))
        self._config = self._parameters.declare(
            self._class.config_class,
            self._prefix,
            live=names,
            also_known=('plugin',),
        )
        for name in names:
            self._parameters.on_change(self._prefix + name, self._change)

    def _made(self, plugin_class: Any, config: Any) -> ChunkScheduler:  # noqa: ANN401
        made: ChunkScheduler = plugin_class(config, PluginContext(robot=self._robot))
        return made

    def _swap(self, change: Mapping[str, Any]) -> None:
        spec = str(change[f'{self._prefix}plugin'])
        found: Any = load_class(spec, verb=VERB)
        self._use(self._made(found, build(found.config_class, {}, where=spec)))
        self._spec, self._class = spec, found
        self._parameters.withdraw(self._prefix, keep=('plugin',))
        self._declare_fields()

    def _change(self, change: Mapping[str, Any]) -> None:
        values = {item.name: getattr(self._config, item.name) for item in fields(self._config)}
        values |= {name.removeprefix(self._prefix): value for name, value in change.items()}
        config = build(self._class.config_class, values, where=self._spec)
        self._use(self._made(self._class, config))
        self._config = config
