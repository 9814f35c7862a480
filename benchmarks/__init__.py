"""Speed and memory, each with its yardstick beside it."""
