"""How a quotation stands to a text it may come from: exact, exact but for typography, elided, or misquoted."""
