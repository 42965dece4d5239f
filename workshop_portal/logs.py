"""What stands in the log, and what never does."""

from __future__ import annotations

import logging
import re

# Personal links, and links that set a password, open something to whoever reads them.
SECRET = re.compile(r"(?<=/nominations/)[\w-]{20,}|(?<=/reset/key/)[\w-]+")


class WithoutSecrets(logging.Filter):
    """Cuts secrets out of the addresses in a line and in its fault, and lets every line pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if SECRET.search(said):
            record.msg, record.args = SECRET.sub("…", said), ()
        if record.exc_info:
            # A formatter takes the words of a fault that it finds here already.
            fault = record.exc_text or logging.Formatter().formatException(record.exc_info)
            record.exc_text = SECRET.sub("…", fault)
        return True
