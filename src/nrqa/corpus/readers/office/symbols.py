"""Translates the characters of fonts that draw signs in place of letters, if Unicode has the sign."""

from __future__ import annotations

# Adobe's encoding of the font Symbol, from 0x41 and 0x61 on.
_LETTERS = dict(enumerate("ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", 0x41)) | dict(enumerate("αβχδεφγηιϕκλμνοπθρστυϖωξψζ", 0x61))
_SIGNS = {
    0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥",
    0xB4: "×", 0xB6: "∂", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xC6: "∅", 0xC7: "∩",
    0xC8: "∪", 0xCE: "∈", 0xCF: "∉", 0xD1: "∇", 0xD5: "∏", 0xD6: "√", 0xDE: "⇒", 0xE5: "∑", 0xF2: "∫",
}  # fmt: skip
_WINGDINGS = {0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0xE0: "→", 0xDF: "←", 0xF0: "→"}
_FONTS = {"symbol": _LETTERS | _SIGNS, "wingdings": _WINGDINGS}


def sign(font: str, code: int) -> str:
    """The sign that a font shows for a code; "" where it has no equal in Unicode."""
    found = _FONTS.get(font.lower())
    if found is None:
        return (
            "" if 0xE000 <= code <= 0xF8FF or code > 0x10FFFF or code < 0x20 or 0xD800 <= code <= 0xDFFF else chr(code)
        )
    # Word moves such codes to Unicode's private use area.
    code = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    return found.get(code, chr(code) if found is not _WINGDINGS and 0x20 <= code < 0x41 else "")
