"""Formulas of Word on one line."""

from __future__ import annotations

import pytest
from lxml import etree

from nrqa.corpus.readers.office.omml import MATH, linear


def formula(inner: str) -> str:
    """The formula with this inside, in which ``<x>`` stands for a run of text."""
    written = inner.replace("<x>", "<r><t>").replace("</x>", "</t></r>")
    return linear(etree.fromstring(f'<oMath xmlns="{MATH[1:-1]}" xmlns:m="{MATH[1:-1]}">{written}</oMath>'))


def e(text: str, name: str = "e") -> str:
    return f"<{name}><x>{text}</x></{name}>"


@pytest.mark.parametrize(
    ("inner", "line"),
    [
        (f"<sSup>{e('10')}{e('6', 'sup')}</sSup>", "10⁶"),
        (f"<sSup>{e('a+b')}{e('2', 'sup')}</sSup>", "(a+b)²"),
        (f"<sSup>{e('x')}{e('k+1', 'sup')}</sSup>", "x^(k+1)"),
        (f"<sSub>{e('x')}{e('1', 'sub')}</sSub>", "x₁"),
        (f"<sSubSup>{e('x')}{e('i', 'sub')}{e('2', 'sup')}</sSubSup>", "x_i²"),
        (f"<f>{e('1', 'num')}{e('2', 'den')}</f>", "1/2"),
        (f"<x>3</x><f>{e('1', 'num')}{e('2', 'den')}</f>", "3 1/2"),
        (f"<f>{e('a+b', 'num')}{e('2', 'den')}</f>", "(a+b)/2"),
        (f"<rad><deg/>{e('x+1')}</rad>", "√(x+1)"),
        (f"<rad>{e('3', 'deg')}{e('8')}</rad>", "∛8"),
        (
            f'<nary><naryPr><chr m:val="∑"/></naryPr>{e("i=1", "sub")}{e("n", "sup")}{e("i")}</nary>',
            "∑_(i=1)ⁿ i",
        ),
        (f"<func>{e('sin', 'fName')}{e('x')}</func>", "sin x"),
        (f'<d><dPr><begChr m:val="["/><endChr m:val="]"/></dPr>{e("a")}</d>', "[a]"),
        (f"<m><mr>{e('1')}{e('0')}</mr><mr>{e('0')}{e('1')}</mr></m>", "1, 0; 0, 1"),
        ("<x>1</x><x>0</x>", "10"),
        ("<x>a</x><x>=</x><x>mc</x>", "a=mc"),
    ],
)
def test_a_formula_is_written_as_it_is_read(inner: str, line: str) -> None:
    assert formula(inner) == line


def test_a_formula_nested_too_deeply_is_written_as_its_characters() -> None:
    assert formula("<e>" * 250 + "<x>7</x>" + "</e>" * 250) == "7"
