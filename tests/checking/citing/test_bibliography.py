from __future__ import annotations

import json
from pathlib import Path

import pytest

from nrqa.checking.citing.bibliography import named_bibliographies, plain, read_bibliographies
from nrqa.errors import DraftError

BIBTEX = r"""
@string{pub = "House"}
@article{harrow2011,
  author = {Harrow, A. J. and M{\"u}ller, Hans},
  title = {The {Diplomacy} of Water}, year = 2011, publisher = pub,
  doi = {10.1/x}, file = {Full Text:/home/me/papers/harrow-water.pdf:application/pdf},
}
@broken{ x, title = {never closed
@book{lee, editor = "Lee, Kim", title = "Other", date = {2019-03}, url = {https://example.org}}
"""
CSL = [
    {
        "id": "http://zotero.org/1", "citation-key": "lee2019", "title": "Other", "DOI": "10.1/y",
        "author": [{"family": "Berg", "non-dropping-particle": "van der", "given": "Jan"}, {"literal": "The Office"}],
        "issued": {"date-parts": [[2019, 3]]},
    },
    {"title": "no key"}, "nothing",
]  # fmt: skip


def test_bibtex_is_read_and_what_is_broken_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "refs.bib"
    file.write_text(BIBTEX, "utf-8")
    harrow, lee = read_bibliographies([file])
    assert (harrow.key, harrow.title, harrow.year, harrow.doi) == (
        "harrow2011",
        "The Diplomacy of Water",
        "2011",
        "10.1/x",
    )
    assert harrow.authors == ("Harrow, A. J.", "Muller, Hans")
    assert harrow.files == ("harrow-water.pdf",) or "harrow-water.pdf" in harrow.files
    assert (lee.key, lee.authors, lee.year, lee.url) == ("lee", ("Lee, Kim",), "2019", "https://example.org")


def test_csl_json_is_read_under_each_of_its_keys(tmp_path: Path) -> None:
    file = tmp_path / "refs.json"
    file.write_text(json.dumps(CSL), "utf-8")
    first, second = read_bibliographies([file])
    assert (first.key, second.key) == ("http://zotero.org/1", "lee2019")
    assert second.authors == ("van der Berg, Jan", "The Office")
    assert (second.title, second.year, second.doi) == ("Other", "2019", "10.1/y")


@pytest.mark.parametrize("content", ["", "no entry at all", "{", "[]", "[1]", "{}", "@", "@a{", "\x00"])
def test_a_file_without_entries_is_an_error_that_names_it(tmp_path: Path, content: str) -> None:
    file = tmp_path / "refs.bib"
    file.write_text(content, "utf-8")
    with pytest.raises(DraftError, match=r"The bibliography '.*refs\.bib'.* Name a BibTeX file"):
        read_bibliographies([file])
    with pytest.raises(DraftError, match="cannot be read"):
        read_bibliographies([tmp_path / "gone.bib"])


def test_latex_is_read_as_letters() -> None:
    assert plain(r"{\O}sterg{\aa}rd, Stra{\ss}e, Garc{\'\i}a, \v{C}apek, {\"{o}}, \emph{x}~y") == (
        "Østergård, Straße, Garcia, Capek, o, x y"
    )


def test_a_draft_names_bibliographies_that_lie_beside_it(tmp_path: Path) -> None:
    for name in ("refs.bib", "more.json", "secret.txt"):
        (tmp_path / name).write_text("x", "utf-8")
    (tmp_path / "folder.bib").mkdir()
    assert named_bibliographies("---\nbibliography: refs.bib\n---\n\nText.", tmp_path) == [tmp_path / "refs.bib"]
    several = "---\nbibliography: [refs.bib, more.json, secret.txt, gone.bib, folder.bib]\n---\n"
    assert named_bibliographies(several, tmp_path) == [tmp_path / "refs.bib", tmp_path / "more.json"]
    assert named_bibliographies(r"\bibliography{gone,refs} \addbibresource{refs.bib}", tmp_path) == [
        tmp_path / "refs.bib"
    ]
    assert named_bibliographies("No front matter.", tmp_path) == []
