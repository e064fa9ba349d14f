# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Which rows there are, and which of them shall be run."""

from collections.abc import Sequence
from dataclasses import dataclass
import difflib
import importlib
import pkgutil

from robot_policies.core.errors import ConfigError
from robot_policies.evaluation.faults.fault import Case, Fault

_PACKAGE = 'robot_policies.evaluation.faults'
RUNS = 20
MESSAGES = 10_000
"""Of each fuzzed fault, over all runs."""


@dataclass(frozen=True)
class Order:
    """What shall be run.

    Attributes:
        runs: Of each case that one run does not say all about.
        messages: Of each fuzzed case, over all runs.
        seed: Of what is drawn at random.
        patient: For a busy machine: longer limits, and times are not judged.
        only: Ids of the rows; empty takes all.
        short: Only the cases that belong to the short form.
    """

    runs: int = RUNS
    messages: int = MESSAGES
    seed: int = 0
    patient: bool = False
    only: tuple[str, ...] = ()
    short: bool = False

    def cases(self, row: Fault) -> tuple[Case, ...]:
        """Return the cases of a row that shall be run."""
        return tuple(case for case in row.cases if case.short or not self.short)


def faults() -> dict[str, Fault]:
    """Return every row by its id, in the order of the contract."""
    package = importlib.import_module(_PACKAGE)
    modules = [
        importlib.import_module(f'{_PACKAGE}.{info.name}')
        for info in pkgutil.iter_modules(package.__path__)
    ]
    found = [module.FAULT for module in modules if hasattr(module, 'FAULT')]
    return {fault.id: fault for fault in sorted(found, key=lambda fault: int(fault.id[1:]))}


def chosen(only: Sequence[str]) -> list[Fault]:
    """Return the rows with these ids, or all.

    Raises:
        ConfigError: There is no such row.
    """
    known = faults()
    for name in only:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.1)
            hint = f'did you mean {close[0]}?' if close else f'known are {", ".join(known)}'
            raise ConfigError('faults', [f'{name!r} is no row, {hint}'])
    return [fault for fault in known.values() if not only or fault.id in only]
