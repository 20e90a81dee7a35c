"""The page: what a browser shows of the verbs, made here whole, so that it works without a script."""
