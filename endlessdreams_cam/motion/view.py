"""The view: how the program frames a picture."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from endlessdreams_cam.frame import Size
from endlessdreams_cam.motion.affine import Affine
from endlessdreams_cam.parameters import Snapshot


@dataclass(frozen=True, slots=True)
class View:
    """Framing of the program: zoom, pan in halves of a frame, rotation in degrees clockwise.

    Positive pan_x looks to the right (what is seen moves left), positive pan_y downwards. edge
    (mirror, fit, black) says what lies beyond the picture, mirror (off, left, right, top, quad)
    which half or quarter of the program is mirrored over the rest.
    """

    zoom: float = 1.0
    pan_x: float = 0.0
    pan_y: float = 0.0
    rotate: float = 0.0
    edge: str = "mirror"
    mirror: str = "off"

    @classmethod
    def read(cls, snapshot: Snapshot, now_ns: int) -> View:
        """Return the view that a snapshot asks for."""
        names = ("view.zoom", "view.pan_x", "view.pan_y", "view.rotate")
        zoom, pan_x, pan_y, rotate = (snapshot.number(name, now_ns) for name in names)
        edge, mirror = snapshot.text("view.edge"), snapshot.text("view.mirror")
        return cls(zoom, pan_x, pan_y, rotate, edge, mirror)

    @property
    def at_rest(self) -> bool:
        """Whether the whole picture is seen as it is, but for the crop to the program's aspect."""
        return (self.zoom, self.pan_x, self.pan_y, self.rotate) == (1.0, 0.0, 0.0, 0.0)


def cover(source: Size, program: Size) -> float:
    """Return the scale at which a source just covers the program ("fill")."""
    return max(program.width / source.width, program.height / source.height)


def view_matrix(
    zoom: float, pan_x: float, pan_y: float, rotate: float, source_size: Size, program_size: Size
) -> Affine:
    """Return the map from a source's pixels to the program's, (2, 3) float32, forward.

    At zoom 1 the source covers the program by a centre crop, never stretched. Zoom and rotation
    (degrees, clockwise) are about the program's centre; pan ±1 moves by half of the program at
    every zoom, positive to the right and down, so the content moves left and up.
    """
    scale = cover(source_size, program_size) * zoom
    angle = math.radians(rotate)
    cos, sin = scale * math.cos(angle), scale * math.sin(angle)
    centre_x, centre_y = (source_size.width - 1) / 2, (source_size.height - 1) / 2
    to_x = (program_size.width - 1) / 2 - pan_x * program_size.width / 2
    to_y = (program_size.height - 1) / 2 - pan_y * program_size.height / 2
    return np.array(
        [
            [cos, -sin, to_x - cos * centre_x + sin * centre_y],
            [sin, cos, to_y - sin * centre_x - cos * centre_y],
        ],
        np.float32,
    )


def within(view: View, source_size: Size, program_size: Size) -> View:
    """Return the view limited so that it never looks beyond the source's edge.

    Zoom rises as far as the rotation needs it; then pan is held back along the source's own axes,
    so that a view pressed against an edge slides along it.
    """
    angle = math.radians(view.rotate)
    cos, sin = math.cos(angle), math.sin(angle)
    width, height = program_size
    # Half the program's bounding box in the source's directions, in program pixels.
    half_x = (abs(cos) * width + abs(sin) * height) / 2
    half_y = (abs(sin) * width + abs(cos) * height) / 2
    scale = cover(source_size, program_size)
    room_x, room_y = scale * source_size.width / 2, scale * source_size.height / 2
    zoom = max(view.zoom, half_x / room_x, half_y / room_y)
    pan_x, pan_y = view.pan_x * width / 2, view.pan_y * height / 2
    along_x = _limit(cos * pan_x + sin * pan_y, zoom * room_x - half_x)
    along_y = _limit(cos * pan_y - sin * pan_x, zoom * room_y - half_y)
    return replace(
        view,
        zoom=zoom,
        pan_x=(cos * along_x - sin * along_y) * 2 / width,
        pan_y=(sin * along_x + cos * along_y) * 2 / height,
    )


def _limit(value: float, reach: float) -> float:
    reach = max(reach, 0.0)
    return min(max(value, -reach), reach)
