"""Tables as others keep them -> a finished inventory, and regions that begin as another's.

``sheets`` opens a book, ``propose`` guesses how it is to be read, ``mapping`` keeps that beside the
book, ``rows`` reads by it, ``project`` writes what a scenario runs on.
"""
