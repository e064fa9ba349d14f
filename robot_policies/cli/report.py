# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Results on the screen and in a file."""

from collections.abc import Mapping
import json
from pathlib import Path
from typing import Any

from robot_policies.core.errors import ConfigError


def print_result(result: Mapping[str, Any], indent: str = '') -> None:
    """Print one line per number; what is nested is indented."""
    for name, value in result.items():
        if isinstance(value, Mapping):
            print(f'{indent}{name}')
            print_result(value, f'{indent}  ')
        else:
            shown = f'{value:.4g}' if isinstance(value, float) else value
            print(f'{indent}{name:<32} {shown}')


def write_json(result: Mapping[str, Any], path: Path | None) -> None:
    """Write the result to `path`, if there is one.

    Raises:
        ConfigError: It cannot be written.
    """
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f'{path.name}.partial')  # an interruption leaves the old one
        partial.write_text(json.dumps(result, indent=1) + '\n', encoding='utf-8')
        partial.replace(path)
    except OSError as error:
        raise ConfigError(str(path), [f'cannot be written: {error.strerror}']) from error
