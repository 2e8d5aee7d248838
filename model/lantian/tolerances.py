"""What counts as equal: every tolerance of the program, with its unit and its reason.

Numbers are doubles, true to 16 digits. What is computed from a few thousand of them keeps 12 to 13;
what a solver returns is feasible and optimal to a stated tolerance only. The constants stand in
this order, each with room above the error that it lets pass and below any difference that matters:
no figure of an inventory is known to more than four digits.
"""

NOTHING = 1e-12
"""Amount that is none [1, of all there is: the source's activity, the move's capacity, the wanted
uptake, the target's value without measures]. Rounding of sums leaves up to 1e-13."""

ROUNDING = 1e-9
"""Relative difference of two amounts, costs or slopes that are the same [1, of the larger; of the
costs that were summed, where they can cancel]. They were computed in another order or converted
from another unit, or are the solver's answer to :data:`SOLVER`."""

SOLVER = 1e-9
"""How far the solver's answer may lie outside a bound, or a reduced cost on the wrong side of zero
[1, scaled program]. The tightest that HiGHS keeps to without trouble; its own is 1e-7."""

DROPPED = 1e-9
"""Coefficient that is left out [1, of the largest of its row, columns scaled]. HiGHS drops such
entries in silence; the program must not hold what the solver does not see, or its answers would
fail our check."""

NO_PRICE = 1e-9
"""Price or reduced cost that is none [1, of the terms it is the sum of]. Complementary slackness
holds columns and rows at their bounds by it: a price of rounding size must hold nothing."""

ACCEPTED = 1e-8
"""Largest violation of an optimality condition in an answer that is believed, and excess over a
limit that is its rounding [1, of the terms summed]. Ten times :data:`SOLVER`: the solver judges
in its own scaling."""

TOUCHING = 1e-8
"""Distance to a limit below which it is reached [1, scaled program]. Ten times :data:`SOLVER`, so
that a limit which binds is never taken for one that does not."""

LOOSENED = 2.0**-26
"""By how much a limit at the very edge of what is possible is let loose [1, of the range]: the
square root of a double's precision. Less, and rounding would make the problem infeasible."""

MINOR = 1e-7
"""Part of the largest of several numbers of one answer [1] that is rounding: a move that changes, a
limit that is worth something, another mix that costs the same. They are quotients of what the
solver returns to :data:`SOLVER`."""

WHOLE = 1e-6
"""Part of a whole unit [1] that is rounding. The tolerance of whole numbers that solvers use."""

SAME_COST = 1e-6
"""Relative difference of cost [1] that is due to limits kept to :data:`ACCEPTED` only: at a steep
price it costs a hundred times as much."""

UNSEEN = 1e-6
"""Relative difference [1] that no reader is told about: tables show three to five digits."""

SHOWN_AS_ZERO = 1e-9
"""Absolute value, in whatever unit a number is shown in, below which it is shown as 0."""
SAME_SUM = 1e-5
"""Relative distance within which a row of a table is taken for the sum of others, as printed."""
