"""Measures of speed, in a database of their own; each prints ratios, so that the machine does not matter."""
