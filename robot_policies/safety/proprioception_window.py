# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How the robot has moved lately, as one vector: means and spreads over a fading window."""

import numpy as np
from robot_policies.core.arrays import FloatArray


class ProprioceptionWindow:
    """Turns samples of one robot, or of many side by side, into vectors.

    A gait repeats itself several times in the window, so that the vector does not depend on its
    phase. What a motor cannot do stands in the distance between target and position.
    """

    def __init__(self, time_constant_s: float) -> None:
        """Start empty.

        Args:
            time_constant_s: What is so old counts 1/e.
        """
        self._time_constant_s = time_constant_s
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._filled_s = 0.0
        self._mean: FloatArray | None = None

    def update(
        self,
        position: FloatArray,
        velocity: FloatArray,
        target: FloatArray,
        gyro: FloatArray,
        gravity: FloatArray,
        command: FloatArray,
        dt_s: float,
    ) -> FloatArray | None:
        """Take a sample; return the vector, or None until the window is filled.

        Args:
            position: (…, n) rad.
            velocity: (…, n) rad/s.
            target: (…, n) what was commanded, rad.
            gyro: (…, 3) rad/s, base frame.
            gravity: (…, 3) unit vector, base frame.
            command: (…, 3) velocity that locomotion follows.
            dt_s: Time since the sample before.

        Returns:
            (…, 4·n + 9): means of position, error, gravity, command; spreads of error, velocity,
            gyro.
        """
        error = target - position
        mean = np.concatenate([position, error, gravity, command], axis=-1)
        varying = np.concatenate([error, velocity, gyro], axis=-1)
        now = np.concatenate([mean, varying, varying**2], axis=-1)
        share = 1.0 - np.exp(-dt_s / self._time_constant_s)
        self._mean = now if self._mean is None else self._mean + share * (now - self._mean)
        self._filled_s += dt_s
        if self._filled_s < 3.0 * self._time_constant_s:
            return None
        count, wide = mean.shape[-1], varying.shape[-1]
        first = self._mean[..., count : count + wide]
        spread = np.sqrt(np.maximum(self._mean[..., count + wide :] - first**2, 0.0))
        return np.concatenate([self._mean[..., :count], spread], axis=-1)
