# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Plugins named in configuration as `package.module:Class`, without any registry."""

from collections.abc import Mapping
import difflib
import importlib
import importlib.util
import pkgutil
from typing import Any

from robot_policies.core.contracts import PluginContext
from robot_policies.core.errors import PluginError
from robot_policies.core.params import build


def load_class(spec: str, *, verb: str) -> type:
    """Import the class that `spec` names and check that it is a plugin.

    Args:
        spec: `package.module:Class`.
        verb: Method that plugins of this kind have, e.g. `infer`.

    Returns:
        The class.

    Raises:
        PluginError: Malformed spec, no such module or class, import failure, no such verb or no
            `config_class`. The message names what is available beside it.
    """
    module_name, _, class_name = spec.partition(':')
    if not module_name or not class_name.isidentifier():
        raise PluginError(f'plugin {spec!r}: expected package.module:Class')
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and module_name.startswith(error.name):
            raise PluginError(f'plugin {spec!r}: {_no_module(module_name)}') from None
        raise PluginError(
            f'plugin {spec!r} needs {error.name!r}, which is not installed'
        ) from error
    except Exception as error:  # a third party's module may raise anything while being imported
        raise PluginError(f'plugin {spec!r}: importing it failed: {error!r}') from error
    found = getattr(module, class_name, None)
    if not isinstance(found, type):
        known = plugin_classes(module, verb)
        close = difflib.get_close_matches(class_name, known, n=1) or known
        raise PluginError(
            f'plugin {spec!r}: {module_name} has no class {class_name}, it has {_listed(close)}'
        )
    for needed in (verb, 'config_class'):
        if not hasattr(found, needed):
            raise PluginError(f'plugin {spec!r}: {class_name} has no {needed!r}')
    return found


def create(spec: str, *, verb: str, values: Mapping[str, Any], context: PluginContext) -> Any:  # noqa: ANN401
    """Construct the plugin that `spec` names.

    Args:
        spec: `package.module:Class`.
        verb: Method that plugins of this kind have.
        values: Values of its configuration.
        context: Robot and weights.

    Returns:
        The plugin.

    Raises:
        PluginError: See `load_class`.
        ConfigError: A value of the configuration is wrong.
        CheckpointError: The plugin refuses the weights.
    """
    plugin_class: Any = load_class(spec, verb=verb)
    return plugin_class(build(plugin_class.config_class, values, where=spec), context)


def plugin_classes(module: Any, verb: str) -> list[str]:  # noqa: ANN401
    """Return the names of the plugins with `verb` that a module defines itself."""
    return sorted(
        name
        for name, value in vars(module).items()
        if isinstance(value, type)
        and value.__module__ == module.__name__
        and hasattr(value, verb)
        and hasattr(value, 'config_class')
    )


def _no_module(module_name: str) -> str:
    package_name = module_name.rpartition('.')[0]
    try:
        package = importlib.import_module(package_name) if package_name else None
    except ImportError:
        package = None
    paths = getattr(package, '__path__', None)
    if paths is None:
        return f'there is no package {package_name or module_name!r} (is it installed?)'
    names = [info.name for info in pkgutil.iter_modules(paths)]
    return f'there is no module {module_name!r}; {package_name} has {_listed(names)}'


def _listed(names: list[str]) -> str:
    return ', '.join(names) if names else 'none'
