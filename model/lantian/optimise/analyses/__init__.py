"""What is asked about an answer: curves, ranges, reasons, alternatives, other ways of choosing."""
