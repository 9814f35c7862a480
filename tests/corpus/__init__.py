"""Workbooks as they really arrive, made anew for each test run from the real template."""
