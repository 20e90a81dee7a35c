from __future__ import annotations

from nrqa.index.rows import Stored
from nrqa.records import Citation, Passage, Span
from nrqa.server.reader.blocks import blocks_of, outline_of


def stored(text: str, words: str, *heading: str) -> Stored:
    start = text.index(words)
    citation = Citation("a.txt", "A", heading, start, start + len(words), 1, 1, None, "")
    return Stored(0, 0, Passage(words, citation), (), "", markup=False)


def test_passages_without_empty_lines_between_them_are_blocks_of_their_own() -> None:
    text = "The title\nFirst heading\nOne passage here.\nAnother passage.\nSecond heading\nA third one.\n"
    passages = [
        stored(text, "One passage here.", "First heading"),
        stored(text, "Another passage.", "First heading"),
        stored(text, "A third one.", "Second heading"),
    ]
    blocks = blocks_of(text, passages, marks=[Span(text.index("Another"), text.index("Another") + 16)])
    assert [text[one.start : one.end] for one in blocks] == text.splitlines()
    assert [one.level for one in blocks] == [0, 1, 0, 0, 1, 0]
    assert [one.marked for one in blocks] == [False, False, False, True, False, False]
    assert [one.searched for one in blocks] == [False, True, True, True, True, True]
    assert [one.text for one in outline_of(passages)] == ["First heading", "Second heading"]


def test_a_block_shows_every_word_of_its_text_once() -> None:
    text = "Berth\tDepth\nNorth\t9.5\n\n| a | b\\|c |\n|---|---|\n| d | e |\n\nKey: value\nmore of it\n"
    shown = blocks_of(
        text, [stored(text, "Berth\tDepth\nNorth\t9.5"), stored(text, "| a | b\\|c |\n|---|---|\n| d | e |")]
    )
    words = " ".join(piece.text for one in shown for row in one.cells for cell in row for piece in cell).split()
    assert [word for word in words if word.isalpha()] == [
        "Berth",
        "Depth",
        "North",
        "a",
        "d",
        "e",
        "value",
        "more",
        "of",
        "it",
    ]
    assert shown[0].kind == shown[1].kind == "table"
    assert [len(row) for row in shown[1].cells] == [2, 2]


def test_a_part_of_a_document_begins_and_ends_with_whole_blocks() -> None:
    text = "".join(f"Paragraph {number} has some words.\n\n" for number in range(100))
    blocks = blocks_of(text, [], window=Span(text.index("Paragraph 40"), text.index("Paragraph 43")))
    assert [text[one.start : one.end] for one in blocks] == [
        f"Paragraph {number} has some words." for number in (40, 41, 42)
    ]
