# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Many copies of a robot stepped at once by `mujoco.rollout`, states as arrays."""

from dataclasses import dataclass

import mujoco
from mujoco import rollout
import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import RobotSpec

_TOUCH = 'touch_'
_PLACE = 'place_'
_BODY = 'contact_'


def add_foot_sensors(spec: mujoco.MjSpec, robot: RobotSpec) -> None:
    """Add what training and evaluation measure at the feet: load and position, nothing else.

    The robot's other sensors are dropped: the batch reads orientation and rates from the state.
    """
    for sensor in list(spec.sensors):
        spec.delete(sensor)
    for foot in robot.body.feet:
        radius = robot.body.foot_radius_m + 0.015
        spec.site(foot).size = [radius, radius, radius]
        spec.add_sensor(
            name=_TOUCH + foot,
            type=mujoco.mjtSensor.mjSENS_TOUCH,
            objtype=mujoco.mjtObj.mjOBJ_SITE,
            objname=foot,
        )
    for foot in robot.body.feet:
        spec.add_sensor(
            name=_PLACE + foot,
            type=mujoco.mjtSensor.mjSENS_FRAMEPOS,
            objtype=mujoco.mjtObj.mjOBJ_SITE,
            objname=foot,
        )


def add_body_sensors(spec: mujoco.MjSpec) -> None:
    """Add, after the foot sensors, one that counts the contacts of every other link's shape."""
    for geom in list(spec.geoms):
        if geom.name.endswith('_shape'):
            spec.add_sensor(
                name=_BODY + geom.name,
                type=mujoco.mjtSensor.mjSENS_CONTACT,
                objtype=mujoco.mjtObj.mjOBJ_GEOM,
                objname=geom.name,
                intprm=[1 << int(mujoco.mjtConDataField.mjCONDATA_FOUND), 0, 1],
            )


@dataclass(frozen=True, eq=False)
class BatchState:
    """State of n robots after a step; arrays are views into the batch.

    Attributes:
        qpos: (n, 7 + j) MuJoCo's positions.
        qvel: (n, 6 + j) MuJoCo's velocities: linear in the world, angular in the base frame.
        foot_load: (n, 4) N.
        foot_position: (n, 4, 3) m, world.
        body_contacts: (n, k) contacts of the links other than feet, where they are sensed.
    """

    qpos: FloatArray
    qvel: FloatArray
    foot_load: FloatArray
    foot_position: FloatArray
    body_contacts: FloatArray

    @property
    def orientation(self) -> FloatArray:
        """(n, 4) quaternion (x, y, z, w), base to world."""
        return self.qpos[:, [4, 5, 6, 3]]


class BatchedRobots:
    """n robots, each with its own model of one common shape.

    Close it (or use it as a context manager): it holds a thread pool.
    """

    def __init__(
        self, models: list[mujoco.MjModel], assignment: npt.NDArray[np.intp], *, threads: int
    ) -> None:
        """Create the batch.

        Args:
            models: Variants of one model, ending in foot sensors of `add_foot_sensors`.
            assignment: (n,) index of each robot's model.
            threads: Threads that step.
        """
        model = models[0]
        self.count = len(assignment)
        self.model = model
        names = [model.sensor(i).name for i in range(model.nsensor)]
        self._feet = sum(name.startswith(_TOUCH) for name in names)
        self._models = [models[int(i)] for i in assignment]
        self._data = [mujoco.MjData(model) for _ in range(threads)]
        self._pool = rollout.Rollout(nthread=threads)
        size = mujoco.mj_stateSize(model, mujoco.mjtState.mjSTATE_FULLPHYSICS)
        self._full = np.zeros((self.count, size))
        self._warm = np.zeros((self.count, model.nv))
        self._velocity = slice(1 + model.nq, 1 + model.nq + model.nv)
        self._sensors = np.zeros((self.count, model.nsensordata))

    def __enter__(self) -> 'BatchedRobots':
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the threads."""
        self.close()

    def close(self) -> None:
        """Stop the threads."""
        self._pool.close()

    @property
    def qpos(self) -> FloatArray:
        """(n, nq) positions; writing into it moves the robots."""
        return self._full[:, 1 : 1 + self.model.nq]

    @property
    def qvel(self) -> FloatArray:
        """(n, nv) velocities; writing into it pushes the robots."""
        return self._full[:, self._velocity]

    def place(self, who: npt.NDArray[np.intp] | npt.NDArray[np.bool_], qpos: FloatArray) -> None:
        """Put robots (indices or mask `who`) at rest into the given (k, nq) positions."""
        self._full[who] = 0.0
        self.qpos[who] = qpos
        self._warm[who] = 0.0

    def arrays(self) -> dict[str, FloatArray]:
        """Return copies of the state, by name."""
        return {
            'full': self._full.copy(),
            'warm': self._warm.copy(),
            'sensors': self._sensors.copy(),
        }

    def restore(self, arrays: dict[str, FloatArray]) -> None:
        """Take up what `arrays` returned."""
        self._full, self._warm = arrays['full'].copy(), arrays['warm'].copy()
        self._sensors = arrays['sensors'].copy()

    def step(self, control: FloatArray) -> BatchState:
        """Step all robots.

        Args:
            control: (n, steps, nu) position targets for every physics step.

        Returns:
            The state after the last step.
        """
        steps = control.shape[1]
        states = np.empty((self.count, steps, self._full.shape[1]))
        sensors = np.empty((self.count, steps, self._sensors.shape[1]))
        self._pool.rollout(
            self._models,
            self._data,
            self._full,
            control,
            skip_checks=True,  # they ask every model for its sizes, every step
            nstep=steps,
            initial_warmstart=self._warm,
            state=states,
            sensordata=sensors,
        )
        if steps > 1:
            change = states[:, -1, self._velocity] - states[:, -2, self._velocity]
            self._warm = change / self.model.opt.timestep
        self._full = np.ascontiguousarray(states[:, -1])
        self._sensors = sensors[:, -1]
        return self.state()

    def state(self) -> BatchState:
        """Return the present state."""
        feet, values = self._feet, self._sensors
        places = values[:, feet : 4 * feet].reshape(self.count, feet, 3)
        return BatchState(self.qpos, self.qvel, values[:, :feet], places, values[:, 4 * feet :])
