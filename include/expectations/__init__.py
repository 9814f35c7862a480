"""The catalogue of content rules and the Great Expectations suites made from it; results → Finding.

Importing this package is cheap: pandas and Great Expectations come in with the first `validate` of a process,
or in the background from `prepare` on.
"""

from include.expectations.checked import Checked, History, Past
from include.expectations.validating import RULES, data_docs, prepare, validate

__all__ = ["RULES", "Checked", "History", "Past", "data_docs", "prepare", "validate"]
