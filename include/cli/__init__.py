"""The `duban` command: the same use cases as the DAGs, from a shell."""

from include.cli.main import main

__all__ = ["main"]
