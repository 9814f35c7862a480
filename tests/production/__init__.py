"""`make production-test`: a whole month in the production form, held against the same month embedded."""
