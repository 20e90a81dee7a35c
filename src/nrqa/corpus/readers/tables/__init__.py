"""Tables of data: rows of sheets, of delimited text and of records, each row a passage with its headers."""
