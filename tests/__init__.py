"""Tests of duban. Helper code in plain modules here; fixtures in `conftest.py`."""
