# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A robot's body as spheres on a tree of joints: where they are, and how joints move them apart.

Plain numpy over all joints of one depth at a time: a legged robot takes tens of microseconds, and
the safety process needs no physics engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.core.params import param

IntArray = npt.NDArray[np.intp]
BASE = ''
"""Name of the link that no joint moves."""
_NEAR_KIN = 2
"""Links so many joints apart overlap at the joint between them; they cannot collide otherwise."""


@dataclass(frozen=True, kw_only=True)
class LinkSpec:
    """Where a joint sits on the link that carries it, and about what it turns."""

    joint: str = param(doc='Joint that moves this link; also the name of the link here.')
    parent: str = param(BASE, doc='Joint of the link that carries it; empty for the base.')
    origin: tuple[float, ...] = param(doc='x, y, z of the joint on its carrier.', unit='m')
    rpy: tuple[float, ...] = param(
        (0.0, 0.0, 0.0), doc='Roll, pitch, yaw of the joint on its carrier.', unit='rad'
    )
    axis: tuple[float, ...] = param(doc='Axis of the joint in its own frame.')

    def __post_init__(self) -> None:
        """Check the lengths and the axis."""
        for name in ('origin', 'rpy', 'axis'):
            if len(getattr(self, name)) != 3:
                raise ValueError(f'{self.joint}: {name} has not three numbers')
        if not np.isclose(np.linalg.norm(self.axis), 1.0, atol=1e-3):
            raise ValueError(f'{self.joint}: axis {self.axis} is no unit vector')


@dataclass(frozen=True, kw_only=True)
class SphereSpec:
    """A sphere that covers a part of a link."""

    link: str = param(BASE, doc='Joint that moves the link; empty for the base.')
    centre: tuple[float, ...] = param(doc="x, y, z in the link's frame.", unit='m')
    radius_m: float = param(doc='Radius.', unit='m', low=0.001, high=2.0)

    def __post_init__(self) -> None:
        """Check the length of the centre."""
        if len(self.centre) != 3:
            raise ValueError(f'sphere on {self.link or "the base"}: centre has not three numbers')


class Posture(NamedTuple):
    """Where everything is for one vector of joint positions, in the base frame.

    Attributes:
        axes: (n, 3) unit vectors of the joints.
        moments: (n, 3) axis × origin of the joints: with the axis, its line in space.
        centres: (m, 3) of the spheres, m.
    """

    axes: FloatArray
    moments: FloatArray
    centres: FloatArray


class SphereChain:
    """Forward kinematics of the spheres, and distances between those that may collide.

    Pairs of spheres stand in the order of the pairs of links that they lie on.
    """

    def __init__(
        self, joint_names: Sequence[str], links: Sequence[LinkSpec], spheres: Sequence[SphereSpec]
    ) -> None:
        """Sort the joints by depth and find the pairs.

        Args:
            joint_names: The robot's order.
            links: One per joint, in any order.
            spheres: The body.

        Raises:
            ValueError: A joint has no link, a name is unknown, or the tree has a loop.
        """
        by_name = {link.joint: link for link in links}
        _check_names(joint_names, by_name, spheres)
        index = {name: i for i, name in enumerate(joint_names)} | {BASE: len(joint_names)}
        ordered = [by_name[name] for name in joint_names]
        self.count = len(ordered)
        parents = np.array([index[link.parent] for link in ordered], dtype=np.intp)
        self._moved = _moved(parents, self.count)
        depth = self._moved[: self.count].sum(axis=1)
        # by depth inside, so that the joints of one depth are one slice
        self._order = np.argsort(depth, kind='stable')
        inside = np.append(np.argsort(self._order), self.count)
        starts = np.flatnonzero(np.diff(depth[self._order], prepend=0)).tolist()
        self._levels = [
            (slice(low, high), inside[parents[self._order[low:high]]])
            for low, high in pairwise((*starts, self.count))
        ]
        by_depth = [ordered[i] for i in self._order]
        self._fixed, self._sine, self._versine = _local_frames(by_depth)
        self._local_axes = np.array([link.axis for link in by_depth])[..., None]
        self._outside = inside[: self.count]
        self._sphere_links = np.array([index[s.link] for s in spheres], dtype=np.intp)
        self._on = inside[self._sphere_links]
        self._centres = np.array([(*s.centre, 1.0) for s in spheres]).reshape(-1, 4, 1)
        self._find_pairs(np.array([s.radius_m for s in spheres]))

    def posture(self, position: FloatArray) -> Posture:
        """Return where joints and spheres are.

        Args:
            position: (n,) rad, in the robot's order.
        """
        count = self.count
        angle = position.take(self._order)[:, None, None]
        local = self._fixed + np.sin(angle) * self._sine + (1.0 - np.cos(angle)) * self._versine
        frames = np.empty((count + 1, 4, 4))
        frames[count] = np.eye(4)
        for level, carriers in self._levels:
            np.matmul(frames.take(carriers, axis=0), local[level], out=frames[level])
        centres = frames[:, :3].take(self._on, axis=0) @ self._centres
        axes = (frames[:count, :3, :3] @ self._local_axes)[..., 0]
        moments = _cross(axes, frames[:count, :3, 3])
        back = self._outside
        return Posture(axes.take(back, axis=0), moments.take(back, axis=0), centres[..., 0])

    def gaps(self, posture: Posture) -> FloatArray:
        """Return (p,) the distance between the surfaces of each pair, m; negative inside."""
        centres = posture.centres
        square = np.einsum('ij,ij->i', centres, centres)
        apart = centres @ (-2.0 * centres.T)
        apart += square
        apart += square[:, None]
        gaps: FloatArray = apart.ravel().take(self._flat)
        np.maximum(gaps, 0.0, out=gaps)
        np.sqrt(gaps, out=gaps)
        gaps -= self._contact
        return gaps

    def nearest(self, gaps: FloatArray, count: int) -> IntArray:
        """Return (count,) the nearest pair of spheres of each of the nearest pairs of links."""
        least = np.minimum.reduceat(gaps, self._starts)
        # in one order always: whoever solves with them starts from the last answer
        chosen = np.sort(np.argpartition(least, count - 1)[:count])
        backwards = np.flatnonzero(gaps == least.take(self._link_pair))[::-1]
        first = np.zeros(len(least), dtype=np.intp)
        first[self._link_pair.take(backwards)] = backwards  # the last one written stays
        return np.asarray(first[chosen])

    @property
    def link_pairs(self) -> int:
        """How many pairs of links may collide."""
        return len(self._starts)

    def gradients(self, posture: Posture, pairs: IntArray) -> FloatArray:
        """Return (k, n) how fast each of some pairs' gaps grows with each joint, m/rad.

        Args:
            posture: From `posture`.
            pairs: (k,) indices into the pairs.
        """
        one = posture.centres.take(self._first.take(pairs), axis=0)
        two = posture.centres.take(self._second.take(pairs), axis=0)
        apart = one - two
        length = np.sqrt(np.einsum('ij,ij->i', apart, apart))
        normal = apart / np.maximum(length, 1e-9)[:, None]
        # the speed of a point c is axis × c - moment, along the normal: (c × n)·axis - n·moment;
        # c × n is the same for both ends of the normal
        speeds = _cross(one, normal) @ posture.axes.T - normal @ posture.moments.T
        return np.asarray(speeds * self._sense.take(pairs, axis=0))

    def pair_links(self, pair: int) -> tuple[int, int]:
        """Return the joint indices of a pair's links; `count` stands for the base."""
        on = self._sphere_links
        return int(on[self._first[pair]]), int(on[self._second[pair]])

    def _find_pairs(self, radii: FloatArray) -> None:
        first, second = np.triu_indices(len(radii), k=1)
        one, two = self._sphere_links[first], self._sphere_links[second]
        # joints between two links: those that move one of them and not the other
        between = (self._moved[one] ^ self._moved[two]).sum(axis=1)
        names = one * (self.count + 1) + two
        order = np.argsort(names, kind='stable')
        kept = order[between[order] > _NEAR_KIN]
        self._first, self._second = first[kept], second[kept]
        self._flat = self._first * len(radii) + self._second
        self._contact = radii[self._first] + radii[self._second]
        self._starts, self._link_pair = np.unique(
            names[kept], return_index=True, return_inverse=True
        )[1:]
        # +1 where a joint moves the first link only, -1 the second only, 0 both or none
        moved = self._moved.astype(np.float64)
        self._sense = moved[one[kept]] - moved[two[kept]]


def _check_names(
    joint_names: Sequence[str], by_name: dict[str, LinkSpec], spheres: Sequence[SphereSpec]
) -> None:
    known = {*joint_names, BASE}
    problems = [f'joint {name} has no link' for name in joint_names if name not in by_name]
    problems += [
        f'{name!r} is no joint of the robot'
        for name in (*by_name, *(link.parent for link in by_name.values()))
        if name not in known
    ]
    problems += [
        f'sphere on unknown link {item.link!r}' for item in spheres if item.link not in known
    ]
    if problems:
        raise ValueError('; '.join(problems))


def _moved(parents: IntArray, count: int) -> npt.NDArray[np.bool_]:
    """Return (n + 1, n): True where a joint moves a link; the base's row comes last."""
    moved = np.zeros((count + 1, count), dtype=np.bool_)
    for joint in range(count):
        link, steps = joint, 0
        while link != count:
            moved[joint, link] = True
            link, steps = int(parents[link]), steps + 1
            if steps > count:
                raise ValueError('the links form a loop')
    return moved


_NEXT, _LAST = np.array([1, 2, 0]), np.array([2, 0, 1])


def _cross(one: FloatArray, two: FloatArray) -> FloatArray:
    """Return (k, 3) one × two; numpy's own takes several times as long for few rows."""
    return np.asarray(
        one.take(_NEXT, 1) * two.take(_LAST, 1) - one.take(_LAST, 1) * two.take(_NEXT, 1)
    )


def _local_frames(links: Sequence[LinkSpec]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return three (n, 4, 4): of each joint's frame what is fixed, goes with sine and versine.

    Rodrigues' formula, the joint's place and fixed turn on its carrier already in it.
    """
    frames = np.zeros((3, len(links), 4, 4))
    frames[0, :, 3, 3] = 1.0
    for i, link in enumerate(links):
        fixed, cross = _rpy(link.rpy), _cross_matrix(link.axis)
        frames[0, i, :3, :3], frames[0, i, :3, 3] = fixed, link.origin
        frames[1, i, :3, :3], frames[2, i, :3, :3] = fixed @ cross, fixed @ cross @ cross
    return frames[0], frames[1], frames[2]


def _cross_matrix(axis: Sequence[float]) -> FloatArray:
    x, y, z = axis
    return np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])


def _rpy(angles: Sequence[float]) -> FloatArray:
    (sr, sp, sy), (cr, cp, cy) = np.sin(angles), np.cos(angles)
    roll = np.array([[1.0, 0.0, 0.0], [0.0, cr, -sr], [0.0, sr, cr]])
    pitch = np.array([[cp, 0.0, sp], [0.0, 1.0, 0.0], [-sp, 0.0, cp]])
    yaw = np.array([[cy, -sy, 0.0], [sy, cy, 0.0], [0.0, 0.0, 1.0]])
    return np.asarray(yaw @ pitch @ roll)
