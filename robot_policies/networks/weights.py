# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Moves weights between torch modules and checkpoints, strictly: none missing, none extra."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from robot_policies.core.errors import CheckpointError
import torch
from torch import nn

_COUNTER = 'num_batches_tracked'
"""Batch normalisation counts its batches; nothing depends on it."""


def load_weights(
    module: nn.Module, tensors: Mapping[str, npt.NDArray[Any]], *, where: str, prefix: str = ''
) -> None:
    """Copy the tensors whose names start with `prefix` into the module.

    Args:
        module: Receives the weights and is switched to evaluation mode.
        tensors: Weights by name, as a checkpoint holds them.
        where: What is being loaded, for the message.
        prefix: Part of each name that the module does not have, e.g. `trunk.`.

    Raises:
        CheckpointError: A weight is missing, extra or of another shape; all are listed.
    """
    given = {
        name[len(prefix) :]: values for name, values in tensors.items() if name.startswith(prefix)
    }
    state = module.state_dict()
    wanted = {name: values for name, values in state.items() if not name.endswith(_COUNTER)}
    problems = [f'weight {prefix}{name} is missing' for name in sorted(set(wanted) - set(given))]
    problems += [
        f'weight {prefix}{name} is not expected' for name in sorted(set(given) - set(wanted))
    ]
    problems += [
        f'weight {prefix}{name} has shape {given[name].shape}, '
        f'expected {tuple(wanted[name].shape)}'
        for name in sorted(set(wanted) & set(given))
        if given[name].shape != tuple(wanted[name].shape)
    ]
    if problems:
        raise CheckpointError(f'{where}: {"; ".join(problems)}')
    state.update({name: torch.from_numpy(np.array(v)) for name, v in given.items()})
    module.load_state_dict(state)
    module.eval()
    module.requires_grad_(False)


def weights_of(module: nn.Module, *, prefix: str = '') -> dict[str, npt.NDArray[Any]]:
    """Return copies of the module's weights by name, each name with `prefix` in front."""
    return {
        prefix + name: values.detach().cpu().numpy().copy()
        for name, values in module.state_dict().items()
        if not name.endswith(_COUNTER)
    }
