# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Puts a world into a MuJoCo model.

Geom groups: 0 is solid and seen by camera and scan, 1 is decoration (no contacts, no scan), 2
and 3 belong to the robot. Names: `floor`, `wall/<i>`, `object/<size colour shape>`,
`obstacle/<i>`, `patch/<i>`. Every world brings the same textures and meshes in the same sizes, so
that a renderer can go from world to world without a new graphics context.
"""

import mujoco
import numpy as np
from robot_policies.sim.look import Look, Rgb
from robot_policies.sim.planar import Outline
from robot_policies.sim.robot_model import GROUND_BIT
from robot_policies.sim.textures import paint
from robot_policies.sim.vocabulary import dimensions, SIZES
from robot_policies.sim.world import Obstacle, World, WorldObject

SOLID_GROUP = 0
DECORATION_GROUP = 1
_FRICTION = (1.0, 0.02, 0.01)
_WALL_M = 0.05
_FLOOR_MARGIN_M = 6.0
_FLOOR_QUAD_M = 4.0
"""The floor is drawn in squares of this size; small ones cost a software renderer much."""
_RGB = int(mujoco.mjtTextureRole.mjTEXROLE_RGB)
_CONE_SIDES = 32
_SHADOW_RADII = (0.12, 0.16, 0.20, 0.24, 0.28, 0.33, 0.40)
_EXTENT_M = 10.0


def add_world(spec: mujoco.MjSpec, world: World) -> None:
    """Add ground, walls, objects, obstacles, patches, light and sky to a model.

    Args:
        spec: A model, with or without a robot; changed in place.
        world: What to add.
    """
    spec.compiler.discardvisual = False  # a robot's URDF would drop floor, sky and textures
    _set_visual(spec, world.look)
    _add_assets(spec, world.look)
    body = spec.worldbody
    direction = world.look.light_direction
    body.add_light(
        name='sun',
        type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL,
        pos=[-4.0 * direction[0], -4.0 * direction[1], 4.0],
        dir=direction,
        diffuse=[world.look.light] * 3,
        specular=[0.25] * 3,
        ambient=[0.0] * 3,
    )
    margin = _FLOOR_MARGIN_M if world.wall_height_m > 0.0 else 50.0
    size = [world.length_m / 2.0 + margin, world.width_m / 2.0 + margin, _FLOOR_QUAD_M]
    _solid(body, 'floor', mujoco.mjtGeom.mjGEOM_PLANE, size, (0.0, 0.0, 0.0), material='floor')
    _add_walls(body, world)
    for index, item in enumerate(world.objects):
        _add_object(body, item, world.look.shade(item.colour, index))
    for index, obstacle in enumerate(world.obstacles):
        _add_obstacle(body, obstacle, f'obstacle/{index}', world.look)
    for index, patch in enumerate(world.patches):
        patch.add_to(spec, f'patch/{index}')
        spec.geom(f'patch/{index}').material = 'patch'


def _set_visual(spec: mujoco.MjSpec, look: Look) -> None:
    spec.stat.extent = _EXTENT_M  # fixed, so that near and far plane do not depend on the world
    spec.stat.center = [0.0, 0.0, 0.0]
    visual = spec.visual
    visual.map.znear = 0.002
    visual.map.zfar = 10.0
    visual.headlight.ambient = [look.ambient] * 3
    visual.headlight.diffuse = [0.30] * 3
    visual.headlight.specular = [0.0] * 3
    visual.quality.numslices = 20
    visual.quality.numstacks = 10


def _add_assets(spec: mujoco.MjSpec, look: Look) -> None:
    sky = spec.add_texture(name='sky', type=mujoco.mjtTexture.mjTEXTURE_SKYBOX)
    sky.builtin = mujoco.mjtBuiltin.mjBUILTIN_GRADIENT
    sky.rgb1, sky.rgb2 = look.sky
    sky.width, sky.height = 32, 192
    _add_surface(spec, 'floor', look.floor, 256, look.shade_seed, 1.0 / look.floor_tile_m)
    _add_surface(spec, 'wall', look.wall, 128, look.shade_seed + 1, 1.0)
    planks = ('planks', look.crate, _darker(look.crate, 0.72))
    _add_surface(spec, 'crate', planks, 64, look.shade_seed + 2, 2.0)
    patch = spec.add_material(name='patch', rgba=[*_darker(look.floor[1], 0.85), 1.0])
    patch.specular = 0.0
    paint_material = spec.add_material(name='paint')
    paint_material.specular, paint_material.shininess = 0.35, 0.5
    for size in SIZES:
        solid = dimensions(size, 'cone')
        _add_cone(spec, f'cone/{size}', solid.radius_m, solid.height_m, _CONE_SIDES)
    for index, radius in enumerate(_SHADOW_RADII):
        _add_cone(spec, f'shadow/{index}', radius, 0.002, _CONE_SIDES // 2)


def _add_surface(
    spec: mujoco.MjSpec,
    name: str,
    surface: tuple[str, Rgb, Rgb],
    pixels: int,
    seed: int,
    repeats_per_m: float,
) -> None:
    image = paint(*surface, pixels, seed)
    texture = spec.add_texture(name=name, type=mujoco.mjtTexture.mjTEXTURE_2D)
    texture.width, texture.height, texture.nchannel = pixels, pixels, 3
    texture.data = image.tobytes()
    material = spec.add_material(name=name, texuniform=True)
    material.texrepeat = [repeats_per_m, repeats_per_m]
    material.textures[_RGB] = name
    material.specular, material.shininess = 0.1, 0.2


def _add_cone(spec: mujoco.MjSpec, name: str, radius: float, height: float, sides: int) -> None:
    """Add the mesh of a cone: apex up, its base at z = 0."""
    angle = np.linspace(0.0, 2.0 * np.pi, sides, endpoint=False)
    ring = np.stack([radius * np.cos(angle), radius * np.sin(angle), 0.0 * angle], axis=-1)
    vertices = np.concatenate([ring, [[0.0, 0.0, height], [0.0, 0.0, 0.0]]])
    first = np.arange(sides)
    second = (first + 1) % sides
    apex, foot = np.full_like(first, sides), np.full_like(first, sides + 1)
    mantle = np.stack([first, second, apex], axis=-1)
    base = np.stack([second, first, foot], axis=-1)
    faces = np.concatenate([mantle, base]).astype(np.int32)
    spec.add_mesh(name=name, uservert=vertices.ravel(), userface=faces.ravel())


def _add_walls(body: mujoco.MjsBody, world: World) -> None:
    if world.wall_height_m <= 0.0:
        return
    half_z = world.wall_height_m / 2.0
    half_x, half_y = world.length_m / 2.0, world.width_m / 2.0
    along_y = [_WALL_M, half_y + 2.0 * _WALL_M, half_z]
    along_x = [half_x, _WALL_M, half_z]
    places = [
        (along_y, (half_x + _WALL_M, 0.0, half_z)),
        (along_y, (-half_x - _WALL_M, 0.0, half_z)),
        (along_x, (0.0, half_y + _WALL_M, half_z)),
        (along_x, (0.0, -half_y - _WALL_M, half_z)),
    ]
    for index, (size, place) in enumerate(places):
        _solid(body, f'wall/{index}', mujoco.mjtGeom.mjGEOM_BOX, size, place, material='wall')


def _add_object(body: mujoco.MjsBody, item: WorldObject, colour: Rgb) -> None:
    solid = dimensions(item.size, item.shape)
    radius, half = solid.radius_m, solid.height_m / 2.0
    kind, size = {
        'ball': (mujoco.mjtGeom.mjGEOM_SPHERE, [radius, 0.0, 0.0]),
        'box': (mujoco.mjtGeom.mjGEOM_BOX, [radius, radius, half]),
        'cylinder': (mujoco.mjtGeom.mjGEOM_CYLINDER, [radius, half, 0.0]),
        'cone': (mujoco.mjtGeom.mjGEOM_MESH, [0.0, 0.0, 0.0]),
    }[item.shape]
    base = 0.0 if item.shape == 'cone' else half
    geom = _solid(
        body,
        f'object/{item.name}',
        kind,
        size,
        (item.x_m, item.y_m, base),
        material='paint',
        yaw=item.yaw_rad,
        colour=colour,
    )
    if item.shape == 'cone':
        geom.meshname = f'cone/{item.size}'
    grounded = 0.6 if item.shape == 'ball' else 1.0
    _add_shadow(body, item.outline, grounded)


def _add_obstacle(body: mujoco.MjsBody, item: Obstacle, name: str, look: Look) -> None:
    half_z = item.height_m / 2.0
    place = (item.x_m, item.y_m, half_z)
    if item.is_round:
        kind, size = mujoco.mjtGeom.mjGEOM_CYLINDER, [item.half_x_m, half_z, 0.0]
        _solid(body, name, kind, size, place, material='paint', colour=look.pillar)
    else:
        kind, size = mujoco.mjtGeom.mjGEOM_BOX, [item.half_x_m, item.half_y_m, half_z]
        _solid(body, name, kind, size, place, material='crate', yaw=item.yaw_rad)
    _add_shadow(body, item.outline)


def _add_shadow(body: mujoco.MjsBody, outline: Outline, grounded: float = 1.0) -> None:
    """Add a dark spot: it ties things to the ground and costs a fiftieth of a real shadow."""
    geom = body.add_geom(
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=[outline.half_x_m + 0.05, outline.half_y_m + 0.05, 0.001],
        pos=[outline.x_m, outline.y_m, 0.003],
        quat=_turned(outline.yaw_rad),
        rgba=[0.02, 0.02, 0.03, 0.28],
        contype=0,
        conaffinity=0,
        mass=0.0,
        group=DECORATION_GROUP,
    )
    if outline.half_x_m == 0.0:
        radius = outline.radius_m * grounded + 0.04
        geom.type = mujoco.mjtGeom.mjGEOM_MESH
        geom.meshname = f'shadow/{int(np.argmin(np.abs(np.array(_SHADOW_RADII) - radius)))}'


def _solid(
    body: mujoco.MjsBody,
    name: str,
    kind: mujoco.mjtGeom,
    size: list[float],
    place: tuple[float, float, float],
    *,
    material: str,
    yaw: float = 0.0,
    colour: Rgb | None = None,
) -> mujoco.MjsGeom:
    geom = body.add_geom(
        name=name,
        type=kind,
        size=size,
        pos=place,
        quat=_turned(yaw),
        material=material,
        contype=GROUND_BIT,
        conaffinity=0,
        friction=_FRICTION,
        mass=0.0,
        group=SOLID_GROUP,
    )
    if colour is not None:
        geom.rgba = [*colour, 1.0]
    return geom


def _turned(yaw: float) -> list[float]:
    return [np.cos(yaw / 2.0), 0.0, 0.0, np.sin(yaw / 2.0)]


def _darker(colour: Rgb, factor: float) -> Rgb:
    red, green, blue = colour
    return red * factor, green * factor, blue * factor
