"""Two runs are compared question by question, and a difference is called clear only where it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nrqa.errors import QuestionSetError
from nrqa.evaluation.comparison import Run, compare, read_run, require_common_questions
from nrqa.evaluation.results import QuestionResult


def result(key: str, value: float, **more: float) -> QuestionResult:
    return QuestionResult(key, f"{key}?", True, {"nDCG@10": value, **more}, 1, "answered", 1.0, "d", "d.txt:1")  # noqa: FBT003


def run(values: dict[str, float], **files: str) -> Run:
    return Run("before.json", "0.1", "m", files, {key: (f"{key}?", {"nDCG@10": one}) for key, one in values.items()})


def test_a_run_compared_with_itself_has_no_difference() -> None:
    values = {f"q{at}": at / 10 for at in range(10)}
    found = compare(run(values, a="1"), [result(*pair) for pair in values.items()], {"a": "1"})
    one = found.differences["nDCG@10"]
    assert (one.before, one.after, one.low, one.high, one.clear) == (0.45, 0.45, 0, 0, False)
    assert (found.better, found.worse, found.other_files, found.questions) == ((), (), (), 10)


def test_a_difference_is_clear_where_most_questions_agree_on_it_and_not_where_one_does() -> None:
    before = {f"q{at}": 0.5 for at in range(40)}
    most = [result(key, 0.5 if at % 4 else 1.0) for at, key in enumerate(before)]
    one = [result(key, 0.5 if at else 1.0) for at, key in enumerate(before)]
    mixed = [result(key, 1.0 if at % 2 else 0.0) for at, key in enumerate(before)]
    worse = [result(key, 0.5 if at % 4 else 0.0) for at, key in enumerate(before)]
    assert compare(run(before), most, {}).differences["nDCG@10"].clear
    assert not compare(run(before), one, {}).differences["nDCG@10"].clear
    assert not compare(run(before), mixed, {}).differences["nDCG@10"].clear
    found = compare(run(before), worse, {}).differences["nDCG@10"]
    assert found.clear
    assert found.low < found.high < 0


def test_what_got_better_and_worse_is_listed_largest_change_first() -> None:
    before = run({"a": 0.5, "b": 0.5, "c": 0.5, "d": 0.5})
    found = compare(before, [result("a", 0.6), result("b", 1.0), result("c", 0.0), result("d", 0.5)], {})
    assert [(one.id, one.before, one.after) for one in found.better] == [("b", 0.5, 1.0), ("a", 0.5, 0.6)]
    assert [one.id for one in found.worse] == ["c"]


def test_only_questions_that_both_have_are_compared() -> None:
    before = run({"a": 0.5, "b": 0.5, "gone": 0.5}, corpus="1", old="1")
    before = Run(before.file, "0.1", "m", before.files, {**before.questions, "b": ("another text", {"nDCG@10": 0.5})})
    found = compare(before, [result("a", 1.0, extra=1), result("b", 1.0), result("new", 1.0)], {"corpus": "2"})
    assert (found.questions, found.only_before, found.only_now) == (1, 2, 2)
    assert found.other_files == ("corpus", "old")
    assert list(found.differences) == ["nDCG@10"]  # the earlier run has nothing to compare "extra" with
    require_common_questions(before, {"a": "a?"})
    with pytest.raises(QuestionSetError, match="no answerable question in common"):
        require_common_questions(before, {"b": "b?"})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is no JSON"),
        ("[]", "is no run saved by `nrqa eval`"),
        ('{"questions": [{"id": 1}]}', "is no run saved"),
        (
            json.dumps(
                {
                    "version": "1", "model": {"name": "m"}, "set": {"files": {}},
                    "questions": [{"id": "a", "question": "a", "answerable": True, "measures": {}}],
                }
            ),
            "nDCG@10",
        ),
    ],
)  # fmt: skip
def test_a_file_that_is_no_run_is_refused(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "run.json"
    file.write_text(content)
    with pytest.raises(QuestionSetError, match=message):
        read_run(file)
    with pytest.raises(QuestionSetError, match="cannot be read"):
        read_run(tmp_path / "nowhere.json")
