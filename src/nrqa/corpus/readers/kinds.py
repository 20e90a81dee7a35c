"""The kinds of files that nrqa reads, and the reader of each.

A file's kind is that of its extension. A file without one is text if its content is (``sniffing``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib import import_module
from typing import TYPE_CHECKING

from nrqa.errors import UnreadableError, installed_as

if TYPE_CHECKING:
    from nrqa.corpus.readers.reading import Columns, Read, Reading


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: ``module`` has its reader, and is imported when the first such file is read.

    Where ``columns`` is true, the reader takes a third parameter: the columns that the user named. ``lines`` says that
    a document's text is the file's own, so that its lines are those an editor shows. ``entitled``: where nothing says
    what the title is, the first line may be it, as it is in a plain text.
    """

    name: str
    suffixes: tuple[str, ...]
    module: str
    columns: bool = False
    lines: bool = False
    entitled: bool = False


KINDS = (
    Kind("plain text", (".txt", ".text", ".log"), "nrqa.corpus.readers.plaintext", lines=True),
    Kind("Markdown", (".md", ".markdown", ".mdown", ".mkd"), "nrqa.corpus.readers.markdown", lines=True, entitled=True),
    Kind("reStructuredText", (".rst", ".rest"), "nrqa.corpus.readers.restructured", lines=True, entitled=True),
    Kind("AsciiDoc", (".adoc", ".asciidoc"), "nrqa.corpus.readers.asciidoc", lines=True, entitled=True),
    Kind("LaTeX", (".tex", ".ltx", ".latex"), "nrqa.corpus.readers.latex", lines=True),
    Kind("Org", (".org",), "nrqa.corpus.readers.org", lines=True, entitled=True),
    Kind("notebook", (".ipynb",), "nrqa.corpus.readers.notebook"),
    Kind("XML", (".xml",), "nrqa.corpus.readers.xml_text"),
    Kind("PDF", (".pdf",), "nrqa.corpus.readers.pdf", entitled=True),
    Kind("DOCX", (".docx", ".docm", ".dotx", ".dotm"), "nrqa.corpus.readers.office.docx", entitled=True),
    Kind("ODT", (".odt", ".ott", ".fodt"), "nrqa.corpus.readers.office.odt", entitled=True),
    Kind("RTF", (".rtf",), "nrqa.corpus.readers.office.rtf", entitled=True),
    Kind("PPTX", (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"), "nrqa.corpus.readers.office.pptx"),
    Kind("ODP", (".odp", ".otp", ".fodp"), "nrqa.corpus.readers.office.odp"),
    Kind("DOC", (".doc", ".dot"), "nrqa.corpus.readers.office.doc", entitled=True),
    Kind("PPT", (".ppt", ".pps", ".pot"), "nrqa.corpus.readers.office.ppt"),
    Kind("HTML", (".html", ".htm", ".xhtml"), "nrqa.corpus.readers.web.html", entitled=True),
    Kind("MHTML", (".mhtml", ".mht"), "nrqa.corpus.readers.web.mhtml", entitled=True),
    Kind("EPUB", (".epub",), "nrqa.corpus.readers.epub"),
    Kind("CSV", (".csv", ".tsv", ".tab"), "nrqa.corpus.readers.tables.delimited", columns=True),
    Kind("e-mail", (".eml",), "nrqa.corpus.readers.mail.eml"),
    Kind("Outlook message", (".msg",), "nrqa.corpus.readers.mail.msg"),
    Kind("mailbox", (".mbox",), "nrqa.corpus.readers.mail.mbox"),
    Kind("JSON Lines", (".jsonl", ".ndjson", ".json"), "nrqa.corpus.readers.tables.records", columns=True),
    Kind("ODS", (".ods", ".ots"), "nrqa.corpus.readers.tables.ods", columns=True),
    Kind("XLSX", (".xlsx", ".xlsm", ".xltx", ".xltm"), "nrqa.corpus.readers.tables.xlsx", columns=True),
)
BARE = Kind("text without an extension", (), "nrqa.corpus.readers.bare", lines=True)
MANUAL = Kind("manual page", (), "nrqa.corpus.readers.manual", lines=True)
"""Its extension is the number of a section of the manual: ``ls.1``, ``printf.3p``. Old logs have such names, too."""
_SECTION = re.compile(r"\.[1-9](?:[px]|pm|ssl|perl|tcl|posix)?")
_EXTENSION = re.compile(r"\.(?=[^.]*[a-z])[\w~+#$@!-]{1,16}")
_OF_SUFFIX = {suffix: kind for kind in KINDS for suffix in kind.suffixes}


def kind_of(name: str) -> Kind | None:
    """The kind of file for a name's suffix, in upper or lower case; None if nrqa does not read such files."""
    # This runs for every file each time a corpus is listed; rfind is five times as fast as os.path.splitext.
    dot = name.rfind(".")
    suffix = name[dot:].lower() if dot > 0 else ""
    kind = _OF_SUFFIX.get(suffix)
    if kind is None:
        kind = _other_kind(suffix)
    return kind if kind and (name if kind is BARE else name[:dot]).rpartition("/")[2].strip(".") else None


@lru_cache(maxsize=10_000)
def _other_kind(suffix: str) -> Kind | None:
    """The kind of a file with a suffix that is no format's: what follows a date or a full stop is no extension."""
    if _SECTION.fullmatch(suffix):
        return MANUAL
    return None if _EXTENSION.fullmatch(suffix) else BARE


def has_lines(name: str) -> bool:
    """Whether the lines of a document's text are lines of its file."""
    kind = kind_of(name)
    return kind is not None and kind.lines


def reader_of(kind: Kind, columns: Columns) -> Read:
    """The reader for a kind of file. Raises UnreadableError with the remedy if a package that it needs is missing.

    ``columns`` are the columns of tables that the user named (see ``reading.Columns``).
    """
    try:
        read: Callable[..., Reading] = import_module(kind.module).read
    except ImportError as error:
        again = f"pip install --force-reinstall {installed_as()}"
        raise UnreadableError(f"what reads {kind.name} is not installed ({error.name}): {again}") from error
    return partial(read, columns=columns) if kind.columns else read
