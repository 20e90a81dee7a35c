"""An index in one file: a bundle, whose members are those of a folder (see ``listing``), and which is never written to.

A question does not read the file itself, but what was unpacked from it into the user's cache (``cache``), once for
each root of its hash tree.
"""
