# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Parameters declared once: default, documentation, unit and range in one field.

From the one declaration come validation, the ROS parameter with its range and description, the
check of the YAML and the reference page::

    @dataclass(frozen=True, kw_only=True)
    class TiltConfig:
        limit_rad: float = param(0.8, doc="Tilt limit.", unit="rad", low=0.0, high=1.6)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, MISSING
import difflib
import math
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints, TypeVar, Union

from robot_policies.core.errors import ConfigError

ConfigT = TypeVar('ConfigT')
_SCALARS = (bool, int, float, str)
_META_KEY = 'robot_policies.param'


@dataclass(frozen=True)
class ParamMeta:
    """What a parameter says of itself beside name, type and default."""

    doc: str
    unit: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]


@dataclass(frozen=True)
class ParamInfo:
    """A declared parameter, as the reference page and the ROS declaration need it.

    Attributes:
        name: Field name.
        type_name: `bool`, `int`, `float`, `str`, or `list[...]` of one of these.
        default: Default, or None if it must be given.
        required: True if there is no default.
        meta: Documentation, unit, range.
    """

    name: str
    type_name: str
    default: Any
    required: bool
    meta: ParamMeta


def param(
    default: Any = MISSING,  # noqa: ANN401
    *,
    doc: str,
    unit: str = '',
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
) -> Any:  # noqa: ANN401
    """Declare a parameter of a frozen configuration dataclass.

    Args:
        default: Its default; without one the value must be given.
        doc: One sentence for the user.
        unit: Unit of the value; empty if it has none.
        low: Smallest allowed value (of every element, for a tuple).
        high: Largest allowed value.
        choices: Allowed strings, where only a few are.

    Returns:
        A dataclass field.
    """
    meta = {_META_KEY: ParamMeta(doc=doc, unit=unit, low=low, high=high, choices=choices)}
    if default is MISSING:
        return field(metadata=meta)
    return field(default=tuple(default) if isinstance(default, list) else default, metadata=meta)


def describe(config_class: type) -> Iterator[ParamInfo]:
    """Yield the declared parameters of a configuration class in their order."""
    hints = get_type_hints(config_class)
    for item in fields(config_class):
        meta = item.metadata.get(_META_KEY)
        if meta is None:
            raise TypeError(f'{config_class.__name__}.{item.name} is not declared with param()')
        required = item.default is MISSING
        yield ParamInfo(
            name=item.name,
            type_name=_type_name(hints[item.name]),
            default=None if required else item.default,
            required=required,
            meta=meta,
        )


def build(config_class: type[ConfigT], values: Mapping[str, Any], *, where: str) -> ConfigT:
    """Build a configuration from plain values, reporting everything wrong at once.

    Used when a node starts, when a parameter changes and when a YAML is read: one path.

    Args:
        config_class: A frozen dataclass whose fields are declared with `param`.
        values: Name -> value, e.g. from YAML. Lists become tuples, integers become floats.
        where: What is being configured, for the message.

    Returns:
        The configuration.

    Raises:
        ConfigError: Unknown or missing names, wrong types, values out of range.
    """
    infos = {info.name: info for info in describe(config_class)}
    problems = [_unknown(name, infos) for name in values if name not in infos]
    accepted: dict[str, Any] = {}
    for info in infos.values():
        if info.name in values:
            try:
                accepted[info.name] = _convert(values[info.name], info)
            except ValueError as error:
                problems.append(f'{info.name}: {error}')
        elif info.required:
            problems.append(f'{info.name} is missing: {info.meta.doc}')
    if problems:
        raise ConfigError(where, problems)
    try:
        return config_class(**accepted)
    except ValueError as error:  # a __post_init__ that relates fields to one another
        raise ConfigError(where, [str(error)]) from error


def _unknown(name: str, infos: Mapping[str, ParamInfo]) -> str:
    close = difflib.get_close_matches(str(name), infos, n=1)
    hint = f', did you mean {close[0]}?' if close else f', known are {", ".join(sorted(infos))}'
    return f'{name} is unknown{hint}'


def _type_name(hint: Any) -> str:  # noqa: ANN401
    if hint in _SCALARS:
        return cast(str, hint.__name__)
    arguments = get_args(hint)
    if get_origin(hint) is tuple and arguments[0] in _SCALARS and arguments[1:] == (...,):
        return f'list[{arguments[0].__name__}]'
    if get_origin(hint) in (Union, UnionType):
        raise TypeError(f'{hint}: a parameter is never optional, give it a default that says so')
    raise TypeError(f'{hint}: a parameter is a bool, int, float, str or a tuple[X, ...] of these')


def _convert(value: Any, info: ParamInfo) -> Any:  # noqa: ANN401
    if info.type_name.startswith('list['):
        if isinstance(value, (str, bytes)) or not hasattr(value, '__iter__'):
            raise ValueError(f'{value!r} is not a {info.type_name}')
        element = info.type_name[5:-1]
        return tuple(_scalar(item, element, info.meta) for item in value)
    return _scalar(value, info.type_name, info.meta)


def _scalar(value: Any, type_name: str, meta: ParamMeta) -> Any:  # noqa: ANN401
    if hasattr(value, 'item') and getattr(value, 'ndim', None) == 0:
        value = value.item()
    if type_name == 'float' and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value).__name__ != type_name:
        raise ValueError(f'{value!r} is a {type(value).__name__}, expected {type_name}')
    if type_name in ('int', 'float'):
        _check_range(value, meta)
    if meta.choices and value not in meta.choices:
        raise ValueError(f'{value!r} is none of {", ".join(meta.choices)}')
    return value


def _check_range(value: float, meta: ParamMeta) -> None:
    low = -math.inf if meta.low is None else meta.low
    high = math.inf if meta.high is None else meta.high
    if not (math.isfinite(value) and low <= value <= high):
        unit = f' {meta.unit}' if meta.unit else ''
        raise ValueError(f'{value} is outside [{low:g}, {high:g}]{unit} ({meta.doc})')
