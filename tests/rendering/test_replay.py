"""A replay is told in sentences that a person understands, and text of sources cannot pose as ours."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console, RenderableType

from nrqa.auditing.lost_hits import LostHit
from nrqa.auditing.receipts.model import KeptHit, Receipt
from nrqa.auditing.replaying.results import CorpusChange, Difference, HitChange, Replay
from nrqa.auditing.standing import Standing, StandingReport
from nrqa.records import Citation, Searched
from nrqa.rendering.replay import render_listed, render_replay, render_standing
from nrqa.text.word_changes import differing

PLACE = Citation("a.txt", "A", ("One",), 10, 40, 3, 3, None, "0" * 64)
OTHER = replace(PLACE, document="b.txt", line_start=7, line_end=8, start=20)
HIT = KeptHit(2, 0.5, {"dense": 0.4, "lexical": 9.0}, "f" * 64, "The harbour was dug", ("1", "2", "3"), PLACE)
NOW = replace(HIT, rank=1, citation=OTHER)
RECEIPT = Receipt(
    created="2026-01-02T03:04:05+00:00",
    question="When was the harbour dug?",
    k=2,
    made_by={"nrqa": "0.1.0"},
    generation=1,
    verdict="answered",
    confidence=0.9,
    hits=(HIT,),
    nearest=(),
    searched=Searched(2, 3, corpus="1" * 64, where={"author": ["Ann Lee"]}, only=("*.txt",)),
)
GAPS = (
    Difference("unreadable.x.pdf", None, "no"),
    Difference("unreadable.y.pdf", "no", None),
    Difference("stale.x.txt", None, "changed since"),
    Difference("unreadable.z.pdf", "no", "never"),
)
NOTHING = CorpusChange((), (), (), ())


def shown(renderable: RenderableType, *, colours: bool = False) -> str:
    console = Console(
        file=io.StringIO(),
        width=300,
        highlight=False,
        force_terminal=colours,
        color_system="standard" if colours else None,
    )
    console.print(renderable)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def changed(*hits: HitChange, **more: object) -> Replay:
    facts: dict[str, object] = {"now": RECEIPT, "result": "changed", "hits": hits, "corpus": NOTHING, **more}
    return Replay(RECEIPT, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (HitChange(("moved",), HIT, replace(HIT, citation=replace(PLACE, line_start=5, line_end=5))), "now at a.txt:5"),
        (HitChange(("moved",), HIT, replace(HIT, citation=replace(PLACE, heading=("Two",)))), "now at a.txt:3 § Two"),
        (
            HitChange(("moved",), HIT, replace(HIT, citation=replace(PLACE, start=12))),
            "within its lines: +2 characters",
        ),
        (HitChange(("renamed",), HIT, NOW), "its document has another name: now at b.txt:7-8"),
        (HitChange(("relocated",), HIT, NOW), "the same text is cited from another document now: b.txt:7-8"),
        (HitChange(("elsewhere",), HIT, HIT), "was edited elsewhere; the passage is as it was"),
        (HitChange(("reranked",), HIT, NOW), "was hit 2, is hit 1"),
        (
            HitChange(("rescored",), HIT, replace(HIT, score=0.6, signals={"dense": 0.4, "lexical": 9.5})),
            "score 0.500 → 0.600 (lexical 9.000 → 9.500)",
        ),
        (HitChange(("copies",), HIT, replace(HIT, also=(OTHER,))), "in other documents than before: b.txt:7-8"),
        (HitChange(("copies",), HIT, HIT), "in other documents than before: in none"),
        (HitChange(("outranked",), HIT, None, LostHit("passage", PLACE), 7), "outranked: still at a.txt:3, now rank 7"),
        (
            HitChange(("outranked",), HIT, None, LostHit("passage", PLACE)),
            "still at a.txt:3, now not among the first 50",
        ),
        (HitChange(("duplicate",), HIT, NOW, LostHit("passage", PLACE)), "counts as a copy of hit 1 now"),
        (HitChange(("filtered",), HIT, None, LostHit("filtered", PLACE)), "but the filters leave its document out"),
        (HitChange(("recut",), HIT, NOW, LostHit("recut", OTHER)), "cut otherwise: now in b.txt:7-8, hit 1"),
        (HitChange(("recut",), HIT, None, LostHit("recut")), "cut otherwise: now in no passage"),
        (
            HitChange(("edited",), HIT, None, LostHit("edited")),
            "a.txt was edited, and this text stands nowhere any more\n",
        ),
        (HitChange(("edited",), HIT, NOW, LostHit("edited", OTHER, 2)), "2 of its 3 sentences at b.txt:7-8, hit 1"),
        (HitChange(("edited",), HIT, None, LostHit("edited", OTHER, 0)), "most of its words at b.txt:7-8\n"),
        (
            HitChange(("reread",), HIT, None, LostHit("reread")),
            "a.txt is the same file, but other text is read from it",
        ),
        (
            HitChange(("unreadable",), HIT, None, LostHit("unreadable", reason="no text")),
            "cannot be read any more: no text",
        ),
        (HitChange(("removed",), HIT, None, LostHit("removed")), "a.txt was removed, and this text stands in no other"),
        (HitChange(("new",), None, NOW, origin="added"), "new: hit 1; its document was added"),
        (HitChange(("new",), None, NOW, origin="edited"), "new: hit 1; its document was edited since"),
        (HitChange(("new",), None, NOW, origin="unchanged"), "new: hit 1; its document is as it was"),
        (
            HitChange(("new",), None, NOW, rank=3, origin="unchanged"),
            "its document is as it was; was number 3, just behind the hits",
        ),
        (
            HitChange(("edited",), HIT, NOW, LostHit("edited", OTHER, 2, came=("One\nnow.", "b", "c", "d"))),
            "and 1 other new sentence",
        ),
        (
            HitChange(("edited",), HIT, NOW, LostHit("edited", OTHER, 2, came=("It was never dug.",))),
            "there now: “It was never dug.”",
        ),
        (HitChange(("new",), None, NOW, origin="unlisted"), "whether this one is new cannot be told"),
        (HitChange(("new",), None, NOW, origin="renamed", origin_name="c.txt"), "its document was named c.txt"),
    ],
)
def test_each_change_has_its_sentence(change: HitChange, sentence: str) -> None:
    assert sentence in shown(render_replay(changed(change)))


def test_an_outranked_hit_names_the_hits_that_were_none_before() -> None:
    out = HitChange(("outranked",), HIT, None, LostHit("passage", PLACE), 3)
    new = HitChange(("new",), None, NOW, origin="added")
    lines = shown(render_replay(changed(out, new))).splitlines()
    assert lines[2].strip() == "2  a.txt:3  “The harbour was dug…”"
    assert lines[3].strip() == "outranked: still at a.txt:3, now rank 3; new above it: hit 1"
    assert lines[4].strip() == "+  b.txt:7-8  “The harbour was dug…”"


def test_the_words_that_changed_are_marked_also_without_colours_and_the_rest_is_abridged() -> None:
    before = (
        "a b one two three four five six seven eight nine ten eleven coal in the end of it all it was not so, or was it"
    )
    words = differing(before, before.replace("coal", "iron"))
    change = HitChange(("edited",), HIT, NOW, LostHit("edited", OTHER, 1, words))
    assert "… six seven eight nine ten eleven [-coal-] {+iron+} in the end of it all …" in shown(
        render_replay(changed(change))
    )


def test_verdict_confidence_and_generation_are_told_with_what_they_were() -> None:
    now = replace(RECEIPT, verdict="weak", confidence=0.7, generation=4)
    text = shown(render_replay(changed(now=now)))
    assert (
        "answered → weak, confidence 0.90 → 0.70 · compared with 2026-01-02T03:04:05+00:00 · generation 1 → 4" in text
    )
    assert "answered, confidence 0.90 · compared" in shown(render_replay(changed(result="identical")))


def test_words_that_occur_now_or_nowhere_any_more_are_named() -> None:
    before = replace(RECEIPT, searched=replace(RECEIPT.searched, nowhere=("When", "harbour")))
    now = replace(RECEIPT, searched=replace(RECEIPT.searched, nowhere=("When", "dug")))
    text = shown(render_replay(replace(changed(now=now), before=before)))
    assert "“harbour” occurred nowhere in what was searched, and does now" in text
    assert "“When”" not in text
    longer = replace(now, question="When was the harbour flooded?")
    longer = replace(longer, searched=replace(now.searched, nowhere=("flooded",)))
    assert "“flooded” occurs nowhere any more in what was searched" in shown(render_replay(changed(now=longer)))


def test_what_else_is_different_stands_below_and_is_not_made_up() -> None:
    corpus = CorpusChange(tuple(f"{at}.txt" for at in range(12)), (), ("e.txt",), (("old.txt", "new.txt"),))
    found = changed(
        now=replace(RECEIPT, searched=replace(RECEIPT.searched, corpus="2" * 64)),
        corpus=corpus,
        differences=(Difference("encoder.fingerprint", "a" * 64, "b" * 64), *GAPS),
    )
    lines = [line.strip() for line in shown(render_replay(found)).splitlines()]
    assert lines[2].startswith("corpus  12 added: 0.txt, 1.txt")
    assert lines[2].endswith("9.txt and 2 more; 1 edited: e.txt; 1 renamed: old.txt → new.txt")
    assert lines[3:] == [
        "encoder.fingerprint  aaaaaaaaaaaa… → bbbbbbbbbbbb…",
        "x.pdf  is not searched now: no",
        "y.pdf  was not searched: no; that is so no more",
        "z.pdf  is not searched: no → never",
        "x.txt  is not searched as it stands now: changed since",
    ]
    assert "which ones cannot be told" in shown(render_replay(replace(found, corpus=None)))
    assert "Nothing that a receipt records is different" in shown(render_replay(changed()))
    assert "Nothing that" not in shown(render_replay(changed(result="identical")))


def test_a_question_that_cannot_be_asked_says_why() -> None:
    found = changed(now=None, refused="No document has metadata named 'author'.")
    assert "It cannot be asked any more: No document has metadata named 'author'." in shown(render_replay(found))


def report(*replays: Replay, accepted: bool = False) -> str:
    return shown(render_standing(StandingReport(3, tuple(enumerate(replays, 1)), accepted)))


def test_a_report_shows_what_changed_and_only_names_the_rest() -> None:
    moved = HitChange(("moved",), HIT, NOW)
    gone = HitChange(("removed",), HIT, None, LostHit("removed"))
    text = report(changed(moved, gone), changed(moved, result="same answer"), changed(result="identical"))
    assert text.count("was removed") == 1
    assert "moved:" not in text
    assert "1 other hit only at another place, rank or score" in text
    assert "2  same answer  When was the harbour dug?\n3  identical  When" in text
    assert "1 of 3 answers changed · generation 3 · `nrqa standing --accept` takes them" in text
    assert "accepted: the next report compares with these answers" in report(changed(gone), accepted=True)
    assert "0 of 1 answer changed · generation 3\n" in report(changed(result="identical"))


def test_what_else_is_different_is_said_once_where_it_is_the_same_for_all() -> None:
    newer = changed(differences=(Difference("nrqa", "0.1.0", "0.2.0"),))
    older = changed(differences=(Difference("nrqa", "0.0.9", "0.2.0"),))
    assert report(newer, newer).count("nrqa  0.1.0 → 0.2.0") == 1
    both = report(newer, older)
    assert (both.count("0.1.0 → 0.2.0"), both.count("0.0.9 → 0.2.0")) == (1, 1)


def test_without_questions_it_says_how_to_add_one() -> None:
    assert 'Add one: nrqa standing add "…"' in report()
    assert 'Add one: nrqa standing add "…"' in shown(render_listed([]))


def test_questions_are_listed_with_number_verdict_filters_and_day() -> None:
    line = shown(render_listed([Standing(7, RECEIPT)]))
    assert line == "7  When was the harbour dug?  answered 0.90 · k 2, author=Ann Lee, *.txt · 2026-01-02\n"


def test_no_text_of_a_source_or_a_receipt_steers_the_terminal_or_starts_a_line() -> None:
    evil = "x\x1b[31m\n9  identical"
    place = replace(PLACE, document=evil, heading=(evil,))
    hit = replace(HIT, begins=evil, citation=place)
    words = differing(f"{evil} a", f"{evil} b")
    found = changed(
        HitChange(("edited",), hit, hit, LostHit("edited", place, 1, words)),
        HitChange(("unreadable",), hit, None, LostHit("unreadable", reason=evil)),
        HitChange(("edited",), hit, hit, LostHit("edited", place, 1, came=(evil,))),
        HitChange(("moved",), hit, replace(hit, citation=replace(place, heading=("y",)))),
        HitChange(("new",), None, hit, origin="renamed", origin_name=evil),
        now=replace(RECEIPT, searched=replace(RECEIPT.searched, corpus="2" * 64)),
        corpus=CorpusChange((evil,), (), (), ((evil, evil),)),
        differences=(Difference(evil, evil, evil), Difference(f"stale.{evil}", evil, evil)),
    )
    odd = replace(RECEIPT.searched, where={evil: [evil]}, nowhere=(evil,))
    found = replace(found, before=replace(RECEIPT, question=evil, searched=odd, created=evil))
    for text in (shown(render_replay(found)), report(found), shown(render_listed([Standing(1, found.before)]))):
        assert "\x1b" not in text
        assert not any(line.startswith("9") for line in text.splitlines())
