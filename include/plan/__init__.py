"""The year plan: nouns, strict loading, amendments."""
