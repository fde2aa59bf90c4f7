"""How large a file may be (reliability: files). Bytes, pixels, seconds."""

MB = 1024 * 1024

IMAGE_BYTES = 10 * MB
VIDEO_BYTES = 50 * MB
VIDEO_SECONDS = 30
GRACE_SECONDS = 1.5  # a telephone that is told to stop at 30 records a little more
FILES_PER_REPORT = 9
#: everything that one request carries; more is thrown away while it arrives
REQUEST_BYTES = 60 * MB

#: a file may come in pieces (`pieces.py`): the largest, what is offered to begin with, how long an unfinished one waits
PIECE_BYTES, PIECE_OFFER = MB, 512 * 1024
UPLOAD_HOURS = 24
#: what unfinished and just finished files may take, of one sender and of all together
SENDER_FILES, SENDER_BYTES, ALL_BYTES = 200, 2048 * MB, 20 * 1024 * MB
#: what remains free on the store's disk: the database lives there too
FREE_BYTES = 512 * MB

PIXELS = 40_000_000
LARGE, THUMB = 2048, 320  # the longer side of what people see

#: of the process that decodes a picture
MEMORY_BYTES = 1024 * MB
CPU_SECONDS, WALL_SECONDS = 20, 40
OUTPUT_BYTES = 20 * MB
