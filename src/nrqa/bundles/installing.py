"""Puts a packed encoder into the user's cache, where the user has said so."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from nrqa.encoder.carried import carried_model
from nrqa.encoder.converted.files import PORTABLE, changed_files, converted_folder, is_portable, read_record
from nrqa.errors import EncoderError


def install(packed: Path) -> bool:
    """Copy the encoder into the cache, whole or not at all; False where there is one of that model already.

    The cache comes before what nrqa-slim carries: what somebody packed must not take its place either.
    """
    from filelock import FileLock

    model = read_record(packed)
    if model is None or not is_portable(packed, PORTABLE) or changed_files(packed, thorough=True):
        raise EncoderError("The packed encoder is of another version of nrqa. Unpack without --encoder")
    if (own := carried_model()) is not None and own.fingerprint == model.fingerprint:
        return False
    folder = converted_folder(model.fingerprint)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if read_record(folder) is not None:
            return False
        draft = Path(tempfile.mkdtemp(prefix="tmp-", dir=folder.parent))
        try:
            shutil.copytree(packed, draft, dirs_exist_ok=True)
            draft.chmod(0o755)
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return True
