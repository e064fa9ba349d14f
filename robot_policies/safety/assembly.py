# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A supervisor from its configuration: the checks that are always there, and those one adds."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from robot_policies.core.contracts import PluginContext
from robot_policies.core.errors import ConfigError, PluginError
from robot_policies.core.params import build
from robot_policies.core.plugins import load_class
from robot_policies.core.robot import RobotSpec
from robot_policies.safety.fallback import Fallback, FallbackConfig
from robot_policies.safety.latch import ResetConfig
from robot_policies.safety.supervisor import Parts, Supervisor

_HERE = 'robot_policies.safety'
FIRST = (
    f'{_HERE}.finite:Finite',
    f'{_HERE}.estop:EStop',
    f'{_HERE}.freshness:Freshness',
    f'{_HERE}.tilt:Tilt',
    f'{_HERE}.engage_ramp:EngageRamp',
    f'{_HERE}.base_limit:BaseLimit',
)
"""Come before everything else. No configuration removes them."""
LAST = (
    f'{_HERE}.base_limit:BaseLimit',
    f'{_HERE}.velocity_limit:VelocityLimit',
    f'{_HERE}.effort_limit:EffortLimit',
    f'{_HERE}.position_limit:PositionLimit',
    f'{_HERE}.finite:Finite',
)
"""Bound whatever the checks before them made of the command. No configuration removes them."""
DEFAULT_CHECKS = (
    f'{_HERE}.height:Height',
    f'{_HERE}.jump:Jump',
    f'{_HERE}.handover:Handover',
    f'{_HERE}.distance:Distance',
)
"""Stand in between and may be replaced."""
GATES = ('joint', 'velocity')

Configure = Callable[[type, str], Any]
"""(configuration class, prefix) -> configuration."""


def check_specs(extra: Sequence[str]) -> tuple[str, ...]:
    """Return every check once, in the order of first use.

    Args:
        extra: `package.module:Class` of the checks between the built-in ones.
    """
    return tuple(dict.fromkeys((*FIRST, *extra, *LAST)))


def prefix_of(spec: str) -> str:
    """Return the prefix of a check's parameters: the last part of its module's name."""
    return spec.partition(':')[0].rpartition('.')[2]


def default_configure(values: Mapping[str, Mapping[str, Any]]) -> Configure:
    """Return a `Configure` that reads prefix -> name -> value and takes defaults for the rest."""

    def configure(config_class: type, prefix: str) -> Any:  # noqa: ANN401
        return build(config_class, values.get(prefix, {}), where=prefix)

    return configure


def build_supervisor(
    robot: RobotSpec,
    *,
    extra: Sequence[str] = DEFAULT_CHECKS,
    recovery: str = '',
    configure: Configure | None = None,
    contexts: Mapping[str, PluginContext] = MappingProxyType({}),
) -> Supervisor:
    """Build a supervisor.

    Args:
        robot: The robot.
        extra: Checks between the built-in ones.
        recovery: Check that RECOVER hands over to, as `package.module:Class`; empty for none.
        configure: Gives every part its configuration; defaults without it.
        contexts: `package.module:Class` -> what surrounds a check that needs more than the
            robot: weights it was trained to, or rules.

    Raises:
        PluginError: A check cannot be found or does not say which gates it is for.
        ConfigError: A value is wrong, or two checks share a prefix.
    """
    configure = configure or default_configure(MappingProxyType({}))
    bare = PluginContext(robot=robot)
    specs = check_specs(extra)
    _refuse_shared_prefixes((*specs, *([recovery] if recovery else [])))
    checks = {spec: _create(spec, configure, contexts.get(spec, bare)) for spec in specs}
    order = [checks[spec] for spec in (*_first_uses(specs), *LAST)]
    try:
        fallback = Fallback(configure(FallbackConfig, 'fallback'), robot)
    except ValueError as error:
        raise ConfigError('fallback', [str(error)]) from error
    parts = Parts(
        robot=robot,
        joint_checks=[check for check in order if 'joint' in check.gates],
        velocity_checks=[check for check in order if 'velocity' in check.gates],
        fallback=fallback,
        reset=configure(ResetConfig, 'reset'),
        recovery=(
            _create(recovery, configure, contexts.get(recovery, bare)) if recovery else None
        ),
        limits=[checks[spec] for spec in LAST if 'joint' in checks[spec].gates],
    )
    return Supervisor(parts)


def _first_uses(specs: Sequence[str]) -> list[str]:
    return [spec for spec in specs if spec in FIRST or spec not in LAST]


def _create(spec: str, configure: Configure, context: PluginContext) -> Any:  # noqa: ANN401
    plugin_class: Any = load_class(spec, verb='check')
    gates = getattr(plugin_class, 'gates', ())
    if not gates or not set(gates) <= set(GATES):
        raise PluginError(
            f'plugin {spec!r}: its class attribute `gates` is {gates!r}, expected one or both of '
            f'{", ".join(GATES)}'
        )
    return plugin_class(configure(plugin_class.config_class, prefix_of(spec)), context)


def _refuse_shared_prefixes(specs: Sequence[str]) -> None:
    seen: dict[str, str] = {'fallback': 'the fallback', 'reset': 'the reset'}
    problems = []
    for spec in specs:
        other = seen.setdefault(prefix_of(spec), spec)
        if other != spec:
            problems.append(f'{spec} and {other} share the prefix {prefix_of(spec)!r}')
    if problems:
        raise ConfigError('checks', problems)
