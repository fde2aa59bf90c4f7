"""What the kernel tells those above it."""

from django.dispatch import Signal

#: a download was asked for: whoever has a bell rings it for the task named `task`
download_asked = Signal()
#: (download, at) a download is ready, or will not be
download_settled = Signal()
