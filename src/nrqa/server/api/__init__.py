"""The verbs as JSON for programs, under /v1."""
