"""Which static files are collected, and how they are kept."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticConfig(StaticFilesConfig):
    """Of what libraries ship, only the files that a page uses are collected.

    Compressing all of Bootstrap takes half a minute; the one file we load takes a second.
    """

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.map",
        "bootstrap-*",
        "bootstrap.css",
        "bootstrap.rtl*",
        "bootstrap*.js",
    ]


class Storage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed; source maps, which are not collected, are not looked for."""

    patterns = tuple(
        (extension, tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
        for extension, rules in CompressedManifestStaticFilesStorage.patterns
    )
