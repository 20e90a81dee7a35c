"""Formulas in MathML on one line."""

from __future__ import annotations

import pytest
from lxml import etree

from nrqa.corpus.readers.shared.mathml import linear


@pytest.mark.parametrize(
    ("inner", "line"),
    [
        ("<msup><mn>10</mn><mn>6</mn></msup>", "10⁶"),
        ("<msup><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></msup>", "(a+b)²"),
        ("<msub><mi>x</mi><mn>1</mn></msub>", "x₁"),
        ("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>", "x_i²"),
        ("<mn>3</mn><mfrac><mn>1</mn><mn>2</mn></mfrac>", "3 1/2"),
        ("<mfrac linethickness='0'><mi>n</mi><mi>k</mi></mfrac>", "(n over k)"),
        ("<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt>", "√(x+1)"),
        ("<mroot><mn>8</mn><mn>3</mn></mroot>", "∛8"),
        ("<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>", "∑_(i=1)ⁿ"),
        ("<mi>sin</mi><mo>&#x2061;</mo><mi>x</mi>", "sin x"),
        ("<mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>", "E=mc²"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a, b)"),
        ("<mover><mi>v</mi><mo>→</mo></mover>", "v\u20d7"),
        ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd>0</mtd></mtr><mtr><mtd><mi>a</mi></mtd></mtr></mtable>", "1, 0; a"),
        ("<semantics><mrow><mi>x</mi></mrow><annotation>x_{tex}</annotation></semantics>", "x"),
        ("<mmultiscripts><mi>C</mi><mprescripts/><mn>6</mn><mn>14</mn></mmultiscripts>", "₆¹⁴C"),
        ("<mphantom><mi>x</mi></mphantom><mi>y</mi>", "y"),
        ("x<mo>=</mo>1", "x=1"),
    ],
)  # fmt: skip
def test_a_formula_is_written_as_it_is_read(inner: str, line: str) -> None:
    assert linear(etree.fromstring(f"<math>{inner}</math>")) == line
    named = f'<math xmlns="http://www.w3.org/1998/Math/MathML">{inner}</math>'
    assert linear(etree.fromstring(named)) == line
