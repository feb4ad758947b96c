"""The person as a cumulus: a height field like any other cloud, carved by their light."""

from __future__ import annotations

import math

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.world import Person, Plane
from endlessdreams_cam.engines.scenes.worlds.land_parts import Planes
from endlessdreams_cam.engines.scenes.worlds.sky_parts import Body, Dye, Sun, lay
from endlessdreams_cam.frame import Size


class Visitor:
    """A cloud in the shape of the person; where they move, wisps tear off."""

    def __init__(self, size: Size, sun: Sun, skin: Plane, dye: Dye, unit: float) -> None:
        self._size, self._unit, self._dye = size, unit, dye
        self._body = Body(sun, dye, unit, soft=7.0)
        tile = skin.shape[0]
        self._tile = tile
        self._skin = cv2.copyMakeBorder(
            skin, 2, size.height + 2, 2, size.width + 2, cv2.BORDER_WRAP
        )
        self._small = Size(max(size.width // 4, 16), max(size.height // 4, 16))
        ys, xs = np.mgrid[: self._small.height, : self._small.width].astype(np.float32)
        self._xs, self._ys = xs, ys
        self._wisps = np.zeros((self._small.height, self._small.width), np.float32)

    def paint(
        self,
        planes: Planes,
        person: Person,
        amount: float,
        sun: float,
        *,
        rise: float,
        wind: float,
        dt: float,
    ) -> None:
        """Paint the person over the planes in place.

        amount 0…1; rise: how far the skin has risen in pixels; wind in heights per second to the
        right; dt is the world's time, for the wisps.
        """
        small = person.at(self._small)
        self._tear(small, amount, wind, dt)
        unit = self._unit
        # A soft outline leaves the domes room to billow.
        broad = cv2.GaussianBlur(small.presence, (0, 0), max(2.6 * unit, 0.8))
        presence, tone, relief, detail = (
            cv2.resize(plane, self._size)
            for plane in (broad, person.tone, person.relief, person.detail)
        )
        presence *= amount
        inside = np.clip(presence * 3 - 1.5, 0, 1)
        middle_x, middle_y = (self._size.width + 3) / 2, (self._size.height + 3) / 2
        skin = cv2.getRectSubPix(self._skin, self._size, (middle_x, middle_y + rise % self._tile))
        # Hair and shoulders are curls of cloud, the face is smooth.
        face = np.clip(tone * 3 - 1.1, 0, 1)
        skin *= 1.5 - inside * (0.55 + 0.75 * face)
        height = presence * (60 * unit)
        height += skin
        relief *= inside
        height += relief * (16 * unit)
        height += cv2.resize(self._wisps, self._size) * (30 * unit)
        height -= 27 * unit
        lit = self._body.light(height)
        # What makes the face: their own light, on the form that the sun gives.
        tone -= 0.5
        tone *= 2.2
        carved = np.tanh(tone, out=tone)
        np.maximum(carved, carved * 0.5, out=carved)
        carved *= 0.50
        carved += detail * 0.50
        carved *= inside
        lit += carved
        lay(planes, lit, self._body.cover(height), self._dye.tables(sun))

    def _tear(self, person: Person, amount: float, wind: float, dt: float) -> None:
        """Let the wind carry the wisps, and tear new ones off an outline that moves."""
        width, height = self._small
        speed = np.abs(person.flow).sum(axis=2)
        edge = person.presence * (1 - person.presence) * 4
        back_x = person.flow[..., 0] * (0.5 * width * dt) + np.float32(wind * height * dt)
        back_y = person.flow[..., 1] * (0.5 * height * dt) - np.float32(0.03 * height * dt)
        curl = np.sin(self._ys * 0.31 + self._xs * 0.13).astype(np.float32) * (0.05 * height * dt)
        carried = cv2.remap(
            self._wisps, self._xs - back_x - curl, self._ys - back_y - curl,
            cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        carried *= math.exp(-dt / 1.6)
        carried += edge * np.minimum(speed * 14, 2.0) * np.float32(amount * dt * 3)
        self._wisps = np.minimum(carried, 1.0)
