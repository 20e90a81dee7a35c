"""An encoder that came with an index: somebody else's graph and tokenizer, which run in a process that is shut in."""
