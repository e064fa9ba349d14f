# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Films the first robot of a trial, so that somebody can look at how it walks."""

from dataclasses import dataclass, field

import mujoco
import numpy as np
from robot_policies.core.arrays import ByteArray, FloatArray
from robot_policies.core.robot import RobotSpec
from robot_policies.evaluation.velocity_ground import Ground
from robot_policies.sim.batched_robots import BatchState
from robot_policies.sim.robot_model import build_robot_spec

_SIZE = (320, 240)
_EVERY = 2
"""Control steps per frame: 25 frames per second."""


@dataclass(eq=False)
class Film:
    """Keeps the poses of one robot; pass `on_step` to `run_trial`."""

    robot: RobotSpec
    ground: Ground
    poses: list[FloatArray] = field(default_factory=list)

    def on_step(self, step: int, state: BatchState) -> None:
        """Keep the pose of the first robot."""
        if step % _EVERY == 0:
            self.poses.append(state.qpos[0].copy())

    def frames(self) -> list[ByteArray]:
        """Render all poses, the camera beside the robot; needs an OpenGL that can render."""
        model = self._model()
        data, camera = mujoco.MjData(model), mujoco.MjvCamera()
        camera.distance, camera.azimuth, camera.elevation = 1.5, 120.0, -12.0
        pictures = []
        with mujoco.Renderer(model, _SIZE[1], _SIZE[0]) as renderer:
            for pose in self.poses:
                data.qpos[:] = pose
                mujoco.mj_forward(model, data)
                camera.lookat[:] = pose[:3] - [0.0, 0.0, 0.1]
                renderer.update_scene(data, camera)
                pictures.append(renderer.render().copy())
        return pictures

    def _model(self) -> mujoco.MjModel:
        spec = build_robot_spec(self.robot, visual=True)
        self.ground.add_to(spec)
        texture = spec.add_texture(
            name='checks',
            type=mujoco.mjtTexture.mjTEXTURE_2D,
            builtin=mujoco.mjtBuiltin.mjBUILTIN_CHECKER,
            width=256,
            height=256,
            rgb1=[0.55, 0.58, 0.6],
            rgb2=[0.45, 0.48, 0.5],
        )
        material = spec.add_material(name='checks', texrepeat=[2.0, 2.0], texuniform=True)
        material.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = texture.name
        for geom in spec.worldbody.geoms:
            geom.material = 'checks'
        spec.worldbody.add_light(
            pos=[0.0, 0.0, 5.0],
            dir=np.array([-0.2, 0.2, -1.0]),
            type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL,
        )
        spec.visual.global_.offwidth, spec.visual.global_.offheight = _SIZE
        return spec.compile()
