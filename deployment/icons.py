"""`make icons`: the skill's two icons, drawn from circles, bars and arcs, so that nobody else's picture is in them.

A seated person on the face of a clock. The hip is where the hands are fixed, the back points to twelve, the thigh to
three: fifteen minutes.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

FOLDER: Final = Path(__file__).parents[1] / "infrastructure" / "skill-package" / "images"
ICONS: Final = {"small_icon.png": 108, "large_icon.png": 512}
"""File and edge length in pixels, as the skill manifest wants them."""

DEEP = (18, 70, 84)
CALM = (28, 96, 112)
FACE = (236, 245, 243)
WARM = (240, 138, 84)

FINE: Final = 6
"""Drawn this many times as large, then made smaller: smooth edges."""

Point = tuple[float, float]


def draw(size: int) -> Image.Image:
    """The icon, `size` pixels wide and high, on a transparent ground."""
    return _Drawing(size * FINE).icon().resize((size, size), Image.Resampling.LANCZOS)


class _Drawing:
    """One icon. Lengths are parts of its width; the middle is (0, 0), and y grows downwards."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.image = Image.new("RGBA", (width, width), (0, 0, 0, 0))
        self.pen = ImageDraw.Draw(self.image)

    def icon(self) -> Image.Image:
        """Everything, from the ground up."""
        hip, hand, arc = (-0.065, 0.085), 0.1, 0.41
        shoulder, knee, foot = (hip[0], -0.1), (0.165, hip[1]), (0.165, 0.27)
        self.disc((0, 0), 0.5, CALM)
        self.ring(arc, 0.06, DEEP, 0, 360)
        self.ring(arc, 0.06, WARM, -90, 0)
        for end in ((0.0, -arc), (arc, 0.0)):
            self.disc(end, 0.03, WARM)
        for hour in range(0, 12, 3):
            angle = math.radians(hour * 30)
            self.disc((arc * math.cos(angle), arc * math.sin(angle)), 0.013, FACE)
        for start, end in ((hip, shoulder), (hip, knee), (knee, foot)):
            self.bar(start, end, hand, FACE)
        self.disc((hip[0], -0.245), 0.08, FACE)
        self.disc(hip, 0.085, CALM)
        self.disc(hip, 0.065, WARM)
        return self.image

    def disc(self, middle: Point, radius: float, colour: tuple[int, int, int]) -> None:
        """A filled circle."""
        self.pen.ellipse(self.box(middle, radius), fill=colour)

    def ring(self, radius: float, breadth: float, colour: tuple[int, int, int], start: float, end: float) -> None:
        """A part of a ring round the middle, from one angle to another: degrees, clockwise from three o'clock."""
        self.pen.arc(self.box((0, 0), radius + breadth / 2), start, end, fill=colour, width=round(breadth * self.width))

    def bar(self, start: Point, end: Point, breadth: float, colour: tuple[int, int, int]) -> None:
        """A bar with round ends, upright or level."""
        (left, right), (top, bottom) = sorted((start[0], end[0])), sorted((start[1], end[1]))
        corners = (
            self.place((left - breadth / 2, top - breadth / 2)),
            self.place((right + breadth / 2, bottom + breadth / 2)),
        )
        self.pen.rounded_rectangle(corners, radius=breadth / 2 * self.width, fill=colour)

    def place(self, point: Point) -> Point:
        """A point in pixels."""
        return ((0.5 + point[0]) * self.width, (0.5 + point[1]) * self.width)

    def box(self, middle: Point, radius: float) -> tuple[float, float, float, float]:
        """The square round a circle, in pixels."""
        x, y = self.place(middle)
        return (x - radius * self.width, y - radius * self.width, x + radius * self.width, y + radius * self.width)


def main() -> int:
    """Draw the icons anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, size in ICONS.items():
        draw(size).save(FOLDER / name, optimize=True)
        print(f"wrote infrastructure/skill-package/images/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
