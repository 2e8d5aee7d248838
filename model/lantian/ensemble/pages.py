"""Samples page by page: what one worker computes of a large ensemble and hands back."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lantian.core.system import Array
from lantian.ensemble.draws import Draws, draws_of
from lantian.ensemble.evaluate import blocks
from lantian.ensemble.outcomes import Inquiry, Outcomes, ask, joined, of_block
from lantian.ensemble.sampled import under_weather
from lantian.ensemble.streams import PAGE
from lantian.study.model import CaseResult, Study
from lantian.vocabulary import Case


@dataclass(frozen=True)
class Page:
    """Outcomes of the samples that are drawn from one stream.

    Attributes
    ----------
    number
        Which of the pages.
    outcomes
        Under the weather of the year, those of impossible samples among them.
    normal
        Factor from there to normal weather [1], dims (target, sample).
    """

    number: int
    outcomes: Outcomes
    normal: Array


@dataclass(frozen=True)
class Pages:
    """The samples of a study and its solved mixes, to be had page by page in any order.

    Attributes
    ----------
    study
        The scenario put together.
    solved
        Mixes that are told besides baseline and plan; their shares are held.
    """

    study: Study
    solved: Mapping[Case, CaseResult]

    @cached_property
    def inquiry(self) -> Inquiry:
        """What is asked of every sample."""
        return ask(self.study, solved=self.solved)

    @cached_property
    def draws(self) -> Draws:
        """The samples."""
        return draws_of(self.study)

    def page(self, number: int) -> Page:
        """Return a page.

        Parameters
        ----------
        number
            Which one.

        Returns
        -------
        Page
            The same bytes whoever else computes whatever other page.
        """
        first = number * PAGE
        own = slice(first, min(first + PAGE, self.draws.samples))
        size = own.stop - own.start
        parts = [slice(first + b.start, first + b.stop) for b in blocks(size)]
        found = joined([of_block(self.inquiry, self.draws.theta(part)) for part in parts])
        outcomes, effects = under_weather(self.study, found, own)
        normal = np.ones((len(self.study.targets), size))
        for t, effect in effects.items():
            normal[t] = effect.normal / effect.year[0]
        return Page(number, outcomes, normal)


def pages_of(samples: int) -> range:
    """Return the numbers of the pages of so many samples."""
    return range(-(-samples // PAGE))
