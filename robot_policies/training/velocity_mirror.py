# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How observations and actions of a quadruped look in the mirror (left and right swapped)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray

_LEGS = (1, 0, 3, 2)
_JOINTS = tuple(3 * leg + joint for leg in _LEGS for joint in range(3))
_JOINT_SIGNS = (-1.0, 1.0, 1.0) * 4


@dataclass(frozen=True, eq=False)
class Mirror:
    """A signed permutation: `mirrored = values[..., order] * signs`.

    Attributes:
        order: (n,) where each mirrored value comes from.
        signs: (n,) plus or minus one.
    """

    order: npt.NDArray[np.intp]
    signs: FloatArray

    def __call__(self, values: FloatArray) -> FloatArray:
        """Return the (…, n) values as a mirrored robot would have them."""
        return np.asarray(values[..., self.order] * self.signs)


def action_mirror() -> Mirror:
    """Return the mirror of (12,) joint values: legs swapped, hips sign-flipped."""
    return Mirror(np.array(_JOINTS), np.array(_JOINT_SIGNS))


def actor_mirror(history: int) -> Mirror:
    """Return the mirror of `build_observation` with that many frames."""
    return _join([_frame()] * history + [_signs(1, -1, -1), _signs(-1, -1)])


def critic_mirror() -> Mirror:
    """Return the mirror of the critic's observation of `velocity_env`."""
    legs = Mirror(np.array(_LEGS), np.ones(4))
    return _join(
        [
            _frame(),
            _signs(1, -1, -1),  # command
            _signs(-1, -1),  # clock: the other diagonal pair, half a cycle later
            _signs(1, -1, 1),  # velocity
            _signs(1, 1),  # height, rough
            _signs(1, 1, 1, 1),  # friction, payload, strength, delay
            legs,
            legs,
            legs,
        ]
    )


def _frame() -> Mirror:
    joints = action_mirror()
    return _join([_signs(-1, 1, -1), _signs(1, -1, 1), joints, joints, joints])


def _signs(*signs: int) -> Mirror:
    return Mirror(np.arange(len(signs)), np.array(signs, dtype=float))


def _join(parts: list[Mirror]) -> Mirror:
    offsets = np.cumsum([0] + [len(part.order) for part in parts])
    order = [part.order + offset for part, offset in zip(parts, offsets, strict=False)]
    return Mirror(np.concatenate(order), np.concatenate([part.signs for part in parts]))
