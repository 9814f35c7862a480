"""What the board and its JSON API show: how plans stand now, as values (`views`) made from the store.

Light to import: the heavy modules are imported by whoever answers a request.
"""
