"""Requests from outside: which verbs there are, what each may be told, and how a request becomes what a verb found.

A face (HTTP, an agents' server) checks its request here (``checked``, or ``from_words`` for a query string), and hands
it on with ``answer``. The object of what is found is, key for key, the one that the command prints with ``--json``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nrqa.errors import QuestionError
from nrqa.given import shown
from nrqa.service import verbs
from nrqa.service.desk import Desk
from nrqa.service.parameters import CONDITIONS, FLAG, GLOBS, OBJECT, Parameter, choice, text, whole
from nrqa.service.verbs import Found

MOST_TEXT = 4_000_000
"""Characters of a draft or another text in a request: some ten books."""

_QUESTION = Parameter("question", text(most=2000), "The question, in plain words.", required=True)
_K = Parameter("k", whole(1, 1000), "At most so many passages.", default=5)
_WHERE = Parameter(
    "where", CONDITIONS, 'Only documents with this metadata: {"lang": "en", "date": ">=2020"}; a list: one of them.'
)
_ONLY = Parameter("only", GLOBS, 'Only documents whose names match a glob, such as "reports/*.pdf".')
_CITE = Parameter("cite", FLAG, "Add each citation as a line and as a W3C annotation.", default=False)
_TEXT = Parameter("text", text(most=MOST_TEXT), "The text itself.", required=True)
_NUMBER = Parameter("number", whole(1, 10**9), "The number of a standing question.", required=True)


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb that requests may name.

    ``lists`` are the ways to those lists in its object that may be told in part, the most important first. ``writes``
    says that it changes what is kept with the index.
    """

    name: str
    help: str
    parameters: tuple[Parameter, ...]
    does: Callable[[Desk, dict[str, Any]], Found[Any]]
    lists: Sequence[tuple[str | int, ...]] = ()
    writes: bool = False

    def schema(self) -> dict[str, Any]:
        """What a request may say, in JSON Schema."""
        return {
            "type": "object",
            "properties": {one.name: one.schema() for one in self.parameters},
            "required": [one.name for one in self.parameters if one.required],
            "additionalProperties": False,
        }


def _check(desk: Desk, said: dict[str, Any]) -> Found[Any]:
    listed = said.pop("bibliography", None)
    return verbs.check(
        desk.index,
        said.pop("name"),
        data=said.pop("text").encode("utf-8"),
        bibliography=() if listed is None else listed.encode("utf-8"),
        beside=False,
        **said,
    )


def _verify(desk: Desk, said: dict[str, Any]) -> Found[Any]:
    return verbs.verify(desk.given, said["name"], data=said["text"].encode("utf-8"))


VERBS: Mapping[str, Verb] = {
    one.name: one
    for one in (
        Verb(
            "search",
            "Find passages that answer a question, ranked and cited, with a verdict.",
            (
                _QUESTION,
                _K,
                _WHERE,
                _ONLY,
                Parameter("first", choice("newer", "older"), "Where scores agree, newer or older documents first."),
                Parameter("explain", FLAG, "Say of every hit what placed it.", default=False),
                _CITE,
            ),
            lambda desk, said: verbs.search(desk.index, **said),
            (("hits",), ("searched", "unreadable"), ("searched", "stale")),
        ),
        Verb(
            "show",
            "Show a cited passage in its surroundings.",
            (
                Parameter("citation", text(), "FILE:LINE, 'FILE p. 7', FILE@START-END, as printed.", required=True),
                Parameter("around", whole(0, 10_000), "Lines before and after.", default=2),
                _CITE,
            ),
            lambda desk, said: verbs.show(desk.index, **said),
            (("lines",),),
        ),
        Verb(
            "documents",
            "List the documents, with their metadata and flags.",
            (_WHERE, _ONLY),
            lambda desk, said: verbs.contents(desk.index, documents=True, **said),
            (("documents",),),
        ),
        Verb(
            "facets",
            "List what documents can be filtered by: metadata, values, how many.",
            (),
            lambda desk, _: verbs.contents(desk.index, documents=False, facets=True),
            (("facets",),),
        ),
        Verb(
            "status",
            "Say what is indexed, what could not be read, and what has changed since.",
            (Parameter("verify", FLAG, "Read every file of the index and check it.", default=False),),
            lambda desk, said: verbs.status(desk.given, **said),
            (("unreadable",), ("stale",), ("excluded",)),
        ),
        Verb(
            "verify",
            "Say of every citation in a text whether its words still stand there.",
            (
                _TEXT,
                Parameter("name", text(most=200), "Its file's name: text, or JSON by its ending.", default="-"),
            ),
            _verify,
            (("files", 0, "citations"), ("unreadable",)),
        ),
        Verb(
            "check",
            "Look up every quotation of a draft, and find support for sentences without a citation.",
            (
                _TEXT,
                Parameter("name", text(most=200), "Its file's name, whose ending says its format.", default="-"),
                Parameter("form", choice("md", "txt", "html", "tex"), "What the draft is."),
                Parameter("words", whole(1, 1000), "Look up quotations of at least so many words.", default=3),
                Parameter("bibliography", text(most=MOST_TEXT), "BibTeX or CSL-JSON whose keys the draft cites."),
            ),
            _check,
            (
                ("quotations",),
                ("sentences",),
                ("not_checked",),
                ("searched", "unreadable"),
                ("searched", "stale"),
            ),
        ),
        Verb(
            "why_not",
            "Say why a passage is not among the hits, and what would bring it up.",
            (
                _QUESTION,
                Parameter("document", text(), 'FILE, FILE:LINE, or FILE:"some of its words".', required=True),
                _K,
                _WHERE,
                _ONLY,
            ),
            lambda desk, said: verbs.why_not(desk.index, **said),
        ),
        Verb(
            "replay",
            "Ask the question of a receipt again, and explain each change.",
            (Parameter("receipt", OBJECT, "A receipt, as nrqa wrote it.", required=True),),
            lambda desk, said: verbs.replay(desk.index, **said),
            (("hits",),),
        ),
        Verb(
            "standing",
            "Ask the standing questions again: which answers changed, and why.",
            (),
            lambda desk, _: verbs.standing(desk.index),
            (("questions",),),
        ),
        Verb(
            "list_standing",
            "List the standing questions.",
            (),
            lambda desk, _: verbs.list_standing(desk.index),
            (("questions",),),
        ),
        Verb(
            "accept_standing",
            "Take the present answers of the standing questions as those to compare with from now on.",
            (),
            lambda desk, _: verbs.standing(desk.index, accept=True),
            (("questions",),),
            writes=True,
        ),
        Verb(
            "add_standing",
            "Ask a question now, and whenever the standing questions are asked again.",
            (_QUESTION, _K, _WHERE, _ONLY),
            lambda desk, said: verbs.add_standing(desk.index, **said),
            writes=True,
        ),
        Verb(
            "remove_standing",
            "Forget a standing question.",
            (_NUMBER,),
            lambda desk, said: verbs.remove_standing(desk.index, **said),
            writes=True,
        ),
        Verb(
            "doctor",
            "Say what is wrong with the index, its corpus and its encoder, and which commands mend it.",
            (Parameter("deep", FLAG, "Read every file of the index, however large it is.", default=False),),
            lambda desk, said: verbs.doctor(desk.place, **said),
            (("findings",),),
        ),
        Verb(
            "calibrate",
            "Measure which errors to expect of the verdict, with questions made of the corpus.",
            (),
            lambda desk, _: verbs.calibrate(desk.index),
            writes=True,
        ),
    )
}
"""All verbs by name: ask, look, check, audit, mend."""


def answer(desk: Desk, name: str, request: Mapping[str, Any]) -> Found[Any]:
    """What the verb of that name finds for a request, which is checked first. Raises nrqa's errors."""
    verb = verb_named(name)
    return verb.does(desk, checked(verb, request))


def verb_named(name: str) -> Verb:
    """The verb of that name; QuestionError where there is none."""
    if name not in VERBS:
        raise QuestionError(f"There is no verb {shown(name)}. There are: {', '.join(VERBS)}.")
    return VERBS[name]


def checked(verb: Verb, request: Any) -> dict[str, Any]:
    """What a request in JSON says, complete with defaults; null says nothing. Raises QuestionError with the remedy."""
    if not isinstance(request, Mapping):
        raise QuestionError(f"The request is {shown(request)}; it is an object of JSON.")
    known = _known(verb, request)
    return _complete(verb, {key: known[key].of_json(value) for key, value in request.items() if value is not None})


def from_words(verb: Verb, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The same for a query string: ``k=5&where=lang=en&only=*.pdf``; ``where`` and ``only`` may stand several times."""
    words: dict[str, list[str]] = {}
    for key, word in pairs:
        words.setdefault(key, []).append(word)
    known = _known(verb, words)
    return _complete(verb, {key: known[key].of_words(some) for key, some in words.items()})


def _known(verb: Verb, keys: Iterable[Any]) -> dict[str, Parameter]:
    """The verb's parameters by name; QuestionError where one of the keys is none: a slip must not pass unseen."""
    known = {one.name: one for one in verb.parameters}
    for key in keys:
        if key not in known:
            listed = f"Known are: {', '.join(known)}." if known else "It takes nothing."
            raise QuestionError(f"{shown(key)} is nothing that {verb.name} may be told. {listed}")
    return known


def _complete(verb: Verb, said: dict[str, Any]) -> dict[str, Any]:
    for one in verb.parameters:
        if one.required and one.name not in said:
            raise QuestionError(f"{verb.name} needs {one.name}: {one.help}")
    defaults = {one.name: one.default for one in verb.parameters if one.default is not None}
    return defaults | said
