"""The agents' server: the verbs as tools of the Model Context Protocol, for programs that write with a language model.

It only reads. What it tells is text: passages set apart as quotations, what is left out counted, and where to go on.
"""
