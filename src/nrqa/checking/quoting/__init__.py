"""How a quotation matches a text that it may come from: exact, exact except for typography, elided, or misquoted."""
