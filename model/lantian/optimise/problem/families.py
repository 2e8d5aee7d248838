"""What each family of limits says, in words and with its unit."""

from collections.abc import Mapping

from lantian.vocabulary import Family

DOCUMENTATION: Mapping[Family, str] = {
    "states": "No more activity leaves a state than is there or arrives [activity unit]",
    "reach": "Sum of a measure's moves on a source <= reach * eligible activity [activity unit]",
    "new-units": "Measures on the new units of a state take no more than there are [activity unit]",
    "follows": "Activity that ends with that of another source ends by the same share of both",
    "budget": "Annual cost of all moves <= budget [currency/a]",
    "bounds": "at least <= uptake of a measure <= at most [activity unit]",
    "exclusive": "Shares of reach of measures that exclude each other sum to 1 at most, per source",
    "requires": "Share of a measure <= ratio * share of what it needs",
    "resources": "Amount of a shared resource that the measures use <= what there is of it",
    "equity": "Cost borne by a sector or area <= share * cost of all; savings do not count",
    "guard": "Relative cut of VOC >= ratio * relative cut of NOx",
    "user": "The user's constraints",
    "build-up": "What is built in a year: nothing is given up before its time, no more than the"
    " ramp is added [activity unit]",
    "total-budget": "Annual costs of all years <= budget [currency]",
    "whole": "Uptake of a measure that comes in whole units [activity unit]",
    "allowance": "Cost of the mix <= least cost and an allowance [currency/a]",
    "branches": "Rows of targets that one upper limit does not say, choices held [target unit]",
    "targets": "Effect of all moves (less excess) <= limit - value without moves [target unit]",
}
