"""What is said of documents that the encoder of an index does not read."""

from __future__ import annotations

from nrqa.index.manifest import Manifest
from nrqa.settings import MULTILINGUAL_MODEL

REMEDY = f"nrqa index --model {MULTILINGUAL_MODEL}"


def unread_documents(manifest: Manifest) -> str:
    """How many documents the encoder does not read, in which scripts, and what that means; "" where it reads all."""
    if not manifest.unread:
        return ""
    count = sum(manifest.unread.values())
    scripts = sorted(manifest.unread.items(), key=lambda one: (-one[1], one[0]))
    named = [script if len(scripts) == 1 else f"{script} ({number:,})" for script, number in scripts]
    written = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    documents = "1 document is" if count == 1 else f"{count:,} documents are"
    if manifest.documents > count:
        documents = f"{count:,} of {manifest.documents:,} documents {'is' if count == 1 else 'are'}"
    return (
        f"{documents} in {written} script, which {manifest.model.name} does not read: "
        f"{'it is' if count == 1 else 'they are'} found by {'its' if count == 1 else 'their'} words only."
    )
