# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Configuration dataclasses as ROS parameters: one declaration, one way of checking.

The types, ranges, descriptions and units of the fields become parameter descriptors. Values that
were given at start and values that are changed later are read by the same `core.params.build`, so
they cannot be judged differently.
"""

from collections.abc import Callable, Iterable, Mapping
import difflib
from typing import Any, TypeVar

from rcl_interfaces.msg import (
    FloatingPointRange,
    IntegerRange,
    ParameterDescriptor,
    SetParametersResult,
)
from rclpy.node import Node
from rclpy.parameter import Parameter
from robot_policies.core.errors import ConfigError, RobotPoliciesError
from robot_policies.core.params import build, describe, ParamInfo

ConfigT = TypeVar('ConfigT')
OnChange = Callable[[Mapping[str, Any]], None]

_OF_ROS = ('use_sim_time', 'start_type_description_service', 'qos_overrides.')
_UNBOUNDED_INT = 2**63 - 1
_UNBOUNDED_FLOAT = 1.0e308


class NodeParameters:
    """The parameters of one node.

    The node must be constructed with `automatically_declare_parameters_from_overrides=True`:
    what was given at start is then there, whether or not anybody declares it, and
    `refuse_unknown` finds what nobody asked for.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        given: Mapping[str, Any] = node.get_parameters_by_prefix('')
        self._given = {name: parameter.value for name, parameter in given.items()}
        self._known: set[str] = set()
        self._live: dict[str, OnChange] = {}
        node.add_on_set_parameters_callback(self._on_set)

    def given(self, name: str, default: Any) -> Any:  # noqa: ANN401
        """Return what was given at start for `name`, unchecked, or `default`."""
        return self._given.get(name, default)

    def declare(
        self,
        config_class: type[ConfigT],
        prefix: str = '',
        *,
        defaults: Mapping[str, Any] | None = None,
        live: Iterable[str] = (),
        also_known: Iterable[str] = (),
        partial: bool = False,
    ) -> ConfigT:
        """Declare every field of `config_class` and return the configuration that results.

        May be called again with the same prefix: what was declared before is replaced.

        Args:
            config_class: Frozen dataclass whose fields are declared with `param`.
            prefix: Put before every name, with its dot, e.g. `policy.`.
            defaults: Values that stand in for the defaults of the class, e.g. a checkpoint's.
            live: Fields that may be changed while the node runs; the others are read-only.
            also_known: Names below the prefix that another call has declared.
            partial: Another call will declare what else is given below the prefix.

        Raises:
            ConfigError: Unknown names below the prefix, wrong types, values out of range.
        """
        infos = list(describe(config_class))
        wanted = {info.name for info in infos} if partial else None
        given = self._given_below(prefix)
        values = dict(defaults or {}) | {
            name: value
            for name, value in given.items()
            if name not in also_known and (wanted is None or name in wanted)
        }
        where = f'{self._node.get_name()}: {prefix}*' if prefix else self._node.get_name()
        config = build(config_class, values, where=where)
        for info in infos:
            self._declare(prefix + info.name, info, getattr(config, info.name), info.name in live)
        return config

    def on_change(self, name: str, apply: OnChange) -> None:
        """Call `apply({name: value})` when the live parameter `name` is set.

        If it raises a `RobotPoliciesError`, the value is refused with that message.
        """
        self._live[name] = apply

    def release(self) -> None:
        """Let nobody hear of changes any more: the node is being cleaned up."""
        self._live.clear()

    def withdraw(self, prefix: str, *, keep: Iterable[str] = ()) -> None:
        """Remove the parameters below `prefix`, when a plugin gives way to another.

        What was given for them at start is forgotten too: it was meant for the plugin that goes.

        Args:
            prefix: With its dot.
            keep: Names below the prefix that stay.
        """
        kept = {prefix + name for name in keep}
        for name in [n for n in self._known if n.startswith(prefix) and n not in kept]:
            self._node.undeclare_parameter(name)
            self._known.discard(name)
            self._given.pop(name, None)

    def refuse_unknown(self) -> None:
        """Check that nothing was given that nobody declared.

        Raises:
            ConfigError: Names the unknown parameters and what was probably meant.
        """
        unknown = [n for n in self._given if n not in self._known and not n.startswith(_OF_ROS)]
        if unknown:
            raise ConfigError(self._node.get_name(), [self._unknown(name) for name in unknown])

    def _given_below(self, prefix: str) -> dict[str, Any]:
        if not prefix:
            return {name: value for name, value in self._given.items() if _is_top_level(name)}
        return {
            name.removeprefix(prefix): value
            for name, value in self._given.items()
            if name.startswith(prefix)
        }

    def _unknown(self, name: str) -> str:
        close = difflib.get_close_matches(name, self._known, n=1)
        hint = f'did you mean {close[0]}?' if close else f'known are {", ".join(self._listed())}'
        return f'parameter {name} is unknown, {hint}'

    def _listed(self) -> list[str]:
        return sorted(self._known)

    def _declare(self, name: str, info: ParamInfo, value: Any, live: bool) -> None:  # noqa: ANN401
        if self._node.has_parameter(name):
            self._node.undeclare_parameter(name)
        self._known.discard(name)
        value = list(value) if isinstance(value, tuple) else value
        self._node.declare_parameter(name, value, descriptor(info, live), ignore_override=True)
        self._known.add(name)

    def _on_set(self, parameters: list[Parameter]) -> SetParametersResult:
        for parameter in parameters:
            name = parameter.name
            if name not in self._known:
                continue
            if name not in self._live:
                reason = f'{name} is read when the node configures; set it at start'
                return SetParametersResult(successful=False, reason=reason)
            try:
                self._live[name]({name: parameter.value})
            except RobotPoliciesError as error:
                return SetParametersResult(successful=False, reason=str(error))
        return SetParametersResult(successful=True)


def _is_top_level(name: str) -> bool:
    return '.' not in name and not name.startswith(_OF_ROS)


def descriptor(info: ParamInfo, live: bool) -> ParameterDescriptor:
    """Return what ROS tools show of a parameter: documentation with unit, choices and range."""
    meta = info.meta
    text = f'{meta.doc} [{meta.unit}]' if meta.unit else meta.doc
    result = ParameterDescriptor(name=info.name, description=text)
    # An empty list has no type of its own in ROS.
    result.dynamic_typing = info.type_name.startswith('list[')
    result.additional_constraints = f'one of {", ".join(meta.choices)}' if meta.choices else ''
    if not live:
        result.additional_constraints += ' (set at start)'
    if meta.low is None and meta.high is None:
        return result
    if info.type_name == 'float':
        low = -_UNBOUNDED_FLOAT if meta.low is None else meta.low
        high = _UNBOUNDED_FLOAT if meta.high is None else meta.high
        bounds = FloatingPointRange(from_value=float(low), to_value=float(high))
        result.floating_point_range = [bounds]
    elif info.type_name == 'int':
        low = -_UNBOUNDED_INT if meta.low is None else meta.low
        high = _UNBOUNDED_INT if meta.high is None else meta.high
        result.integer_range = [IntegerRange(from_value=int(low), to_value=int(high))]
    return result
