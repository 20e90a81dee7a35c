"""The headers of every answer: what a browser may do with it."""

from __future__ import annotations

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing but our own style sheet, script and pictures: what a document holds could not run if it were not escaped."""

SECURITY = tuple(
    (name.encode(), value.encode())
    for name, value in {
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        # With no-referrer, browsers would send our own forms with the Origin of nobody (null).
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }.items()
)
PRIVATE = "private, no-cache"
"""Kept by the browser alone, and asked for again each time (an ETag may then say that nothing changed)."""
