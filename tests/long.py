"""Whether this is ``make long``: the whole of what CI runs a short version of."""

import os

LONG = bool(os.environ.get("RAPFANG_LONG"))
