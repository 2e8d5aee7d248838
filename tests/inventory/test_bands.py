"""Plausible bands against the ranges of our own numbers: both ends of all of them lie inside.

The door judges central values only. A range that leaves its band says that one of the two is wrong.
"""

import numpy as np
import pytest

from lantian.inventory.contract import every_year
from lantian.vocabulary import POLLUTANTS
from support.columns import PLANS, study_of


@pytest.mark.parametrize("plan", PLANS)
def test_factors_at_both_ends_of_all_ranges_are_plausible(plan: str) -> None:
    study = study_of(plan)
    ends = np.concatenate(study.space.ends(), axis=1)
    outside, judged = [], 0
    for sector, model in zip(study.sectors, study.compiled.models, strict=True):
        factor = model.factors(ends, every_year(len(study.system.years)))
        row = {POLLUTANTS[p]: i for i, p in enumerate(model.pollutants.tolist())}
        for k, (source, technology) in enumerate(model.kinds):
            for pollutant, (low, high) in sector.source(source).bands.items():
                values = factor[k, row[pollutant]]
                wrong = values[(values != 0.0) & ((values < low) | (values > high))]
                judged += 1
                outside += [f"{source} {technology} {pollutant}: {v:.3g}" for v in wrong[:1]]
    assert outside == []
    assert judged > 500
