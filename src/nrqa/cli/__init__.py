"""The command line: the only floor that prints.

Exit status: 0 done (for ``query``: answered or weak), 1 nothing in the corpus answers, 2 any error.
"""

# In the order that `nrqa --help` lists them.
from nrqa.cli import indexing, asking, replaying, evaluating  # noqa: F401, I001 - importing a module adds its commands
from nrqa.cli.frame import app, main

__all__ = ["app", "main"]
