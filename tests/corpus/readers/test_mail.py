"""Messages and mailboxes: who wrote what when, without repeating what is quoted."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import project
from nrqa.corpus.passages.locators import locating
from nrqa.corpus.readers.document import read_document
from nrqa.corpus.readers.mail.quoting import stretches
from nrqa.errors import UnreadableError
from nrqa.records import Block, Document

DOCUMENTS = project.DOCUMENTS / "mail"
ENGLISH = "I do not agree with this at all, and neither does anybody else."


def _read(data: bytes | str, name: str = "a.eml") -> tuple[Document, tuple[Block, ...]]:
    return read_document(name, data.encode() if isinstance(data, str) else data)


def _passages(data: bytes | str, name: str = "a.eml") -> list[str]:
    document, blocks = _read(data, name)
    return [document.text[one.start : one.end] for one in blocks]


def _mail(body: str, *, head: str = "", subject: str = "On war", type_: str = "text/plain; charset=utf-8") -> str:
    return f"From: Ann Lee <ann@example.org>\nSubject: {subject}\n{head}Content-Type: {type_}\n\n{body}"


def test_a_message_has_sender_date_and_subject_as_metadata() -> None:
    document, blocks = _read((DOCUMENTS / "reply.eml").read_bytes())
    assert document.title == "Re: Missile defence: what Moscow says"
    assert document.metadata["author"] == "Jörg Müller <jm@example.org>"
    assert document.metadata["to"] == "list@example.org"
    assert document.metadata["date"] == "2014-05-06"
    assert [document.text[one.start : one.end] for one in blocks] == [
        "I do not agree. The radar in Turkey can be turned."
    ]
    assert "> Russia perceives the installations" in document.text
    (flag,) = document.flags
    assert (flag.kind, flag.detail) == ("lost text", "attachment not read: Übersicht.pdf (application/pdf)")


def test_each_message_of_a_mailbox_stands_under_its_subject_sender_and_date() -> None:
    document, blocks = _read((DOCUMENTS / "thread.mbox").read_bytes(), "thread.mbox")
    assert [one.label for one in document.places] == ["1", "2", "3"]
    assert {one.kind for one in document.places} == {"message"}
    assert blocks[1].heading == ("Missile defence: what Moscow says", "Ann Lee, 2014-05-05")
    assert locating(document.places)(blocks[-1].start, blocks[-1].end)[0].first == "3"
    assert "From: Zoe <zoe@example.org>\nDate: Wed, 07 May 2014 10:07:00 +0200" in document.text


def test_a_mailbox_does_not_repeat_what_it_quotes_but_keeps_what_stands_nowhere_else() -> None:
    words = _passages((DOCUMENTS / "thread.mbox").read_bytes(), "thread.mbox")
    assert sum("perceives the installations" in one for one in words) == 1
    assert sum("radar in Turkey" in one for one in words) == 1
    assert "> Somebody outside this list said that the interceptors in Romania are ready." in words
    assert not any("wrote" in one or "Phone" in one for one in words)


BROKEN = (
    "Received: from a.example.org\n\tby mx.example.com; Wed, 23 Feb 2005 17:51:49 -0500\n{}"
    "From: Ann Lee <ann@example.org>\nSubject: On war\nDate: Wed, 23 Feb 2005 18:20:17 -0400\n\nThe pump runs again.\n"
)


@pytest.mark.parametrize(
    "line",
    [
        "quite Delivered-To: ann@example.com\n",
        "no field at all\n",
        "Received-SPF: softfail\n receiver=example.com;\nquite broken: x\nand once more\n",
        ": without a name\n",
    ],
)
def test_a_broken_line_does_not_end_the_header(line: str) -> None:
    document, blocks = _read(BROKEN.format(line))
    assert document.title == "On war"
    assert document.metadata["author"] == "Ann Lee <ann@example.org>"
    assert [document.text[one.start : one.end] for one in blocks] == ["The pump runs again."]
    mailbox = "From ann@example.org Wed Feb 23 18:20:17 2005\n" + BROKEN.format(line)
    assert _passages(mailbox, "a.mbox") == ["The pump runs again."]


def test_text_that_follows_the_header_without_an_empty_line_is_text() -> None:
    document, _ = _read("From: a@example.org\nSubject: x\nThe pump runs.\nNote: on Monday.\n")
    assert "The pump runs." in document.text
    assert "on Monday." in document.text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "us-ascii"])
def test_a_message_in_utf_16_is_read(encoding: str, charset: str) -> None:
    mail = _mail("Die Pumpe läuft wieder, größer als zuvor.", type_=f"text/plain; charset={charset}")
    document, _ = _read(mail.encode(encoding))
    assert document.title == "On war"
    assert "Die Pumpe läuft wieder, größer als zuvor." in document.text
    mailbox = "From ann@example.org Wed Feb 23 18:20:17 2005\n" + mail
    assert "größer" in _read(mailbox.encode(encoding), "a.mbox")[0].text


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
@pytest.mark.parametrize(
    "before", ["", "\ufeff", "From ann@example.org Wed Feb 23 18:20:17 2005\n", "\n\n", "\ufeff>From a\n"]
)
def test_a_message_may_have_any_line_ends_and_stand_below_a_mailbox_s_line(end: str, before: str) -> None:
    document, _ = _read((before + _mail("The pump runs again.")).replace("\n", end))
    assert document.title == "On war"
    assert document.text.endswith("The pump runs again.")


def test_words_in_the_colour_of_paper_are_flagged_however_few() -> None:
    body = '<p>The pump runs.</p><p><font color="#FFFFFF">9bbf38 white words</font></p><p style="display:none">Logo</p>'
    document, _ = _read(_mail(body, type_="text/html"))
    assert document.text.endswith("The pump runs.")
    assert [(flag.kind, flag.detail) for flag in document.flags] == [("hidden text", "9bbf38 white words")]


@pytest.mark.parametrize(
    "announced",
    [
        "On Mon, 5 May 2014 at 10:05, Bob <bob@example.org> wrote:\n> ",
        "On Mon, 5 May 2014 at 10:05, Bob Ray\n<bob@example.org> wrote:\n\n> ",
        "Am 05.05.14 um 10:05 schrieb Bob:\n> ",
        "Le lun. 5 mai 2014 à 10:05, Bob <bob@example.org> a écrit :\n> ",
        "El lun, 5 may 2014 a las 10:05, Bob escribió:\n> ",
        "Il giorno lun 5 mag 2014 alle ore 10:05 Bob ha scritto:\n> ",
        "Op ma 5 mei 2014 om 10:05 schreef Bob:\n> ",
        "Em seg, 5 de mai de 2014 às 10:05, Bob escreveu:\n> ",
        "5 мая 2014 г., 10:05, Bob написал(а):\n> ",
        "-----Original Message-----\nFrom: Bob\nSent: Monday\nSubject: On war\n\n",
        "-----Ursprüngliche Nachricht-----\nVon: Bob\nGesendet: Montag\nAn: Ann\nBetreff: On war\n\n",
        "________________________________\nFrom: Bob <bob@example.org>\nSent: Monday\nTo: Ann\nSubject: On war\n\n",
        "De : Bob\nEnvoyé : lundi\nÀ : Ann\nObjet : On war\n\n",
        "On Mon, 5 May 2014 at 10:05, Bob <bob@example.org> wrote:\n\n",
    ],
)
def test_what_is_quoted_below_a_reply_is_no_passage(announced: str) -> None:
    document, blocks = _read(_mail(f"{ENGLISH}\n\n{announced}The words that Bob wrote before."))
    assert [document.text[one.start : one.end] for one in blocks][:1] == [ENGLISH]
    assert not any("Bob" in document.text[one.start : one.end] for one in blocks)
    assert "The words that Bob wrote before." in document.text


def test_what_is_answered_between_its_lines_is_kept_with_its_marks() -> None:
    assert _passages(_mail(f"> Is that so?\n>> It was\n>> said before.\n\n{ENGLISH}")) == [
        "> Is that so?",
        ">> It was",
        ">> said before.",
        ENGLISH,
    ]


def test_what_is_handed_on_is_no_quotation() -> None:
    body = (
        "See below.\n\n---------- Forwarded message ---------\nFrom: Bob\nDate: Monday\nSubject: x\n\nWords of Bob.\n"
    )
    assert "Words of Bob." in _passages(_mail(body, subject="Fwd: On war"))
    assert "Words of Bob." in _passages(_mail(body))


def test_a_message_that_only_quotes_keeps_it() -> None:
    assert _passages(_mail("> All that there is to say.\n")) == ["> All that there is to say."]


def test_prose_is_not_taken_for_an_announcement() -> None:
    body = "On that day he wrote a letter.\n\nFrom: a place far away\n\nHe said:\n\nNothing more was heard of it."
    assert " ".join(_passages(_mail(body))) == " ".join(body.split("\n\n"))


def test_signatures_are_no_passages() -> None:
    document, _ = _read(_mail(f"{ENGLISH}\n\n-- \nAnn Lee\nPhone 123\n"))
    assert _passages(_mail(f"{ENGLISH}\n\n-- \nAnn Lee\nPhone 123\n")) == [ENGLISH]
    assert "Phone 123" in document.text


def test_wrapped_and_flowed_text_is_unwrapped() -> None:
    wrapped = (
        f"{ENGLISH} And this sentence goes\non in the next line, as mail programs do at a margin of about\n70 letters."
    )
    assert len(_passages(_mail(wrapped))) == 1
    flowed = "A soft \nline \nend.\nA hard one.\n> quoted \n> softly\n\nMore.\n"
    kind = "text/plain; charset=utf-8; format=flowed"
    assert _passages(_mail(flowed, type_=kind))[:3] == ["A soft line end.", "A hard one.", "> quoted softly"]
    assert _passages(_mail("Donau \ndampf\n", type_=f"{kind}; delsp=yes")) == ["Donaudampf"]


@pytest.mark.parametrize(
    ("head", "title", "author"),
    [
        (
            "Subject: =?utf-8?Q?=C3=9Cber?= =?utf-8?Q?morgen?=\nFrom: =?iso-8859-1?Q?M=FCller=2C_J?= <m@x.org>",
            "Übermorgen",
            "Müller, J <m@x.org>",
        ),
        ("Subject: Über uns\nFrom: ann@x.org", "Über uns", "ann@x.org"),
        ("Subject: =?klingon?Q?=FF=FE?= =?utf-8?B?!!!?=\nFrom: <>", None, None),
        ('Subject: a\n  folded one\nFrom: "Lee, Ann" (her) <ann@x.org>', "a folded one", "Lee, Ann"),
        ("SUBJECT: loud\nfrom: undisclosed", "loud", "undisclosed"),
    ],
)
def test_headers_are_decoded_however_broken(head: str, title: str | None, author: str | None) -> None:
    document, _ = _read(f"{head}\nDate: never\n\n{ENGLISH}\n")
    if title is not None:
        assert document.title == title
        assert str(document.metadata["author"]).startswith(str(author))


@pytest.mark.parametrize(
    ("charset", "data", "text"),
    [
        ("utf-8", "Die Größe der Flotte".encode("cp1252"), "Die Größe der Flotte"),
        ("us-ascii", "Größe".encode(), "Größe"),
        ("iso-8859-1", "“Größe”".encode("cp1252"), "“Größe”"),
        ("koi8-r", "Размер".encode("koi8-r"), "Размер"),
        ("no-such-thing", "Größe".encode(), "Größe"),
        ("utf-16", "Größe".encode("utf-16"), "Größe"),
    ],
)
def test_bodies_are_decoded_by_what_holds(charset: str, data: bytes, text: str) -> None:
    head = f"From: a@x.org\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n"
    assert _passages(head.encode() + base64.encodebytes(data)) == [text]


def test_html_is_read_where_there_is_no_plain_text() -> None:
    page = (
        f"<p>{ENGLISH}</p><ul><li>one</li><li>two</li></ul><p style='display:none'>what no reader sees</p>"
        "<div class='gmail_quote'><div>On Monday Bob wrote:</div><blockquote>Words of Bob.</blockquote></div>"
    )
    document, blocks = _read(_mail(page, type_="text/html; charset=utf-8"))
    words = [document.text[one.start : one.end] for one in blocks]
    assert words[0].startswith(ENGLISH)
    assert not any("Bob" in one or "no reader" in one for one in words)
    assert "Words of Bob." in document.text
    assert [one.kind for one in document.flags] == ["hidden text"]


def test_of_two_ways_to_say_it_the_plain_one_is_read_once() -> None:
    message = EmailMessage()
    message["From"] = "a@x.org"
    message.set_content(ENGLISH)
    message.add_alternative(f"<p>{ENGLISH}</p>", subtype="html")
    assert _passages(message.as_bytes()) == [ENGLISH]


def test_attached_messages_are_read_under_their_own_subject() -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"], inner["Date"] = "bob@x.org", "Before", "Mon, 05 May 2014 10:05:00 +0200"
    inner.set_content("Words of Bob.")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "ann@x.org", "Now"
    outer.set_content(ENGLISH)
    outer.add_attachment(inner)
    document, blocks = _read(outer.as_bytes())
    assert [one.heading for one in blocks] == [(), ("Before", "bob@x.org, 2014-05-05")]
    assert [(one.kind, one.label) for one in document.places] == [("part", "1"), ("part", "2")]


def test_lines_that_begin_with_from_begin_no_message() -> None:
    head = "From ann@x.org Mon May  5 10:05:00 2014\nFrom: ann@x.org\nSubject: x\n\n"
    body = f">From here on it is sure.\n\nFrom there it is not.\n>>From quoting.\n\n{ENGLISH}\n\n"
    document, _ = _read(head + body + head + "Second.\n", "a.mbox")
    assert [one.label for one in document.places] == ["1", "2"]
    assert "From here on it is sure." in document.text
    assert ">From here" not in document.text
    crlf = (head + body + head + "Second.\n").replace("\n", "\r\n")
    assert _read(crlf, "a.mbox")[0].text == document.text


ENCRYPTED = (
    'From: a@x.org\nContent-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\n\n'
    "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
    "--b\nContent-Type: application/octet-stream\n\nxx\n--b--\n"
)


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (ENCRYPTED, "a.eml", "encrypted"),
        (_mail("-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n"), "a.eml", "encrypted"),
        (_mail("MIIB", type_="application/pkcs7-mime; smime-type=enveloped-data"), "a.eml", "encrypted"),
        ("Just some words.\n\nAnd more.", "a.eml", "not an e-mail"),
        (_mail(" \n"), "a.eml", "no text in it"),
        (_mail("", type_="application/pdf; name=x.pdf"), "a.eml", "only attachment not read: x.pdf"),
        ("Just some words.\n", "a.mbox", "not a mailbox"),
        (b"\x00\x01\xff" * 400, "a.eml", "not an e-mail"),
    ],
)
def test_what_is_no_message_has_its_reason(data: str | bytes, name: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        _read(data, name)


def _nested(depth: int) -> str:
    opened = "".join(f"Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n" for at in range(depth))
    return f"From: a@x.org\n{opened}\n{ENGLISH}\n"


@pytest.mark.slow
def test_parts_may_be_nested_but_not_without_end() -> None:
    assert _passages(_nested(20)) == [ENGLISH]
    for depth in (200, 3000):
        with pytest.raises((UnreadableError, RecursionError)):
            _read(_nested(depth))
    mailbox = f"From a\n{_nested(3000)}\n\nFrom b\n{_mail(ENGLISH)}\n"
    document, blocks = _read(mailbox, "a.mbox")
    assert len(blocks) == 1
    assert document.flags[-1].detail == "message 1 is nested too deeply"


def test_a_signed_text_is_read_without_its_armour() -> None:
    body = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{ENGLISH}\n-----BEGIN PGP SIGNATURE-----\n\nabc\n=x\n"
    assert _passages(_mail(body)) == [ENGLISH]


@given(st.text("ab >\n-:\u00a0From", max_size=80))
def test_no_line_of_a_body_is_lost(body: str) -> None:
    found = [line for one in stretches(body, forward=False) for line in one.lines]
    assert len(found) == len(body.split("\n"))


@given(st.data())
def test_a_mutated_message_gives_a_document_or_a_reason(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["reply.eml", "thread.mbox"]))
    raw = bytearray((DOCUMENTS / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        document, blocks = read_document(name, bytes(raw))
    except UnreadableError:
        return
    for one in blocks:
        assert document.text[one.start : one.end].strip()
    for before, after in pairwise(blocks):
        assert before.end <= after.start
    for kind in ("message", "part"):
        its = [one for one in document.places if one.kind == kind]
        assert all(one.end <= other.start for one, other in pairwise(its))
