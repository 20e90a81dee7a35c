"""How far verdicts, citations, checked quotations and replays can be believed."""
