"""Drawings for the steps of help articles: simple shapes, small files."""

import io
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

Draw = ImageDraw.ImageDraw
WIDE, HIGH = 720, 460
INK, METAL, DARK, RED, GREEN, BLUE, PALE = (
    (52, 58, 66), (176, 182, 190), (90, 96, 104), (203, 60, 48), (38, 132, 92), (36, 96, 168), (236, 239, 242),
)  # fmt: skip


def drawn(name: str) -> SimpleUploadedFile:
    """The drawing of this name as a PNG upload."""
    image = Image.new("RGB", (WIDE, HIGH), PALE)
    DRAWINGS[name](ImageDraw.Draw(image))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return SimpleUploadedFile(f"{name}.png", out.getvalue(), "image/png")


def arrow(draw: Draw, start: tuple[int, int], end: tuple[int, int]) -> None:
    draw.line((*start, *end), fill=RED, width=10)
    way = 1 if end[0] >= start[0] else -1
    draw.polygon([(end[0] + 24 * way, end[1]), (end[0], end[1] - 20), (end[0], end[1] + 20)], fill=RED)


def plug(draw: Draw) -> None:
    draw.rounded_rectangle((430, 110, 640, 350), 26, fill=METAL, outline=INK, width=5)
    for y in (180, 280):
        draw.ellipse((500, y - 22, 544, y + 22), fill=INK)
    draw.rounded_rectangle((110, 150, 290, 310), 20, fill=DARK, outline=INK, width=5)
    for y in (180, 280):
        draw.rectangle((290, y - 12, 350, y + 12), fill=METAL, outline=INK, width=3)
    draw.line((20, 230, 110, 230), fill=INK, width=26)
    arrow(draw, (330, 400), (460, 400))


def fuse(draw: Draw) -> None:
    for left, whole in ((90, True), (410, False)):
        colour = GREEN if whole else RED
        draw.rounded_rectangle(
            (left, 120, left + 220, 270), 18, fill=(250, 250, 250), outline=colour, width=8
        )
        for x in (left + 35, left + 165):
            draw.rectangle((x, 270, x + 22, 380), fill=METAL, outline=INK, width=3)
        ends = (left + 46, left + 176)
        draw.arc((ends[0], 160, ends[1], 300), 180, 360 if whole else 250, fill=INK, width=10)
        if not whole:
            draw.arc((ends[0], 160, ends[1], 300), 295, 360, fill=INK, width=10)


def tyre(draw: Draw) -> None:
    draw.ellipse((150, 40, 530, 420), fill=(35, 35, 38))
    draw.ellipse((230, 120, 450, 340), fill=METAL, outline=INK, width=4)
    draw.line((340, 340, 340, 372), fill=RED, width=14)
    draw.ellipse((540, 250, 690, 400), fill=(250, 250, 250), outline=INK, width=6)
    draw.line((615, 325, 655, 285), fill=RED, width=7)
    draw.line((350, 372, 540, 340), fill=INK, width=8)


def brake(draw: Draw) -> None:
    draw.ellipse((150, 30, 550, 430), outline=DARK, width=26)
    draw.arc((190, 70, 510, 390), 120, 240, fill=INK, width=30)
    draw.arc((190, 70, 510, 390), 300, 60, fill=INK, width=30)
    draw.arc((176, 56, 524, 404), 125, 235, fill=(186, 128, 60), width=12)
    draw.ellipse((310, 190, 390, 270), fill=METAL, outline=INK, width=4)
    arrow(draw, (40, 230), (140, 230))


def button(draw: Draw) -> None:
    draw.rounded_rectangle((180, 60, 540, 400), 30, fill=(240, 196, 60), outline=INK, width=5)
    draw.ellipse((250, 120, 470, 340), fill=RED, outline=INK, width=6)
    draw.arc((280, 150, 440, 310), 200, 340, fill=(255, 255, 255), width=12)
    draw.polygon([(440, 205), (420, 175), (455, 180)], fill=(255, 255, 255))


def code(draw: Draw) -> None:
    draw.rounded_rectangle((60, 70, 660, 390), 44, fill=(24, 26, 32))
    draw.arc((110, 130, 350, 370), 140, 400, fill=(90, 200, 150), width=14)
    draw.rounded_rectangle((410, 250, 620, 350), 14, outline=RED, width=8)
    draw.text((440, 262), "E05", fill=(255, 220, 90), font_size=66)
    draw.polygon([(500, 130), (545, 210), (455, 210)], fill=(230, 170, 40))


def valve(draw: Draw) -> None:
    draw.rectangle((60, 200, 660, 270), fill=METAL, outline=INK, width=5)
    draw.ellipse((290, 150, 430, 320), fill=BLUE, outline=INK, width=6)
    draw.line((360, 235, 480, 150), fill=INK, width=22)
    draw.arc((220, 60, 500, 400), 200, 300, fill=RED, width=12)
    draw.polygon([(226, 178), (214, 216), (252, 200)], fill=RED)


DRAWINGS: dict[str, Callable[[Draw], None]] = {
    "plug": plug, "fuse": fuse, "tyre": tyre, "brake": brake, "button": button, "code": code, "valve": valve,
}  # fmt: skip
