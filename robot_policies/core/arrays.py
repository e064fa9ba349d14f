# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Read-only arrays, so that a value handed on cannot change behind its reader's back."""

from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
ByteArray = npt.NDArray[np.uint8]


def frozen(
    values: npt.ArrayLike,
    *,
    name: str,
    shape: tuple[int | None, ...],
    dtype: npt.DTypeLike = np.float64,
) -> npt.NDArray[Any]:
    """Copy `values` into a read-only array of a fixed type and shape.

    Args:
        values: Anything numpy turns into an array.
        name: What the array is, for the error message.
        shape: Expected length of each axis; `None` accepts any length.
        dtype: Element type of the result.

    Returns:
        A read-only array. An array that is read-only already is not copied.

    Raises:
        ValueError: The shape differs, or `values` is ragged or not numeric.
    """
    try:
        array = np.asarray(values, dtype=dtype)
    except (TypeError, ValueError) as error:
        raise ValueError(f'{name}: not an array of {np.dtype(dtype).name}: {error}') from None
    # the common case first: values are made hundreds of times a second
    if array.shape != shape and not _fits(array.shape, shape):
        expected = tuple('any' if want is None else want for want in shape)
        raise ValueError(f'{name}: shape {array.shape}, expected {expected}')
    if not array.flags.writeable:
        return array
    array = array.copy()
    array.setflags(write=False)
    return array


def _fits(have: tuple[int, ...], want: tuple[int | None, ...]) -> bool:
    return len(have) == len(want) and all(
        w is None or h == w for h, w in zip(have, want, strict=True)
    )
