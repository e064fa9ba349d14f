# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of random worlds as the robot's camera sees them, with what every token shows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import mujoco
import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import ByteArray, FloatArray
from robot_policies.core.robot import CameraSpec, RobotSpec
from robot_policies.core.rotations import wrap
from robot_policies.networks.conv_trunk import STRIDE
from robot_policies.resources import load_robot
from robot_policies.sim.camera import add_camera, CameraRenderer
from robot_policies.sim.layout import build_world
from robot_policies.sim.scene import add_world, DECORATION_GROUP
from robot_policies.sim.vocabulary import COLOURS, SHAPES, SIZES
from robot_policies.sim.world import World
from robot_policies.sim.world_spec import WorldSpec
from robot_policies.training.instruction_settings import (
    CAMERA,
    FIRST_WORLD,
    InstructionSettings,
    ROBOT,
    training_worlds,
)
import safetensors.numpy

MOST_OBJECTS = 10
WORDS = (*SIZES, *COLOURS, *SHAPES)
_JITTER_RAD = np.array([0.03, 0.05])
"""How far roll and pitch sway while the robot walks, one standard deviation."""


@dataclass(frozen=True, eq=False)
class Pictures:
    """n labelled pictures, each with up to `MOST_OBJECTS` objects in its world.

    Attributes:
        pixels: (n, h, w, 3) uint8 RGB, already reduced.
        cover: (n, MOST_OBJECTS, T) share of each token's area that shows the object, in 1/255.
        kind: (n, MOST_OBJECTS, 3) index of its size, colour and shape; −1 where there is none.
        bearing: (n, MOST_OBJECTS) direction from the base, rad.
        distance: (n, MOST_OBJECTS) from the base to its surface, m.
    """

    pixels: ByteArray
    cover: ByteArray
    kind: npt.NDArray[np.int8]
    bearing: npt.NDArray[np.float32]
    distance: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.pixels)

    def save(self, path: Path) -> None:
        """Write all arrays to one safetensors file, which appears whole or not at all."""
        partial = path.with_suffix('.partial')
        safetensors.numpy.save_file(dict(vars(self)), partial)
        partial.replace(path)

    @classmethod
    def load(cls, paths: list[Path]) -> 'Pictures':
        """Read and join some files that `save` wrote."""
        parts = [safetensors.numpy.load_file(path) for path in paths]
        names = ('pixels', 'cover', 'kind', 'bearing', 'distance')
        return cls(*(np.concatenate([part[name] for part in parts]) for name in names))


class Photographer:
    """Takes pictures of worlds from anywhere that the robot could stand."""

    def __init__(self, robot: RobotSpec, camera: str, *, height: int, width: int) -> None:
        """Create the renderers.

        Args:
            robot: Its camera and footprint are used, it is not in the picture.
            camera: Name of the camera.
            height: Rows of the reduced picture.
            width: Columns of the reduced picture.
        """
        self._robot, self._camera = robot, robot.camera(camera)
        self._height, self._width = height, width
        self._factor = self._camera.height // height
        self._renderer = _SegmentingRenderer(self._camera.width, self._camera.height)

    def take(self, world: World, count: int, rng: np.random.Generator) -> Pictures:
        """Return `count` pictures of one world from random places."""
        model = world_with_camera(world, self._camera)
        data = mujoco.MjData(model)
        self._renderer.attach(model)
        ids = [model.geom(f'object/{item.name}').id for item in world.objects]
        poses = np.array([pose for _, pose in zip(range(count), self._poses(world, rng))])  # noqa: B905
        pixels, covers = [], []
        for pose in poses:
            self._place(data, pose, rng)
            mujoco.mj_kinematics(model, data)
            mujoco.mj_camlight(model, data)
            pixels.append(self._reduce(self._renderer.render(data, self._camera.name)))
            shown = self._renderer.segment(data, self._camera.name, self._height, self._width)
            covers.append(self._cover(shown, ids))
        return Pictures(np.stack(pixels), np.stack(covers), *_labels(world, poses))

    def _poses(self, world: World, rng: np.random.Generator) -> Iterator[FloatArray]:
        """Yield free places; most look at an object, many stand near it."""
        half = np.array([world.length_m, world.width_m]) / 2.0 - 0.45
        while True:
            item = world.objects[int(rng.integers(len(world.objects)))]
            place = rng.uniform(-half, half)
            if rng.random() < 0.35:
                angle, far = rng.uniform(-np.pi, np.pi), item.radius_m + rng.uniform(0.55, 1.8)
                place = np.array([item.x_m, item.y_m]) + far * np.array(
                    [np.cos(angle), np.sin(angle)]
                )
            facing = np.arctan2(item.y_m - place[1], item.x_m - place[0])
            spread = 0.45 if rng.random() < 0.7 else np.pi
            pose = np.array([*place, facing + rng.uniform(-spread, spread)])
            clear = world.outlines.point_distances(place[None])[0].min()
            if clear > 0.42 and (np.abs(place) < half).all():
                yield pose

    def _place(self, data: mujoco.MjData, pose: FloatArray, rng: np.random.Generator) -> None:
        roll, pitch = rng.normal(0.0, _JITTER_RAD)
        quaternion = np.zeros(4)
        mujoco.mju_euler2Quat(quaternion, np.array([pose[2], pitch, roll]), 'zyx')
        standing = self._robot.body.standing_height_m
        data.mocap_pos[0] = [pose[0], pose[1], standing + rng.uniform(-0.04, 0.03)]
        data.mocap_quat[0] = quaternion

    def _reduce(self, pixels: ByteArray) -> ByteArray:
        f = self._factor
        blocks = pixels.reshape(self._height, f, self._width, f, 3).mean(axis=(1, 3))
        return np.asarray(np.rint(blocks), dtype=np.uint8)

    def _cover(self, shown: npt.NDArray[np.int32], ids: list[int]) -> ByteArray:
        """Return (MOST_OBJECTS, T) share of every token that shows each geom of `ids`."""
        rows, columns = self._height // STRIDE, self._width // STRIDE
        cover = np.zeros((MOST_OBJECTS, rows * columns), dtype=np.uint8)
        for i, geom in enumerate(ids):
            cells = (shown == geom).reshape(rows, STRIDE, columns, STRIDE).mean(axis=(1, 3))
            cover[i] = np.ceil(cells.ravel() * 255.0)
        return cover


def world_with_camera(world: World, camera: CameraSpec) -> mujoco.MjModel:
    """Return a model of the world with nothing but a free-floating camera in it."""
    spec = mujoco.MjSpec()
    add_camera(spec.worldbody.add_body(name='eye', mocap=True), camera)
    add_world(spec, world)
    return spec.compile()


def _labels(
    world: World, poses: FloatArray
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    n, count = len(poses), len(world.objects)
    kind = np.full((n, MOST_OBJECTS, 3), -1, dtype=np.int8)
    names = tuple(COLOURS)
    kind[:, :count] = [
        (SIZES.index(o.size), names.index(o.colour), SHAPES.index(o.shape)) for o in world.objects
    ]
    centres = np.array([(o.x_m, o.y_m) for o in world.objects])
    offset = centres - poses[:, None, :2]
    bearing = np.zeros((n, MOST_OBJECTS), dtype=np.float32)
    bearing[:, :count] = wrap(np.arctan2(offset[..., 1], offset[..., 0]) - poses[:, 2:])
    distance = np.ones((n, MOST_OBJECTS), dtype=np.float32)
    distance[:, :count] = world.outlines.point_distances(poses[:, :2])[:, :count]
    return kind, bearing, distance


class _SegmentingRenderer(CameraRenderer):
    """Also says which geom every pixel shows."""

    def segment(
        self, data: mujoco.MjData, camera: str, height: int, width: int
    ) -> npt.NDArray[np.int32]:
        """Return (height, width) geom of each pixel, −1 for none; decoration is transparent."""
        assert self._scene is not None
        scene, flags = self._scene, self._scene.flags
        self._option.geomgroup[DECORATION_GROUP] = 0
        flags[mujoco.mjtRndFlag.mjRND_SEGMENT] = flags[mujoco.mjtRndFlag.mjRND_IDCOLOR] = 1
        whole, self._rect = self._rect, mujoco.MjrRect(0, 0, width, height)
        shape, (self.height, self.width) = (self.height, self.width), (height, width)
        try:
            colours = self.render(data, camera).astype(np.int32)
        finally:
            self._option.geomgroup[DECORATION_GROUP] = 1
            flags[mujoco.mjtRndFlag.mjRND_SEGMENT] = flags[mujoco.mjtRndFlag.mjRND_IDCOLOR] = 0
            self._rect, (self.height, self.width) = whole, shape
        drawn = colours[..., 0] + 256 * colours[..., 1] + 65536 * colours[..., 2] - 1
        geoms = np.full(scene.ngeom + 1, -1, dtype=np.int32)
        for i in range(scene.ngeom):
            if scene.geoms[i].objtype == mujoco.mjtObj.mjOBJ_GEOM and scene.geoms[i].segid >= 0:
                geoms[scene.geoms[i].segid] = scene.geoms[i].objid
        return np.asarray(geoms[drawn], dtype=np.int32)


def photograph(
    specs: list[WorldSpec],
    photographer: Photographer,
    *,
    worlds: int,
    per_world: int,
    first_seed: int,
) -> Pictures:
    """Return pictures of some worlds, `per_world` of each.

    Args:
        specs: What the worlds are drawn from, in turn.
        photographer: Takes them.
        worlds: How many worlds.
        per_world: Pictures of each.
        first_seed: Seed of the first world; the next ones follow.
    """
    parts = []
    for seed in range(first_seed, first_seed + worlds):
        world = build_world(specs[seed % len(specs)], seed)
        parts.append(photographer.take(world, per_world, np.random.default_rng((seed, 7))))
    names = ('pixels', 'cover', 'kind', 'bearing', 'distance')
    return Pictures(*(np.concatenate([getattr(part, n) for part in parts]) for n in names))


def shard_paths(
    folder: Path, settings: InstructionSettings, report: Callable[[str], None]
) -> list[Path]:
    """Take all pictures of a training run that are not there yet; return their files."""
    folder.mkdir(parents=True, exist_ok=True)
    count = settings.shards + settings.sharpening_shards
    paths = [folder / f'shard_{i:03d}.safetensors' for i in range(count)]
    missing = [i for i, path in enumerate(paths) if not path.is_file()]
    if missing:
        robot = load_robot(ROBOT)
        eye = Photographer(robot, CAMERA, height=settings.height, width=settings.width)
        for i in missing:
            photograph(
                training_worlds(),
                eye,
                worlds=settings.worlds_per_shard,
                per_world=settings.pictures_per_world,
                first_seed=FIRST_WORLD + i * settings.worlds_per_shard,
            ).save(paths[i])
            report(f'pictures {i + 1}/{count}')
    return paths
