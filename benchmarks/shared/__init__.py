"""What several benchmarks use: question sets, corpora of any size, and how results are written down."""
