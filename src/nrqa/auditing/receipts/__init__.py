"""Receipts: an answer written down so that it can be asked again later, and compared.

A receipt holds what was asked, what shaped the answer (encoder, settings, weights, version), what was searched (the
Merkle root over the corpus's documents, filters, gaps), and what came out: each passage by the SHA-256 of its text,
with its place and scores. Of the text itself it holds only the beginning, by which a reader knows the passage and
`nrqa replay` finds it.

Its own SHA-256 tells a receipt that was altered. The list of documents stands outside of that: the Merkle root, which
is inside, speaks for it.
"""
