"""Draws notebook.png: a notebook that is run by Jupyter's client, as nbconvert shows it in Chromium.

``.venv-frameworks/bin/python docs/pictures/notebook.py`` (see ``make frameworks``), in the project's root.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

import nrqa

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CELLS = ["import nrqa\n\nnrqa.ask('why does Russia oppose missile defense', k=1)", "nrqa.check('memo.md')"]
MEMO = "Russia sees “a direct menace to its nuclear deterrent” (nato-russia.txt:29).\n"
SIZE = "900,640"


def main() -> None:
    """Run the notebook in a folder of its own, and keep what the browser shows."""
    chromium = next(found for name in ("chromium", "chromium-browser") if (found := shutil.which(name)))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        nrqa.reindex(ROOT / "corpus", folder / "index")
        (folder / "memo.md").write_text(MEMO, "utf-8")
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in CELLS])
        NotebookClient(notebook, timeout=600, startup_timeout=600, resources={"metadata": {"path": made}}).execute()
        page = folder / "notebook.html"
        page.write_text(HTMLExporter(theme="light").from_notebook_node(notebook)[0], "utf-8")
        words = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={SIZE}"]
        target = HERE / "notebook.png"
        subprocess.run([chromium, *words, f"--screenshot={target}", page.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    main()
