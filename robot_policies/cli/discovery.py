# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Recipes and benchmarks, found by walking their folders: there is no registry."""

import difflib
import importlib
import pkgutil
from typing import Any

from robot_policies.core.errors import ConfigError


def module_names(package_name: str) -> list[str]:
    """Return the modules of a package without importing them, sorted."""
    package = importlib.import_module(package_name)
    return sorted(info.name for info in pkgutil.iter_modules(package.__path__))


def load_definition(package_name: str, attribute: str, name: str) -> Any:  # noqa: ANN401
    """Return `attribute` of the module `name` of a package.

    Args:
        package_name: E.g. `robot_policies.training.recipes`.
        attribute: `RECIPE` or `BENCHMARK`.
        name: What the user typed.

    Raises:
        ConfigError: There is no such module; the message lists what is available.
    """
    known = module_names(package_name)
    kind = attribute.lower()
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f'did you mean {close[0]}?' if close else f'available: {", ".join(known) or "none"}'
        raise ConfigError(f'{kind} {name!r}', [f'unknown, {hint}'])
    try:
        module = importlib.import_module(f'{package_name}.{name}')
    except ModuleNotFoundError as error:
        extra = f'{error.name} is not installed; robot-policies doctor says what to type'
        raise ConfigError(f'{kind} {name!r}', [extra]) from error
    return getattr(module, attribute)
