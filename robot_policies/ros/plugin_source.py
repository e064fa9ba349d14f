# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The plugin of a node, by checkpoint or by class, with its configuration as parameters."""

from dataclasses import dataclass, fields
from typing import Any

from robot_policies.core.contracts import PluginContext
from robot_policies.core.errors import ConfigError, PluginError, RobotPoliciesError
from robot_policies.core.params import build, param
from robot_policies.core.plugins import load_class
from robot_policies.core.robot import RobotSpec
from robot_policies.resources import load_checkpoint
from robot_policies.ros.parameters import NodeParameters


@dataclass(frozen=True, kw_only=True)
class PluginChoice:
    """Which plugin; one of the two must be given."""

    checkpoint: str = param(
        '', doc='Shipped checkpoint, folder of one, or package.module:Class of what needs none.'
    )
    plugin: str = param('', doc='The same as package.module:Class; its fields stand beside it.')


CHOICE_FIELDS = tuple(item.name for item in fields(PluginChoice))


@dataclass(frozen=True)
class LoadedPlugin:
    """A plugin and where it came from.

    Attributes:
        plugin: The plugin.
        label: Checkpoint or class, for people.
        config: Its configuration.
    """

    plugin: Any
    label: str
    config: Any


def declare_plugin(
    parameters: NodeParameters,
    prefix: str,
    verb: str,
    robot: RobotSpec,
    live: tuple[str, ...] = (),
) -> LoadedPlugin:
    """Declare `<prefix>checkpoint`, `<prefix>plugin` and the plugin's fields; construct it.

    Args:
        parameters: The node's.
        prefix: With its dot, e.g. `controller.`.
        verb: Method that plugins of this kind have.
        robot: The robot that it runs on.
        live: Which of `checkpoint` and `plugin` may be changed while the node runs.

    Raises:
        ConfigError: Neither or both are given, or a value of the configuration is wrong.
        PluginError: There is no such plugin, or it cannot be constructed.
        CheckpointError: The checkpoint cannot be used on this robot.
    """
    choice = parameters.declare(PluginChoice, prefix, live=live, partial=True)
    if bool(choice.checkpoint) == bool(choice.plugin):
        problem = (
            f'give either {prefix}checkpoint or {prefix}plugin '
            '(`robot-policies list` shows what there is)'
        )
        raise ConfigError(prefix.rstrip('.'), [problem])
    label = choice.checkpoint or choice.plugin
    spec, values, context = _read(label, robot)
    plugin_class: Any = load_class(spec, verb=verb)
    config = parameters.declare(
        plugin_class.config_class, prefix, defaults=values, also_known=CHOICE_FIELDS
    )
    return LoadedPlugin(_construct(plugin_class, config, context), label, config)


def load_plugin(label: str, verb: str, robot: RobotSpec) -> LoadedPlugin:
    """Construct a plugin beside the running one, with its checkpoint's configuration.

    Args:
        label: Shipped checkpoint, folder of one, or `package.module:Class`.
        verb: Method that plugins of this kind have.
        robot: The robot that it runs on.

    Raises:
        ConfigError, PluginError, CheckpointError: As in `declare_plugin`.
    """
    spec, values, context = _read(label, robot)
    plugin_class: Any = load_class(spec, verb=verb)
    config = build(plugin_class.config_class, values, where=label)
    return LoadedPlugin(_construct(plugin_class, config, context), label, config)


def show_plugin(parameters: NodeParameters, prefix: str, loaded: LoadedPlugin) -> None:
    """Replace the plugin's parameters by those of one that took over."""
    parameters.withdraw(prefix, keep=CHOICE_FIELDS)
    values = {item.name: getattr(loaded.config, item.name) for item in fields(loaded.config)}
    parameters.declare(type(loaded.config), prefix, defaults=values, also_known=CHOICE_FIELDS)


def _read(label: str, robot: RobotSpec) -> tuple[str, dict[str, Any], PluginContext]:
    if ':' in label:
        return label, {}, PluginContext(robot=robot)
    spec, values, context = load_checkpoint(label, robot)
    return spec, dict(values), context


def _construct(plugin_class: Any, config: Any, context: PluginContext) -> Any:  # noqa: ANN401
    try:
        return plugin_class(config, context)
    except RobotPoliciesError:
        raise
    except Exception as error:
        raise PluginError(f'{plugin_class.__name__} cannot be constructed: {error!r}') from error
