"""How results look in a notebook: pieces of HTML, escaped, without script, in the colours of the page around them.

A notebook that is not trusted loses the style, and others lose the tags: so the elements carry the meaning (``mark``,
``blockquote``, ``del``, ``ins``, ``details``), and what is left still reads as the command line prints it.
"""
