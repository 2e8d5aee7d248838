"""Names of columns and rows, made when somebody reads them.

A solve needs none: a hundred thousand names take longer to write than their coefficients.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import SupportsIndex, overload

from lantian.core.system import Index


class Names(Sequence[str]):
    """A tuple of names that is filled at the first look.

    Parameters
    ----------
    count
        How many there are.
    write
        Returns them all.
    """

    def __init__(self, count: int, write: Callable[[], Sequence[str]]) -> None:
        self._size, self._write = count, write

    @cached_property
    def written(self) -> tuple[str, ...]:
        """All names."""
        return tuple(self._write())

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, position: SupportsIndex) -> str: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[str, ...]: ...
    def __getitem__(self, position: SupportsIndex | slice) -> str | tuple[str, ...]:
        return self.written[position]

    def __iter__(self) -> Iterator[str]:
        return iter(self.written)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Names | tuple) and self.written == tuple(other)

    def __hash__(self) -> int:
        return hash(self.written)

    def chosen(self, positions: Index) -> "Names":
        """Return the names at some positions."""
        return Names(len(positions), lambda: [self.written[k] for k in positions.tolist()])


Labels = Names | tuple[str, ...]
"""What columns and rows are called."""
