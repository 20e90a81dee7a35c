"""Who may ask the server, from where, how much and how slowly; what the browser may do with the answer."""
