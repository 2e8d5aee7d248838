"""Streams of random numbers: one per page of samples and per purpose."""

import numpy as np

PAGE = 1024
"""Samples that are drawn from one stream; a power of two, so that those of Sobol are balanced."""
OPEN = 2.0**-54
"""Least level that is drawn: a distribution without an end has no quantile at 0."""
OF_NUMBERS, OF_WEATHER = 0, 1
"""Streams of a page."""


def stream(seed: int, page: int, what: int) -> np.random.Generator:
    """Return the random numbers of a page.

    Parameters
    ----------
    seed, page
        Which page of which ensemble.
    what
        :data:`OF_NUMBERS` or :data:`OF_WEATHER`.

    Returns
    -------
    numpy.random.Generator
        Independent of all others.
    """
    return np.random.Generator(
        np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(page, what)))
    )
