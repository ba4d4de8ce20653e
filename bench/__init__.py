"""Measurements: `lianbao bench` (run.py) and the comparison of intent classifiers (classifiers/)."""
