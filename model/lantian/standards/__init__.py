"""Air-quality standards as data: limits, break points of the index, rounding and validity."""
