"""A converted model as it lies in the user's cache: its files, its tokenizer, its input embeddings."""
