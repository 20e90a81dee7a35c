"""Encoding in shards of the corpus, by processes here or on a cluster, before the build that finds it done."""
