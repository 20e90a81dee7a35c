"""Pages in the manner of usual sites around a known text: what must be kept of each, and what must not."""

from __future__ import annotations

from dataclasses import dataclass

import project

CORPUS = project.CORPUS
COOKIES = "We and our 842 partners store and access information on your device, such as cookies, to personalise it."
NEWSLETTER = "Get the morning briefing in your inbox every day before seven, free of charge and without any obligation."
OTHERS = (
    "Harbour reopens after the storm that closed it for a week",
    "Ministers agree on a budget after eleven hours of talks",
    "How a small town kept its cinema open through the winter",
)
COMMENTS = (
    "I have lived there for thirty years and I never saw anything like this, honestly.",
    "Well said, but the author forgets what happened in the nineties, does he not?",
)
RIGHTS = "Copyright 2024 The Daily Example Ltd. All rights reserved. Registered office: 12 Harbour Street."
MENU = ("World", "Politics", "Business", "Opinion", "Sports", "Culture", "Travel", "Weather")
FURNITURE = (COOKIES, NEWSLETTER, *OTHERS, *COMMENTS, RIGHTS, "Opinion")


@dataclass(frozen=True, slots=True)
class UsualPage:
    """A page, the stretches of text it is there for, and those that stand around them."""

    name: str
    html: str
    kept: tuple[str, ...]
    left_out: tuple[str, ...]


def _article(name: str) -> tuple[str, ...]:
    lines = (CORPUS / name).read_text("utf-8").splitlines()
    return tuple(line.strip() for line in lines if len(line.strip()) > 80)[1:11]


ONE, TWO = _article("nato-russia.txt"), _article("russia-nato-tensions.txt")


def _paragraphs(texts: tuple[str, ...], attributes: str = "") -> str:
    return "".join(f"<p{attributes}>{text}</p>\n" for text in texts)


def _page(body: str) -> str:
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>The long shadow - The Daily Example</title>"
        f'<meta property="og:site_name" content="The Daily Example"></head>{body}</html>'
    )


_MENU = "<ul>" + "".join(f'<li><a href="/{one}">{one}</a></li>' for one in MENU) + "</ul>"
_CARDS = "".join(
    f'<div class="card"><a href="/{at}"><img alt="picture"><h3>{one}</h3></a><p>By Staff Writer</p></div>'
    for at, one in enumerate(OTHERS)
)
_QUESTIONS = {
    "How do I return an item?": "Send it back within thirty days in its own box, with the slip that came with it.",
    "Do you ship abroad?": "We ship to forty countries by post, and to the islands twice a week when the ferry sails.",
}


def _news() -> UsualPage:
    body = f"""<body><div id="onetrust-banner-sdk" role="dialog"><p>{COOKIES}</p><button>Accept all</button></div>
<header class="site-header"><a href="/">The Daily Example</a><nav>{_MENU}</nav></header><main><article>
<header><h1>The long shadow</h1><p class="standfirst">{ONE[0]}</p><div class="social-share"><a>Facebook</a></div>
</header>
{_paragraphs(ONE[1:4])}<aside class="newsletter-signup"><p>{NEWSLETTER}</p><form><input type=email></form></aside>
<h2>What came after</h2>{_paragraphs(ONE[4:])}
<figure><img alt="dusk"><figcaption>Ships in the harbour of the old town, 1997.</figcaption></figure>
<footer><ul class="tags"><li><a href=/t>Tagged</a></li></ul></footer></article>
<section class="related-articles"><h2>Related</h2>{_CARDS}</section>
<section id="comments"><h2>Comments (2)</h2>{_paragraphs(COMMENTS)}</section></main>
<aside class="sidebar"><h3>Most read</h3>{_MENU}</aside><footer><p>{RIGHTS}</p></footer></body>"""
    kept = (*ONE, "What came after", "Ships in the harbour of the old town, 1997.")
    return UsualPage("news", _page(body), kept, (*FURNITURE, "dusk", "Facebook", "Tagged"))


def _weblog() -> UsualPage:
    comments = "".join(f'<li class="comment"><div class="comment-body"><p>{one}</p></div></li>' for one in COMMENTS)
    body = f"""<body class="single single-post"><div id="page" class="hfeed"><div id="header">
<h1>The Daily Example</h1></div>
<div id="access">{_MENU}</div><div id="main"><div id="content"><div class="post hentry category-comment">
<h2 class="entry-title">The long shadow</h2><div class="entry-content">{_paragraphs(TWO)}
<div class="sharedaddy"><h3>Share this:</h3><ul><li><a>Twitter</a></li></ul></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3>{_CARDS}</div></div></div>
<div id="comments"><h3>2 responses</h3><ol class="commentlist">{comments}</ol></div></div></div>
<div id="primary" class="widget-area"><ul><li class="widget">{_MENU}</li><li class="widget"><p>{NEWSLETTER}</p></li>
</ul>
</div></div><div id="footer"><p>{RIGHTS}</p></div><div class="cookie-notice"><span>{COOKIES}</span></div></body>"""
    return UsualPage("weblog", _page(body), TWO, FURNITURE)


def _tables() -> UsualPage:
    links = "".join(f"<a href=/{one}>{one}</a><br>" for one in MENU)
    others = "".join(f"<a href=/{one[:3]}>{one}</a><br><br>" for one in OTHERS)
    text = "<br><br>".join(ONE)
    body = f"""<body bgcolor=white><table width=100%><tr><td colspan=3><font size=5>The Daily Example</font></td></tr>
<tr><td width=150>{links}</td><td><font face=Arial><b>The long shadow</b><br><br>{text}</font></td><td>{others}</td>
</tr>
</table></body>"""
    return UsualPage("tables", _page(body), ONE, (*OTHERS, "Opinion"))


def _nameless() -> UsualPage:
    cards = "".join(f'<a href=/{at} class="css-card"><span>{one}</span></a>' for at, one in enumerate(OTHERS))
    menu = "".join(f'<a class="css-9z" href=/{one}>{one}</a>' for one in MENU)
    body = f"""<body><div id="__next"><div class="css-1k2j">{menu}</div><div class="css-aa1"><h1>The long shadow</h1>
<div class="css-body">{_paragraphs(ONE[:5], ' class="css-p1"')}<div class="css-q9"><p>Read more</p>{cards}</div>
{_paragraphs(ONE[5:], ' class="css-p1"')}</div></div></div></body>"""
    return UsualPage("nameless", _page(body), ONE, (*OTHERS, "Opinion"))


def _wiki() -> UsualPage:
    body = f"""<body class="mediawiki ns-0"><div id="content" class="mw-body" role="main"><h1>The long shadow</h1>
<div id="bodyContent"><div id="siteSub" class="noprint">From the Example encyclopedia</div>
<a class="mw-jump-link" href="#mw-head">Jump to navigation</a><div class="mw-parser-output">
<div class="hatnote">Not to be confused with the short shadow.</div>
<table class="infobox"><tr><th>Founded</th><td>1949</td></tr><tr><th>Members</th><td>32</td></tr></table>
{_paragraphs(TWO[:2])}<div id="toc" class="toc" role="navigation"><ul><li><a href=#a>1 History</a></li></ul></div>
<h2><span class="mw-headline">History</span><span class="mw-editsection">[<a>edit</a>]</span></h2>{_paragraphs(TWO[2:])}
<h2>See also</h2><ul><li><a href=/w>Warsaw Pact</a></li><li><a href=/q>Partnership for Peace</a></li></ul>
<div class="navbox" role="navigation"><table><tr><td>{_MENU}</td></tr></table></div></div></div>
<div class="catlinks">Categories: <a>Treaties</a></div></div>
<footer id="footer" role="contentinfo"><ul><li>{RIGHTS}</li></ul></footer></body>"""
    kept = (
        *TWO,
        "Founded\t1949",
        "History",
        "Warsaw Pact",
        "Partnership for Peace",
        "Not to be confused with the short",
    )
    return UsualPage("wiki", _page(body), kept, ("Opinion", RIGHTS, "Jump to navigation", "Categories", "edit"))


def _managed() -> UsualPage:
    body = f"""<body class="path-node page-node-type-article"><header role="banner">{_MENU}</header><main role="main">
<div class="region region-content"><h1>The long shadow</h1><article class="node node--type-article">
<footer class="node__meta"><div>Submitted by Ann Lee</div></footer><div class="node__content">
<div class="field field--name-body">{_paragraphs(ONE)}</div>
<section class="field field--name-comment comment-wrapper"><h2>Comments</h2>{_paragraphs(COMMENTS)}</section></div>
</article></div><aside class="layout-sidebar-second"><p>{NEWSLETTER}</p>{_MENU}</aside></main>
<footer role="contentinfo">{RIGHTS}</footer><div class="eu-cookie-compliance-content">{COOKIES}</div></body>"""
    return UsualPage("managed", _page(body), ONE, (COOKIES, NEWSLETTER, *COMMENTS, RIGHTS, "Opinion"))


def _answers() -> UsualPage:
    cards = "".join(
        f'<div class="card"><div class="card-header"><h2><button aria-controls="c{at}">{question}</button></h2></div>'
        f'<div id="c{at}" class="collapse" style="display:none"><div class="card-body">{answer}</div></div></div>'
        for at, (question, answer) in enumerate(_QUESTIONS.items())
    )
    body = (
        f"<body><nav>{_MENU}</nav><div class=container><h1>Questions</h1>{cards}</div><footer>{RIGHTS}</footer></body>"
    )
    return UsualPage("answers", _page(body), (*_QUESTIONS, *_QUESTIONS.values()), (RIGHTS, "Opinion"))


def _listing() -> UsualPage:
    posts = "".join(
        f"<article><h2><a href=/{at}>Entry {at}</a></h2><p>{one}</p></article>" for at, one in enumerate(ONE)
    )
    body = f"<body><header><nav>{_MENU}</nav></header><main>{posts}</main><footer>{RIGHTS}</footer></body>"
    return UsualPage("listing", _page(body), (*ONE, "Entry 3"), (RIGHTS, "Opinion"))


def _directory() -> UsualPage:
    names = (
        "Harbour office of the old town",
        "Register of ships and boats",
        "Museum of the sea",
        "Library of the faculty",
    )
    links = "".join(f"<li><a href=/{at}>{one}</a></li>" for at, one in enumerate(names))
    body = f'<body><div id="nav">{_MENU}</div><div class="content"><h1>Addresses</h1><ul>{links}</ul></div></body>'
    return UsualPage("directory", _page(body), names, ("Opinion",))


def _prices() -> UsualPage:
    rows = "".join(f"<tr><td>Item {at}</td><td>{at * 7} EUR</td></tr>" for at in range(1, 30))
    table = f"<table><thead><tr><th>Service</th><th>Price</th></tr></thead><tbody>{rows}</tbody></table>"
    body = f'<body><div class="menu">{_MENU}</div><div><h1>Prices</h1>{table}</div></body>'
    return UsualPage("prices", _page(body), ("Service\tPrice", "Item 1\t7 EUR", "Item 29\t203 EUR"), ("Opinion",))


def _discussion() -> UsualPage:
    posts = "".join(
        f'<div class="post comment"><div class="author">u{at}</div><p>{one}</p></div>' for at, one in enumerate(ONE)
    )
    return UsualPage(
        "discussion", _page(f'<body><div id="menu">{_MENU}</div><div>{posts}</div></body>'), ONE, ("Opinion",)
    )


def _manual() -> UsualPage:
    body = f"""<body class="wy-body-for-nav"><nav class="wy-nav-side">{_MENU}</nav><section><div class="wy-nav-content">
<div role="main" class="document"><section id="x"><h1>Installing<a class="headerlink" href="#x">¶</a></h1>
<p>Run this and wait until it says that it is done:</p><div class="highlight"><pre>
pip<span class="w"> </span>install<span class="w"> </span>thing
<b class="comment"># a comment here</b>
    thing --version
</pre></div>
<div class="admonition note"><p>Note</p>
<p>The ferry must be in harbour before you begin the second step of this.</p></div>
<aside class="sidebar"><p>Aside</p><p>A word on where the configuration is kept, which many people ask about.</p>
</aside>
<dl class="py function"><dt class="sig">thing.run(speed=3)</dt><dd><p>Runs the thing at a speed.</p></dd></dl></section>
</div><footer><a>Next</a><p>{RIGHTS}</p></footer></div></section></body>"""
    kept = (
        "Installing",
        "pip install thing\n# a comment here\n    thing --version",
        "The ferry must be in harbour before you begin the second step of this.",
        "A word on where the configuration is kept, which many people ask about.",
        "thing.run(speed=3)\nRuns the thing at a speed.",
    )
    return UsualPage("manual", _page(body), kept, ("¶", "Opinion", RIGHTS))


USUAL_PAGES = tuple(
    make()
    for make in (
        _news,
        _weblog,
        _tables,
        _nameless,
        _wiki,
        _managed,
        _answers,
        _listing,
        _directory,
        _prices,
        _discussion,
        _manual,
    )
)
