"""Runs alone, in a process with bounded memory and time: opens one picture and says what it is (JSON on stdout).

Started by `child.run` with: site-packages, judge|derive, format, bounds, source, targets. Imports nothing of the portal.
"""

import io
import json
import resource
import sys
import warnings

PACKAGES, TASK, FORMAT, BOUNDS, SOURCE, *TARGETS = sys.argv[1:]
PIXELS, MEMORY, CPU, OUTPUT, LARGE, THUMB = json.loads(BOUNDS)
for _what, _most in (
    (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU), (resource.RLIMIT_FSIZE, OUTPUT), (resource.RLIMIT_CORE, 0),
):  # fmt: skip
    resource.setrlimit(_what, (_most, _most))
sys.path.append(PACKAGES)

from PIL import Image, ImageCms, ImageOps  # noqa: E402  # the limits come first


class TooManyPixels(Exception):
    pass


def opened():
    """The picture with its header read; nothing is decoded yet."""
    if FORMAT == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # our own limit is asked first and is the lower one
    picture = Image.open(SOURCE, formats=[FORMAT])
    if picture.width * picture.height > PIXELS:
        raise TooManyPixels
    return picture


def judge():
    """Decode everything once."""
    picture = opened()
    sideways = FORMAT != "HEIF" and picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    picture.load()
    return (picture.height, picture.width) if sideways else picture.size


def derive():
    """Upright, in sRGB, on white, without metadata, at two sizes."""
    picture = opened()
    if FORMAT == "JPEG":
        picture.draft("RGB", (LARGE, LARGE))  # decodes at half or a quarter where that is enough
    profile = picture.info.get("icc_profile")
    picture.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS)
    picture = plain(ImageOps.exif_transpose(picture), profile)
    for target, side in zip(TARGETS, (LARGE, THUMB), strict=True):
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        picture.save(target, "JPEG", quality=85 if side == LARGE else 80, optimize=True, progressive=True)
    return picture.size


def plain(picture, profile):
    """Pixels and nothing else: a new picture takes no metadata along."""
    picture = in_srgb(picture, profile)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture)
    picture = picture.convert("RGB")
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    return bare


def in_srgb(picture, profile):
    """Phones photograph in other colours than screens show; a profile that does not fit is left aside."""
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        return ImageCms.profileToProfile(
            picture, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def main():
    warnings.simplefilter("error")
    try:
        width, height = judge() if TASK == "judge" else derive()
        return {"problem": "", "width": width, "height": height}
    except TooManyPixels:
        return {"problem": "pixels"}
    except (Exception, MemoryError) as error:
        sys.stderr.write(f"{type(error).__name__} {str(error)[:150]}")
        return {"problem": "broken"}


sys.stdout.write(json.dumps(main()))
