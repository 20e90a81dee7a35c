"""Receipts: records of an answer, so that its question can be asked again later, and the answers compared.

A receipt holds what was asked, what shaped the answer (encoder, settings, weights, version), what was searched (the
Merkle root over the corpus's documents, filters, gaps), and what was found: for each passage the SHA-256 of its text,
its place and its scores. Of the text itself it holds only the beginning: by this a reader recognises the passage, and
`nrqa replay` finds it.

The receipt's own SHA-256 shows whether it was altered. This hash does not cover the list of documents; it covers the
Merkle root, which proves the list.
"""
