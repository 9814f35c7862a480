"""Workbooks as they really arrive.

`cases/` holds files with the expected answer beside each (`returns` says what is in them, `make` makes them);
`education` and `faults` make small ones anew for tests of the reader alone.
"""
