"""One generation of the index: its layout, reading and writing; no other package knows its file names."""

STANDING, CALIBRATION = "standing", "calibration.json"
"""What users put beside the generations (see modules standing and calibration): no writer touches it."""
