"""Pictures that a customer might send, drawn on the spot."""

import io
import random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw


def picture(rng: random.Random) -> SimpleUploadedFile:
    """A tyre or a dashboard in simple shapes, as a JPEG upload."""
    image = Image.new("RGB", (960, 720), (rng.randint(150, 210),) * 3)
    draw = ImageDraw.Draw(image)
    (tyre if rng.random() < 0.5 else dashboard)(draw, rng)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return SimpleUploadedFile("photo.jpg", out.getvalue(), "image/jpeg")


def nameplate(vin: str) -> SimpleUploadedFile:
    """The plate of a vehicle, photographed for its numbers."""
    image = Image.new("RGB", (960, 600), (72, 78, 84))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((90, 80, 870, 520), 26, fill=(196, 200, 204), outline=(120, 124, 128), width=6)
    for row, line in enumerate(
        ("FEIYUE  FY", f"VIN {vin if vin.isascii() else '---'}", "DC 72 V   7.5 kW   2025-12")
    ):
        draw.text((150, 150 + 110 * row), line, fill=(30, 34, 40), font_size=48)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    plate = SimpleUploadedFile("plate.jpg", out.getvalue(), "image/jpeg")
    plate.about = "nameplate"  # type: ignore[attr-defined]  # read by `attach`
    return plate


def tyre(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    draw.ellipse((230, 110, 730, 610), fill=(35, 35, 38))
    draw.ellipse((340, 220, 620, 500), fill=(170, 172, 178))
    for spoke in range(5):
        draw.pieslice((360, 240, 600, 480), spoke * 72, spoke * 72 + 22, fill=(90, 92, 98))
    x = rng.randint(300, 600)
    draw.line((x, 120, x + 40, 190), fill=(210, 60, 40), width=9)


def dashboard(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    draw.rounded_rectangle((120, 180, 840, 560), 40, fill=(24, 26, 32))
    draw.arc((200, 240, 480, 520), 140, 400, fill=(90, 200, 150), width=14)
    draw.arc((500, 240, 780, 520), 140, 400, fill=(90, 150, 220), width=14)
    draw.polygon([(600, 330), (640, 410), (560, 410)], fill=(230, 170, 40))
    draw.line((340, 380, 340 + rng.randint(-90, 90), 290), fill=(240, 240, 240), width=8)
