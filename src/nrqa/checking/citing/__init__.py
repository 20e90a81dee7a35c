"""What a draft cites, and which of its citations each quotation carries."""
