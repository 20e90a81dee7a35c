from __future__ import annotations

import pytest

from nrqa.corpus.readers.document import read_document


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("agreed<sup>3</sup> that", "agreed³ that"),
        ('agreed<sup><a href="#f3">3</a></sup> that', "agreed³ that"),
        ('agreed<a href="#f3"><sup>3</sup></a> that', "agreed³ that"),
        ('agreed<a epub:type="noteref" href="notes.xhtml#n3">3</a> that', "agreed³ that"),
        ('agreed<a role="doc-noteref" href="#n3">3</a> that', "agreed³ that"),
        ('agreed<sup><a href="#fa">a</a></sup> that', "agreedᵃ that"),
        ('by 15<sup><a href="#f3">3</a></sup> years', "by 15[3] years"),
        ('agreed<sup class="reference"><a href="#c1"><span>[</span>1<span>]</span></a></sup> that', "agreed[1] that"),
        ("agreed<sup>1, 2</sup> that", "agreed¹, ² that"),
        ("agreed <sup>3</sup> that", "agreed ³ that"),
        ("agreed<sup> 3 </sup>that", "agreed ³ that"),
        ("10<sup>6</sup> people on 5 km<sup>2</sup>", "10⁶ people on 5 km²"),
        ("the 4<sup>th</sup> of May, M<sup>me</sup> Roy", "the 4th of May, Mme Roy"),
        ('agreed<sup><a href="#top">↩</a></sup> that', "agreed that"),
        ("see <a href='#f3'>chapter 3</a> there", "see chapter 3 there"),
        ("a<sup>word that goes on for longer than any note or exponent</sup>", None),
    ],
)
def test_raised_figures_are_told_from_the_words_before_them(written: str, read: str | None) -> None:
    page = f"<html><body><article><p>The ministers {written}.</p></article></body></html>"
    document, _ = read_document("page.html", page.encode())
    assert document.text == f"The ministers {read or 'aword that goes on for longer than any note or exponent'}."
