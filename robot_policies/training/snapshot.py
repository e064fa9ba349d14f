# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Snapshots of a run, in one file that is whole or not there: what a resume starts from.

Arrays go into safetensors, everything else as JSON into its header. Nothing is pickled.
"""

from collections.abc import Mapping
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from robot_policies.core.errors import CheckpointError
import safetensors
import safetensors.numpy

Arrays = dict[str, npt.NDArray[Any]]


def write_snapshot(path: Path, arrays: Mapping[str, npt.NDArray[Any]], state: Any) -> None:  # noqa: ANN401
    """Write a snapshot; a kill at any moment leaves the old one or the new one.

    Args:
        path: The file.
        arrays: Name -> array.
        state: Anything that JSON can hold.
    """
    partial = path.with_suffix('.partial')
    packed = {name: np.ascontiguousarray(values) for name, values in arrays.items()}
    safetensors.numpy.save_file(packed, partial, metadata={'state': json.dumps(state)})
    with partial.open('rb') as written:
        os.fsync(written.fileno())
    partial.replace(path)


def read_snapshot(path: Path) -> tuple[Arrays, Any]:
    """Read a snapshot.

    Returns:
        Arrays and state as they were written.

    Raises:
        CheckpointError: There is none, or it is not one.
    """
    try:
        with safetensors.safe_open(path, framework='numpy') as opened:
            names = list(opened.keys())
            arrays = {name: opened.get_tensor(name) for name in names}
            state = json.loads((opened.metadata() or {})['state'])
    except FileNotFoundError:
        raise CheckpointError(f'{path}: there is no run to resume') from None
    except (OSError, KeyError, ValueError, safetensors.SafetensorError) as error:
        raise CheckpointError(f'{path}: not a snapshot of a run: {error}') from error
    return arrays, state
