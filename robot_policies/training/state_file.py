# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a resume needs, in one safetensors file that appears whole or not at all."""

from collections.abc import Mapping
import json
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import nn


def save_state(path: Path, tensors: Mapping[str, torch.Tensor], info: Mapping[str, Any]) -> None:
    """Write tensors and plain values.

    Args:
        path: File to write; a run that is killed meanwhile keeps the old one.
        tensors: By name.
        info: What JSON can hold.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix('.partial')
    whole = {name: values.detach().contiguous().clone() for name, values in tensors.items()}
    safetensors.torch.save_file(whole, partial, metadata={'info': json.dumps(dict(info))})
    partial.replace(path)


def load_state(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Read what `save_state` wrote."""
    with safetensors.safe_open(path, framework='pt') as file:
        info = json.loads((file.metadata() or {}).get('info', '{}'))
        return {name: file.get_tensor(name) for name in file.keys()}, info  # noqa: SIM118


def learner_tensors(
    module: nn.Module, optimizer: torch.optim.Adam, *, prefix: str = ''
) -> dict[str, torch.Tensor]:
    """Return weights and the optimizer's moments by name."""
    tensors = {f'{prefix}weight/{name}': v for name, v in module.state_dict().items()}
    for index, state in optimizer.state_dict()['state'].items():
        tensors |= {
            f'{prefix}optimizer/{index}/{name}': torch.as_tensor(value)
            for name, value in state.items()
        }
    return tensors


def restore_learner(
    module: nn.Module,
    optimizer: torch.optim.Adam,
    tensors: Mapping[str, torch.Tensor],
    *,
    prefix: str = '',
) -> None:
    """Undo `learner_tensors`."""
    weights, moments = f'{prefix}weight/', f'{prefix}optimizer/'
    module.load_state_dict(
        {name[len(weights) :]: v for name, v in tensors.items() if name.startswith(weights)}
    )
    state = optimizer.state_dict()
    for name, value in tensors.items():
        if name.startswith(moments):
            index, field = name[len(moments) :].split('/')
            state['state'].setdefault(int(index), {})[field] = value
    optimizer.load_state_dict(state)
