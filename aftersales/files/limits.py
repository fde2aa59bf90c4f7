"""How large a file may be (reliability: files). Bytes, pixels, seconds."""

MB = 1024 * 1024

IMAGE_BYTES = 10 * MB
VIDEO_BYTES = 50 * MB
FILES_PER_REPORT = 9
#: everything that one request carries; more is thrown away while it arrives
REQUEST_BYTES = 60 * MB

PIXELS = 40_000_000
LARGE, THUMB = 2048, 320  # the longer side of what people see

#: of the process that decodes a picture
MEMORY_BYTES = 1024 * MB
CPU_SECONDS, WALL_SECONDS = 20, 40
OUTPUT_BYTES = 20 * MB
