"""Recognises lines of a file that are not its text: source notices, and boilerplate left over from a web page."""

from __future__ import annotations

import re

_MOST_NOTICE = 400
_MOST_BOILERPLATE = 60
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")

_MACHINE = r"""
    \b(?:AI|A\.I\.|artificial\ intelligence|IA|KI|machine|automati\w+|ChatGPT|GPT|LLM|ИИ)\b
"""
_MADE = r"""
    assist|generat|génér|generad|generier|creat|erstellt|written|écrit|translat|tradu|übersetz|produc|
    перевед|созда
"""
# "This piece includes AI-assisted content", "Cet article a été traduit automatiquement".
_SELF = r"""
    \b(?:this|these|the\ following|ce|cet|cette|dieser?|dieses|este|esta|questo|questa|эт\w+)\s+(?:\w+\s+){0,2}?
    (?:piece|article|page|post|text|document|content|story|report|translation|transcript|book|paper|note|
       texte|contenu|rapport|traduction|Artikel|Text|Beitrag|Seite|Dokument|Übersetzung|
       artículo|texto|página|documento|contenido|traducción|articolo|testo|стат\w+|текст)\b
"""
_LABEL = r"""
    ^\W*(?:note\ (?:for|to)\ (?:the\ )?readers?|editor['’]?s\ note|disclaimer|source\ notice|
       translator['’]?s\ note|note\ aux\ lecteurs|avertissement|hinweis|anmerkung\ der\ redaktion|
       nota\ (?:del\ editor|a\ los\ lectores|para\ los\ lectores)|avviso)\b\s*:
"""
_FLAGS = re.IGNORECASE | re.VERBOSE
_LABELLED = re.compile(_LABEL, _FLAGS)
_MADE_BY_MACHINE = re.compile(rf"(?:{_MACHINE}).{{0,60}}?(?:{_MADE})|(?:{_MADE}).{{0,60}}?(?:{_MACHINE})", _FLAGS)
_OF_ITSELF = re.compile(_SELF, _FLAGS)

_BOILERPLATE = re.compile(
    r"""
    (?:share(?:\ (?:this|on|via|article|post|the\ post|this\ (?:article|post|page|story)))?
      |(?:share\ on\ )?(?:facebook|twitter|x|linkedin|whatsapp|telegram|reddit|pinterest|instagram|youtube)
      |tweet|pin\ it|e-?mail|print|print\ (?:this\ )?(?:page|article)|copy\ link|save|bookmark|like|follow\ us
      |read\ (?:more|next|also)|see\ also|related(?:\ (?:articles|posts|stories|content|topics))?|you\ may\ also\ like
      |subscribe(?:\ now)?|sign\ (?:up|in)|log\ ?in|newsletter|advertisement|sponsored(?:\ content)?
      |comments?(?:\ \(\d+\)?)?|leave\ a\ (?:comment|reply)|no\ comments(?:\ yet)?|skip\ to\ (?:main\ )?content
      |back\ to\ top|next(?:\ (?:article|post))?|previous(?:\ (?:article|post))?|menu|search|home|tags
      |all\ rights\ reserved|cookie\ (?:policy|settings)|accept(?:\ all)?(?:\ cookies)?
      |partager(?:\ (?:sur|cet\ article))?|imprimer|lire\ (?:aussi|plus|la\ suite)|commentaires?|publicité|s['’]abonner
      |teilen|drucken|weiterlesen|mehr\ lesen|kommentare?|anzeige|werbung|compartir|imprimir|leer\ más|comentarios?
      |publicidad|condividi|stampa|leggi\ anche|поделиться|печать|комментарии|читайте\ также)
    """,
    _FLAGS,
)


def is_notice(text: str) -> bool:
    """Whether a paragraph at the start or end of a document says how the document itself was made.

    It must have a label such as "Note for readers:", or say that this text was made by a machine.
    """
    if len(text) > _MOST_NOTICE:
        return False
    if _LABELLED.search(text):
        return True
    return bool(_OF_ITSELF.search(text) and _MADE_BY_MACHINE.search(text))


def is_boilerplate(text: str) -> bool:
    """Whether a line of its own is left over from a web page (``Share:``) or contains no letter or digit."""
    if not any(char.isalnum() for char in text):
        return True
    if len(text) > _MOST_BOILERPLATE:
        return False
    return bool(_BOILERPLATE.fullmatch(_EDGES.sub("", text)))
