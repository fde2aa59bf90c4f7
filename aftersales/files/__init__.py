"""The private store of pictures and videos: judged before they are kept, named by their content, shown without metadata.

`take` judges an upload and keeps it, `make_derivatives` makes what people see, `picture` and `serve` answer with it,
`pieces` lets one arrive piece by piece, `remove` forgets it, `names_files` registers who still
needs it. Names given by people never reach the disk; nothing here is reachable without a view that asks first.
"""

from .bundle import bundle
from .deriving import make_derivatives, original_of, path_of, size_of
from .judging import Stored, take
from .naming import named, names_files
from .pieces import tidy_pieces
from .sealed import Kept, unseal
from .serving import Picture, picture, serve
from .store import place, remove, tidy, tidy_unnamed

__all__ = [
    "Kept",
    "Picture",
    "Stored",
    "bundle",
    "make_derivatives",
    "named",
    "names_files",
    "original_of",
    "path_of",
    "picture",
    "place",
    "remove",
    "serve",
    "size_of",
    "take",
    "tidy",
    "tidy_pieces",
    "tidy_unnamed",
    "unseal",
]
