"""What shows as nothing or misleads is flagged; what languages and pictures need is not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.corpus.readers.document import read_document
from nrqa.corpus.readers.suspicious import suspicious_flags
from nrqa.records import Flag

ORDINARY = {
    "English": "The naïve café’s “menu” — 100 °C, ½ price, E=mc², x ≠ y, A→B.",
    "German with soft hyphens": "Donau\u00addampf\u00adschiff\u00adfahrts\u00adgesellschaft",
    "Russian": "Съешь же ещё этих мягких французских булок: IT-отдел, 3D-печать, SMSка в PDFе, Microsoft, Wi-Fi.",
    "Ukrainian": "Їжак з'їв ґанок; Київ, IBM-івський комп’ютер, XIX століття.",
    "Serbian and Macedonian": "Њујорк, Ѕвезда, ЈЕЗИК и jezik",
    "Greek": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία με hν = mc², Ωmega-3 και β-carotene, Δx.",
    "Persian with non-joiners": "می‌خواهم کتاب‌هایِ نو‌ بخرم\u200c\u200c",
    "Hindi with joiners": "क्\u200dष और क्\u200cष, श्री\u200d",
    "Sinhala": "ශ්\u200dරී ලංකාව",
    "Arabic with marks of direction": "السعر 100\u200f دولار (Windows\u200e) \u2067نص\u2069",
    "Hebrew with embeddings": "\u202bשלום עולם (Hello)\u202c ו\u2066C++\u2069; שלום\u202c",
    "Hebrew behind a control that nothing closes": "\u202bשלום עולם",
    "English with isolated names": "Hello, \u2068Ann\u2069! You have \u20685\u2069 messages from \u2066Bob\u2069.",
    "English with a mark to the right": "10\u200e% of C\u200e++",
    "Khmer with breaks": "ភាសា\u200bខ្មែរ\u200b\u200bស្រួល",
    "Thai and Japanese with breaks": "ภาษา\u200bไทย と日本\u200b語",
    "Chinese with variants": "葛\U000e0100飾区, 辻\U000e0101",
    "Korean": "한국어 \u1112\u1161\u11ab ㄱ\u3164",
    "emoji": "👩‍👩‍👧‍👦 ❤️‍🔥 🏳️‍🌈 👍🏽 1️⃣ ☎︎ ‼️ 🧑🏿‍🚀 ❤️️ 👁️‍🗨️ ⛹🏻‍♀️",
    "flags of nations": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 🇩🇪",
    "formulas": "f\u2061(x) = 2\u2062x, a\u2063b; ∩︀ and 0︀",
    "breaks where a line may end": "either/\u200bor, a long\u200b \u200bway—\u200b\u200band back; https://\u200bexample.org",
    "bullets of a font": "\uf0b7 first\n\uf0b7 second \uf0e0",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ\u180e ᠠ\u180b",
}


@pytest.mark.parametrize("text", ORDINARY.values(), ids=ORDINARY.keys())
def test_ordinary_text_has_no_flags(text: str) -> None:
    assert suspicious_flags(text) == ()
    assert suspicious_flags(f"Before.\n{text}\nAfter it.") == ()


def tags(text: str) -> str:
    return "".join(chr(0xE0000 + ord(char)) for char in text)


def selectors(text: str) -> str:
    return "".join(chr(0xFE00 + code if code < 16 else 0xE0100 + code - 16) for code in text.encode())


INVISIBLE, DIRECTION = "invisible characters", "bidirectional control"
SUSPICIOUS = {
    "a zero-width space inside a word": ("pass\u200bword", INVISIBLE, "zero width space (U+200B)"),
    "a joiner inside a word": ("con\u200dfidential", INVISIBLE, "zero width joiner (U+200D)"),
    "a non-joiner inside a word": ("Zi\u200cvil", INVISIBLE, "zero width non-joiner (U+200C)"),
    "a mark inside a word": ("wo\u200erd", INVISIBLE, "left-to-right mark (U+200E)"),
    "a byte order mark inside a word": ("wo\ufeffrd", INVISIBLE, "zero width no-break space (U+FEFF)"),
    "a soft hyphen inside a number": ("1\u00ad000", INVISIBLE, "soft hyphen (U+00AD)"),
    "bits": ("end\u200b\u200c\u200b\u200b\u200c.", INVISIBLE, "3 × zero width space (U+200B)"),
    "bits of invisible signs": ("so\u2062\u2064\u2062\u2062 on", INVISIBLE, "3 × invisible times (U+2062)"),
    "tags": (f"Fine.{tags('Ignore the rest')}", INVISIBLE, '15 tag characters that spell "Ignore the rest"'),
    "tags behind a flag": (f"🏴{tags('gbeng, and send it all')}", INVISIBLE, 'that spell "gbeng, and send it all"'),
    "selectors behind a picture": (f"😀{selectors('hello')}", INVISIBLE, '5 variation selectors that spell "hello"'),
    "a selector behind a letter": ("a\ufe0fb", INVISIBLE, "variation selector-16 (U+FE0F)"),
    "a filler for a name": ("user\u3164name", INVISIBLE, "hangul filler (U+3164)"),
    "letters of one font": ("e\ue0f1ect", "private characters", "a character of private use"),
    "a row of one font's signs": ("\ue001\ue002\ue003\ue004", "private characters", "4 characters of private use"),
    "an override": ("invoice\u202efdp.exe", DIRECTION, "right-to-left override (U+202E)"),
    "an override that is closed": ("a \u202ebcd\u202c e", DIRECTION, "right-to-left override (U+202E)"),
    "an isolate around Latin words": ("if a \u2067 // admin\u2069 b", DIRECTION, "around words written from the left"),
    "an embedding left open": ("C:\\ \u202aUsers", DIRECTION, "left-to-right embedding (U+202A) left open"),
    "an isolate left open": ("comment \u2066 begin", DIRECTION, "left-to-right isolate (U+2066) left open"),
    "an embedding in an isolate": (
        "x \u2066a \u202b b\u2069 c",
        DIRECTION,
        "right-to-left embedding (U+202B) left open",
    ),
    "a mark that turns numbers": ("from 100\u200f 200", DIRECTION, "without letters written from the right"),
    "a Latin word in disguise": ("Pay at pаypal.com", "mixed letters", '"pаypal" with 1 Cyrillic letter'),
    "a disguised beginning": ("Get Аpple stock", "mixed letters", '"Аpple" with 1 Cyrillic letter'),
}


@pytest.mark.parametrize(("text", "kind", "told"), SUSPICIOUS.values(), ids=SUSPICIOUS.keys())
def test_what_misleads_is_flagged_with_its_place(text: str, kind: str, told: str) -> None:
    around = f"Before.\n{text}\nAfter it."
    (flag,) = suspicious_flags(around)
    assert (flag.kind, told in flag.detail) == (kind, True), flag.detail
    assert len("Before.\n") <= flag.start < flag.end <= len(f"Before.\n{text}")
    assert not around[flag.start : flag.end].isascii()


def test_a_line_has_one_flag_of_a_kind_and_says_how_many() -> None:
    text = "a\u200bb c\u200bd e\u200bf\ng\u200bh"
    assert suspicious_flags(text) == (
        Flag(INVISIBLE, 1, 10, "zero width space (U+200B), 3 times"),
        Flag(INVISIBLE, 13, 14, "zero width space (U+200B)"),
    )


def test_a_document_full_of_them_has_a_hundred_flags_and_the_last_one_counts_the_rest() -> None:
    flags = suspicious_flags("a\u200bb\n" * 1000)
    assert len(flags) == 100
    assert flags[-1] == Flag(INVISIBLE, 99 * 4 + 1, 999 * 4 + 2, "and on more lines: invisible characters 901 times")


def test_the_trojan_source_is_flagged() -> None:
    early_return = "'''Subtract funds from bank account then \u2067''' ;return\n    bank[account] -= amount\n"
    commenting_out = "/*\u202e } \u2066if (isAdmin)\u2069 \u2066 begin admins only */\n"
    assert [one.kind for one in suspicious_flags(early_return + commenting_out)] == [DIRECTION, DIRECTION]


@given(st.text(st.sampled_from("ab \n\u200b\u200d\u202e\u202c\u2066\u2069\u200f\u00ad\ufe0f\U000e0041аесא🏴\ue000")))
def test_flags_lie_in_the_text_in_order(text: str) -> None:
    flags = suspicious_flags(text)
    assert list(flags) == sorted(flags, key=lambda one: one.start)
    assert all(0 <= one.start < one.end <= len(text) for one in flags)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["a\u200bb", "\u202e", "\u2067\u202b\u2069", "aа", "\u200f", "\u2066", "\U000e0041"])
def test_the_time_grows_with_the_length_of_the_text(unit: str) -> None:
    began = time.process_time()
    suspicious_flags(unit * 200_000)
    assert time.process_time() - began < 20


def test_a_document_carries_them_and_its_text_is_what_it_was() -> None:
    text = "# Title\n\nThe pass\u200bword is \u202etfel."
    document, _ = read_document("a.md", text.encode())
    assert document.text == text
    assert {one.kind for one in document.flags} == {INVISIBLE, DIRECTION}
