"""Faster engines for passages, opened where there is enough to encode: OpenVINO in bf16, a graphics card."""
