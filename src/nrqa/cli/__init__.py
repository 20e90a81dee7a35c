"""The command line: the only floor that prints.

Exit status: 0 done (for ``query``: answered or weak), 1 nothing in the corpus answers, 2 any error.
"""

# In the order that `nrqa --help` lists them.
from nrqa.cli import (  # noqa: I001 - importing a module adds its commands
    indexing,  # noqa: F401
    doctor,  # noqa: F401
    asking,  # noqa: F401
    whynot,  # noqa: F401
    replaying,  # noqa: F401
    verifying,  # noqa: F401
    checking,  # noqa: F401
    evaluating,  # noqa: F401
    calibrating,  # noqa: F401
)
from nrqa.cli.frame import app, main

__all__ = ["app", "main"]
