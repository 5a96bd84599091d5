"""Likely duplicates: one event told by two sources, found, decided by a person, brought together, and taken apart."""
