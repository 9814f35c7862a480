"""Frozen values that pass between rooms."""
