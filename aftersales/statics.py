"""The files of the pages as they are collected: each under the name of its content, compressed once."""

from whitenoise.storage import CompressedManifestStaticFilesStorage as Compressed

_EVERYWHERE, _IMPORTS = Compressed._js_module_import_aggregation_patterns


class Collected(Compressed):
    """What our modules import is named by its content too: a page that knows a module under two names runs it twice, and one
    that asks for a plain name may get the module of yesterday. Files of packages stay as they are: words that look like an
    import are none there."""

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = ("js/*.js", _IMPORTS)
