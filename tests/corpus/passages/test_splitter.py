"""The laws of passages: where they lie, what they hold, how large they are, and what an edit moves."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import project
from effort import tries
from fakes import FakeEncoder
from nrqa.corpus.passages.splitter import CountTokens, Draft, split
from nrqa.corpus.readers.document import read_document
from nrqa.corpus.shaping import Settings
from nrqa.encoder.protocol import Encoder
from nrqa.errors import UnreadableError
from nrqa.records import Block, Span

ROOT = project.ROOT
FAKE = FakeEncoder()
ROOM = 60
SMALL = Settings(passage_tokens=45, least_tokens=12, overlap_tokens=10)


def drafts_of(
    text: str,
    blocks: Sequence[Block],
    *,
    title: str = "",
    count: CountTokens = FAKE.count_tokens,
    room: int = ROOM,
    how: Settings = SMALL,
) -> list[Draft]:
    return split(text, blocks, title=title, count_tokens=count, most_tokens=room, settings=how)


def check(text: str, blocks: Sequence[Block], drafts: Sequence[Draft], count: CountTokens, room: int) -> None:
    """Every law that holds for every document."""
    covered = bytearray(len(text))
    before = -1
    for draft in drafts:
        assert 0 <= draft.start < draft.end <= len(text)
        piece = text[draft.start : draft.end]
        assert piece == piece.strip()
        covered[draft.start : draft.end] = b"\1" * (draft.end - draft.start)
        assert draft.start > before
        before = draft.start
        check_sentences(text, draft)
        # Blocks it touches all lie under its own heading.
        for block in blocks:
            if block.start < draft.end and draft.start < block.end:
                assert block.heading == draft.heading
    for block in blocks:
        assert all(covered[at] for at in range(block.start, block.end) if text[at].isalnum())
    sizes = count([text[draft.start : draft.end] for draft in drafts])
    contexts = count([draft.context for draft in drafts])
    assert all(size + context <= room for size, context in zip(sizes, contexts, strict=True))


def check_sentences(text: str, draft: Draft) -> None:
    assert draft.sentences[0].start == draft.start
    assert draft.sentences[-1].end == draft.end
    at = draft.start
    for sentence in draft.sentences:
        assert at <= sentence.start < sentence.end
        assert not any(char.isalnum() for char in text[at : sentence.start])
        at = sentence.end


WORD = st.sampled_from("the war in NATO’s Russia said, Mr. 3.5 (and) “quoted” e\u0301te\u0301 👍🏽 naïve — x".split())
SENTENCE = st.lists(WORD, min_size=1, max_size=90).map(lambda words: " ".join(words) + ".")
UNSPACED = st.integers(1, 200).map(lambda length: "".join(chr(0x4E00 + at * 37 % 5000) for at in range(length)) + "。")
PARAGRAPH = st.lists(SENTENCE | UNSPACED, min_size=1, max_size=8).map(" ".join) | st.text(max_size=60)
HEADING = st.sampled_from(["# One", "## Two of them", "### Three", "The origins of the dispute", "== Wiki =="])
LIST = st.lists(SENTENCE, min_size=1, max_size=6).map(lambda items: "These:\n" + "\n".join(f"- {one}" for one in items))
DOCUMENT = st.lists(
    PARAGRAPH | HEADING | LIST | st.just("Share:") | st.just("```\na\n\nb\n```"), min_size=1, max_size=14
)


def read(name: str, text: str) -> tuple[str, str, tuple[Block, ...]] | None:
    try:
        document, blocks = read_document(name, text.encode("utf-8", "ignore"))
    except UnreadableError:
        return None
    return document.text, document.title if document.titled else "", blocks


@settings(deadline=None, max_examples=tries(150))
@given(
    DOCUMENT,
    st.sampled_from(["a.txt", "a.md"]),
    st.sampled_from(["\n", "\n\n", "\r\n\r\n"]),
    st.sampled_from([24, 60, 254]),
)
def test_every_law_holds_for_every_document(parts: list[str], name: str, gap: str, room: int) -> None:
    found = read(name, gap.join(parts))
    if found:
        text, title, blocks = found
        check(text, blocks, drafts_of(text, blocks, title=title, room=room), FAKE.count_tokens, room)


@settings(deadline=None, max_examples=tries(40))
@given(st.lists(PARAGRAPH, min_size=5, max_size=12), st.sampled_from(["a.txt", "a.md"]))
def test_every_law_holds_with_the_real_tokenizer(encoder: Encoder, parts: list[str], name: str) -> None:
    found = read(name, "\n\n".join(parts))
    if found:
        text, title, blocks = found
        room = encoder.passage_room() - 2
        drafts = drafts_of(text, blocks, title=title, count=encoder.count_tokens, room=room, how=Settings())
        check(text, blocks, drafts, encoder.count_tokens, room)


def seaming(texts: Sequence[str]) -> list[int]:
    """A token for each word, one for each byte of white space, and two more where sentences meet without any."""
    return [
        len(text.split())
        + sum(len(gap.encode()) for gap in re.findall(r"\s+", text.strip()))
        + 2 * len(re.findall(r"。(?=\S)", text))
        for text in texts
    ]


SHORT = st.lists(st.sampled_from("甲乙丙丁戊己庚辛"), min_size=1, max_size=9).map(
    lambda letters: "".join(letters) + "。"
)


@settings(deadline=None, max_examples=tries(100))
@given(
    DOCUMENT | st.lists(st.lists(SHORT, min_size=5, max_size=60).map("".join), min_size=1, max_size=3),
    st.sampled_from(["a.txt", "a.md"]),
    st.sampled_from(["\n", "\n\n", "\n\n\n\n\n\n\n\n\n"]),
    st.integers(24, 70),
)
def test_every_law_holds_where_the_whole_has_more_tokens_than_its_parts(
    parts: list[str], name: str, gap: str, room: int
) -> None:
    found = read(name, gap.join(parts))
    if found:
        text, title, blocks = found
        check(text, blocks, drafts_of(text, blocks, title=title, count=seaming, room=room), seaming, room)


def test_every_law_holds_for_real_files(encoder: Encoder) -> None:
    room = encoder.passage_room() - 2
    for path in [*sorted((ROOT / "corpus").glob("*.txt")), *sorted(ROOT.glob("*.md"))]:
        document, blocks = read_document(path.name, path.read_bytes())
        title = document.title if document.titled else ""
        drafts = drafts_of(document.text, blocks, title=title, count=encoder.count_tokens, room=room, how=Settings())
        check(document.text, blocks, drafts, encoder.count_tokens, room)
        assert not any(line == "Share:" for one in drafts for line in document.text[one.start : one.end].split("\n"))


def prose(seed: int, words: int) -> str:
    chance = random.Random(seed)
    return " ".join(f"w{chance.randrange(3000)}" for _ in range(words)).capitalize() + "."


def whole(text: str) -> tuple[Block, ...]:
    """Each line that is not empty as a block."""
    blocks: list[Block] = []
    at = 0
    for line in text.split("\n"):
        if line:
            blocks.append(Block(at, at + len(line)))
        at += len(line) + 1
    return tuple(blocks)


def kept_share(before: str, after: str) -> tuple[float, int]:
    """The share of passages of the edited text that were there before, and how many there were."""
    old = {before[one.start : one.end] for one in drafts_of(before, whole(before), room=254, how=Settings())}
    new = [after[one.start : one.end] for one in drafts_of(after, whole(after), room=254, how=Settings())]
    return sum(text in old for text in new) / len(new), len(old)


@pytest.mark.parametrize("words", [120, 60, 12, 4])
def test_a_paragraph_inserted_at_the_top_leaves_nine_passages_in_ten(words: int) -> None:
    paragraphs = [prose(at, words) for at in range(9000 // words)]
    before = "\n".join(paragraphs)
    share, count = kept_share(before, prose(-1, words) + "\n" + before)
    assert count >= 60
    assert share >= 0.9


def test_a_sentence_inserted_into_a_huge_paragraph_leaves_nine_passages_in_ten() -> None:
    before = " ".join(prose(at, 15) for at in range(800))
    share, count = kept_share(before, prose(-1, 15) + " " + before)
    assert count >= 60
    assert share >= 0.9


@pytest.mark.slow
def test_a_word_inserted_into_a_sentence_without_an_end_leaves_most_passages() -> None:
    before = prose(1, 15_000)
    share, count = kept_share(before, "inserted " + before)
    assert count >= 60
    assert share >= 0.9


def test_no_passage_is_tiny_where_a_neighbour_has_room() -> None:
    for seed in range(200):
        chance = random.Random(seed)
        text = "\n".join(
            prose(seed * 100 + at, chance.choice([3, 5, 8, 20, 35])) for at in range(chance.randrange(2, 12))
        )
        drafts = drafts_of(text, whole(text))
        sizes = FAKE.count_tokens([text[one.start : one.end] for one in drafts])
        for at, size in enumerate(sizes):
            beside = [sizes[near] for near in (at - 1, at + 1) if 0 <= near < len(sizes)]
            if size < SMALL.least_tokens:
                assert all(size + other > SMALL.passage_tokens for other in beside)


def test_a_sentence_is_repeated_only_where_one_paragraph_was_cut() -> None:
    text = " ".join(prose(at, 8) for at in range(20))
    drafts = drafts_of(text, whole(text))
    assert len(drafts) > 2
    assert all(one.sentences[-1] == other.sentences[0] for one, other in pairwise(drafts))
    text = "\n".join(prose(at, 30) for at in range(10))
    drafts = drafts_of(text, whole(text))
    assert all(one.end < other.start for one, other in pairwise(drafts))


def test_where_the_encoder_cuts_words_finely_paragraphs_stay_whole_all_the_same() -> None:
    text = "\n".join(" ".join(prose(at + part, 8) for part in range(9)) for at in range(0, 90, 9))

    def finely(texts: Sequence[str]) -> list[int]:
        return [len(one) // 2 for one in texts]

    drafts = drafts_of(text, whole(text), count=finely, room=240, how=Settings())
    assert min(finely(text.split("\n"))) > Settings().passage_tokens
    assert [text[one.start : one.end] for one in drafts] == text.split("\n")


def test_no_passage_reaches_over_what_the_reader_left_out() -> None:
    text = "One short line.\nShare:\nTwo short lines."
    blocks = [Block(0, 15), Block(23, 39)]
    assert [text[one.start : one.end] for one in drafts_of(text, blocks)] == ["One short line.", "Two short lines."]


def test_what_stands_between_two_items_is_kept() -> None:
    text = "> - one " + "x " * 40 + "\n> middle words here\n> - two " + "y " * 40
    text = text.strip()
    middle = text.index("\n> middle")
    last = text.index("> - two")
    block = Block(0, len(text), (), (Span(2, middle), Span(last + 2, len(text))))
    drafts = drafts_of(text, [block])
    assert len(drafts) > 1
    assert any("middle words here" in text[one.start : one.end] for one in drafts)


def test_a_list_that_fits_is_one_passage_with_its_introduction() -> None:
    document, blocks = read_document("nato-russia.txt", (ROOT / "corpus" / "nato-russia.txt").read_bytes())
    drafts = drafts_of(document.text, blocks, room=254, how=Settings())
    listed = [one for one in drafts if "- The geographic" in document.text[one.start : one.end]]
    assert all("Key points of contention include:" in document.text[one.start : one.end] for one in listed)
    assert "strategic nuclear capabilities." in document.text[listed[0].start : listed[0].end]


@pytest.mark.parametrize("cluster", ["e\u0301", "👍🏽", "👩\u200d👩\u200d👧", "क\u094d"])
def test_a_word_longer_than_a_passage_is_cut_between_whole_letters(cluster: str) -> None:
    text = cluster * 2000
    drafts = drafts_of(text, [Block(0, len(text))])
    assert len(drafts) > 1
    assert all(one.start % len(cluster) == 0 == one.end % len(cluster) for one in drafts)


def test_a_word_that_the_tokenizer_counts_as_one_token_is_still_cut(encoder: Encoder) -> None:
    text = "x" * 100_000
    drafts = drafts_of(text, [Block(0, len(text))], count=encoder.count_tokens, room=250, how=Settings())
    assert max(one.end - one.start for one in drafts) <= 250 * 20
    assert "".join(text[one.start : one.end] for one in drafts) == text


def test_the_context_is_title_and_headings_and_loses_those_between_title_and_last_heading_first() -> None:
    text = "Some words."
    block = Block(0, len(text), ("Outer", "Inner"))
    assert drafts_of(text, [block], title="Title")[0].context == "Title / Outer / Inner"
    long = "long " * 14
    assert drafts_of(text, [Block(0, len(text), (long, "Inner"))], title="Title")[0].context == "Title / Inner"
    assert (
        drafts_of(text, [Block(0, len(text), ("Outer", "Inner"))], title=long)[0].context
        == "long long long long long long long / Inner"
    )


def test_a_heading_longer_than_its_share_is_cut_short() -> None:
    draft = drafts_of("Some words.", [Block(0, 11, ("long " * 500,))])[0]
    assert draft.context.startswith("long long")
    assert FAKE.count_tokens([draft.context])[0] <= ROOM // 4


def test_no_blocks_make_no_passages() -> None:
    assert drafts_of("", []) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", ["[", "a ", "漢", "漢。", "e\u0301", "👍", "a. ", "- ", "\u0301", "\u200d", "a\n", "("]
)
def test_the_time_grows_with_the_length_only(unit: str) -> None:
    text = "word " + (unit * (200_000 // len(unit))).strip()
    begun = time.process_time()
    drafts = drafts_of(text, [Block(0, len(text))], room=254, how=Settings())
    assert drafts
    assert time.process_time() - begun < 6


def test_the_same_text_is_always_split_alike() -> None:
    text = " ".join(prose(at, 15) for at in range(100))
    assert drafts_of(text, whole(text)) == drafts_of(text, whole(text))
