# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Tables of the reference pages, from parameter declarations."""

from collections.abc import Iterable, Sequence
from typing import Any

from robot_policies.core.params import describe, ParamInfo


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; bars inside cells are escaped."""
    lines = [header, ['---'] * len(header), *rows]
    return '\n'.join('| ' + ' | '.join(_cell(cell) for cell in line) + ' |' for line in lines)


def parameters(config_class: type, prefix: str = '', without: Iterable[str] = ()) -> str:
    """Return the table of a configuration's parameters; a sentence if there are none.

    Args:
        config_class: Dataclass whose fields are declared with `param`.
        prefix: Put before every name, with its dot.
        without: Names that are described elsewhere.
    """
    infos = [info for info in describe(config_class) if info.name not in set(without)]
    if not infos:
        return 'No parameters.'
    rows = [
        (f'`{prefix}{info.name}`', info.type_name, _default(info), _allowed(info), info.meta.doc)
        for info in infos
    ]
    return table(('parameter', 'type', 'default', 'range', 'meaning'), rows)


def first_line(documented: Any) -> str:  # noqa: ANN401
    """Return the first line of a docstring."""
    return (documented.__doc__ or '').strip().splitlines()[0]


def _cell(text: str) -> str:
    escaped = text.replace('|', '\\|').replace('\n', ' ')
    parts = escaped.split('`')  # those at odd places are code, where brackets stand for themselves
    parts[::2] = [part.replace('<', '&lt;') for part in parts[::2]]
    return '`'.join(parts)


def _default(info: ParamInfo) -> str:
    if info.required:
        return '*(must be given)*'
    value = list(info.default) if isinstance(info.default, tuple) else info.default
    shown = '""' if value == '' else str(value).lower() if isinstance(value, bool) else str(value)
    return f'`{shown}`'


def _allowed(info: ParamInfo) -> str:
    meta = info.meta
    unit = f' {meta.unit}' if meta.unit else ''
    if meta.choices:
        return ', '.join(f'`{choice}`' for choice in meta.choices)
    if meta.low is not None and meta.high is not None:
        return f'{meta.low:g} … {meta.high:g}{unit}'
    if meta.low is not None:
        return f'≥ {meta.low:g}{unit}'
    return f'≤ {meta.high:g}{unit}' if meta.high is not None else unit.strip()
