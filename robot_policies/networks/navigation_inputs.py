# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a walking policy is conditioned on, as one vector: target, own motion, surroundings."""

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.networks.scan_encoder import nearness

STATE_SIZE = 8
_FARTHEST_M = 4.0
_ARRIVING_M = 0.6
_VELOCITY_SCALE = np.array([0.5, 0.2, 0.6])


def navigation_inputs(
    *,
    searching: npt.ArrayLike,
    bearing: npt.ArrayLike,
    distance: npt.ArrayLike,
    velocity: npt.ArrayLike,
    minima: npt.ArrayLike,
) -> npt.NDArray[np.float32]:
    """Return (n, STATE_SIZE + sectors).

    Args:
        searching: (n,) +1 or −1 while looking around to that side, 0 while going somewhere.
        bearing: (n,) direction of the target, rad; of no meaning while searching.
        distance: (n,) to the target's surface, m; of no meaning while searching.
        velocity: (n, 3) of the base: vx, vy, yaw rate.
        minima: (n, sectors) nearest distance per sector, m.
    """
    search = np.asarray(searching, dtype=np.float64)
    going = search == 0.0
    angle: FloatArray = np.asarray(bearing, dtype=np.float64)
    far = np.minimum(np.asarray(distance, dtype=np.float64), _FARTHEST_M)
    state = np.stack(
        [
            search,
            going * np.cos(angle),
            going * np.sin(angle),
            going * far / _FARTHEST_M,
            going * nearness(far - _ARRIVING_M, half_m=0.25),
        ],
        axis=-1,
    )
    motion = np.asarray(velocity, dtype=np.float64) / _VELOCITY_SCALE
    ring = nearness(np.asarray(minima, dtype=np.float64))
    return np.concatenate([state, motion, ring], axis=-1).astype(np.float32)
