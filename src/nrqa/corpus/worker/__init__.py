"""Reading in a process of its own, with limits, so that no file can stop a run, fill the memory, or reach out."""
