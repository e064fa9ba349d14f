# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Renders cameras off-screen, quickly and for many worlds one after the other.

All renderers of a thread share one OpenGL context, which lives as long as the thread's first
renderer; a renderer belongs to the thread that made it. Going to a model whose textures and meshes
have the sizes of the one before (as those of `scene.add_world` do) costs one texture upload.
"""

import os
import threading
from typing import Any

import mujoco
import numpy as np
from robot_policies.core.arrays import ByteArray
from robot_policies.core.errors import RobotPoliciesError
from robot_policies.core.robot import CameraSpec, RobotSpec
from robot_policies.sim.graphics import DISABLED, REMEDY, VARIABLE
from robot_policies.sim.scene import DECORATION_GROUP

_MAX_GEOMS = 2000
_thread = threading.local()


class RenderingError(RobotPoliciesError):
    """Nothing can be rendered off-screen on this machine."""


def add_cameras(spec: mujoco.MjSpec, robot: RobotSpec) -> None:
    """Fix the robot's cameras to its base, under their names."""
    base = spec.body(robot.body.base_frame)
    for camera in robot.cameras:
        add_camera(base, camera)


def add_camera(body: mujoco.MjsBody, camera: CameraSpec) -> None:
    """Fix a camera to a body; MuJoCo's cameras look along their negative z axis."""
    sine, cosine = np.sin(camera.pitch_rad), np.cos(camera.pitch_rad)
    body.add_camera(
        name=camera.name,
        pos=camera.position,
        xyaxes=[0.0, -1.0, 0.0, sine, 0.0, cosine],
        fovy=np.degrees(camera.vertical_fov_rad),
    )


class CameraRenderer:
    """Renders cameras of one model after the other into images of one size."""

    def __init__(self, width: int, height: int, *, samples: int = 0, shadow_size: int = 0) -> None:
        """Create a renderer; its graphics memory is taken when the first model comes.

        Args:
            width: Image width, px.
            height: Image height, px.
            samples: Samples per pixel against jagged edges; 0 is fastest.
            shadow_size: Resolution of the shadow map; 0 for no real shadows.

        Raises:
            RenderingError: There is no off-screen OpenGL; the message says what to install.
        """
        self.width, self.height = width, height
        self._samples, self._shadow_size = samples, shadow_size
        self._gl = _thread_context()
        self._rect = mujoco.MjrRect(0, 0, width, height)
        self._option = mujoco.MjvOption()
        self._option.geomgroup[DECORATION_GROUP] = 0 if shadow_size else 1
        self._camera = mujoco.MjvCamera()
        self._perturb = mujoco.MjvPerturb()
        self._model: mujoco.MjModel | None = None
        self._context: mujoco.MjrContext | None = None
        self._scene: mujoco.MjvScene | None = None
        self._signature: tuple[Any, ...] = ()

    def attach(self, model: mujoco.MjModel) -> None:
        """Render this model from now on."""
        self._gl.make_current()
        signature = _asset_signature(model)
        if self._context is not None and signature == self._signature:
            for index in range(model.ntex):
                mujoco.mjr_uploadTexture(model, self._context, index)
            for index in range(model.nhfield):
                mujoco.mjr_uploadHField(model, self._context, index)
        else:
            self._make_context(model)
            self._signature = signature
        self._model = model

    def render(self, data: mujoco.MjData, camera: str | mujoco.MjvCamera) -> ByteArray:
        """Render one image.

        Args:
            data: State of the attached model, with positions computed (`mj_forward`, or at least
                `mj_kinematics` and `mj_camlight`).
            camera: Name of a camera of the model, or a free one.

        Returns:
            (H, W, 3) RGB.
        """
        if self._model is None or self._scene is None:
            raise RuntimeError('attach a model before rendering')
        self._gl.make_current()
        category = int(mujoco.mjtCatBit.mjCAT_ALL)
        mujoco.mjv_updateScene(
            self._model,
            data,
            self._option,
            self._perturb,
            self._chosen(camera),
            category,
            self._scene,
        )
        pixels = np.empty((self.height, self.width, 3), dtype=np.uint8)
        # the frame buffer is state of the OpenGL context, which other renderers share
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, self._context)
        mujoco.mjr_render(self._rect, self._scene, self._context)
        mujoco.mjr_readPixels(pixels, None, self._rect, self._context)
        return pixels[::-1]

    def close(self) -> None:
        """Give the graphics memory back."""
        if self._context is not None:
            self._gl.make_current()
            self._context.free()
        self._context = None
        self._model = None

    def _chosen(self, camera: str | mujoco.MjvCamera) -> mujoco.MjvCamera:
        if not isinstance(camera, str):
            return camera
        assert self._model is not None
        self._camera.type = mujoco.mjtCamera.mjCAMERA_FIXED
        self._camera.fixedcamid = self._model.camera(camera).id
        return self._camera

    def _make_context(self, model: mujoco.MjModel) -> None:
        self.close()
        model.vis.global_.offwidth = self.width
        model.vis.global_.offheight = self.height
        model.vis.quality.offsamples = self._samples
        model.vis.quality.shadowsize = self._shadow_size or 16
        self._context = mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_50)
        self._scene = mujoco.MjvScene(model, _MAX_GEOMS)
        self._scene.flags[mujoco.mjtRndFlag.mjRND_SHADOW] = self._shadow_size > 0
        for flag in (mujoco.mjtRndFlag.mjRND_REFLECTION, mujoco.mjtRndFlag.mjRND_HAZE):
            self._scene.flags[flag] = 0


def _asset_signature(model: mujoco.MjModel) -> tuple[Any, ...]:
    """What a graphics context was built from, but for the colours of the textures."""
    return (
        tuple(model.tex_width),
        tuple(model.tex_height),
        model.mesh_vert[:: max(len(model.mesh_vert) // 64, 1)].tobytes(),
        tuple(model.mesh_vertnum),
        tuple(model.hfield_nrow),
        tuple(model.hfield_ncol),
        model.nskin,
        model.nflex,
        model.vis.quality.numslices,
    )


def _thread_context() -> Any:  # noqa: ANN401
    """Return this thread's OpenGL context, made on first use."""
    context = getattr(_thread, 'context', None)
    if context is None:
        try:
            context = mujoco.GLContext(16, 16)
        except (AttributeError, ImportError, OSError, RuntimeError) as error:
            disabled = os.environ.get(VARIABLE) == DISABLED
            reason = 'libEGL.so.1 was not found' if disabled else str(error)
            raise RenderingError(
                f'cannot render off-screen: {reason}. Install the libraries: {REMEDY} '
                f'({VARIABLE} is {os.environ.get(VARIABLE)}; egl or osmesa render off-screen)'
            ) from error
        _thread.context = context
    return context
