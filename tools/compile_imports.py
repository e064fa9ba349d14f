# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Import modules once, so that Python keeps them compiled.

Usage: `python tools/compile_imports.py [MODULE …]`; without one, every module of the package, and
with them all that they import. Compiling whole site-packages takes three times as long, nine
tenths of it for what nobody imports; leaving it out makes every first start slow, and every start
where PYTHONDONTWRITEBYTECODE is set.
"""

import contextlib
import importlib
import pkgutil
import sys

import robot_policies


def main(names: list[str]) -> None:
    """Import the named modules, or all of the package."""
    package = pkgutil.walk_packages(robot_policies.__path__, f'{robot_policies.__name__}.')
    for name in names or [module.name for module in package]:
        if not name.endswith('.__main__'):
            with contextlib.suppress(Exception):  # who needs it says what is wrong with it
                importlib.import_module(name)


if __name__ == '__main__':
    main(sys.argv[1:])
