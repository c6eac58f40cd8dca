"""Migration statistics: rates, effectiveness, intensity.

Every function is plain arithmetic on NumPy arrays. The one rule behind them:
*numerator and denominator must count the same moves*. `Moves` carries what a
figure counts, and the functions refuse to mix.

References
----------
.. [1] Bell, M. et al. (2002). Cross-national comparison of internal migration:
   issues and measures. *Journal of the Royal Statistical Society A* 165(3),
   435-464.
.. [2] Courgeau, D. (1973). Migrations et découpages du territoire.
   *Population* 28(3), 511-537.
.. [3] Rees, P. & Lomax, N. (2020). Ravenstein revisited: the analysis of
   migration, then and now. *Comparative Population Studies* 44.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from migrationlab.models.domain import ratio

__all__ = [
    "KINDS",
    "MixedMovesError",
    "Moves",
    "aggregate_net_migration_rate",
    "counterstream_ratio",
    "courgeau_k",
    "crude_migration_intensity",
    "effectiveness",
    "effectiveness_from_counterstream",
    "effectiveness_index_from_net",
    "from_matrix",
    "gross",
    "migration_effectiveness_index",
    "net",
    "net_between_regions",
    "population_end",
    "rate",
]

KINDS = {
    "interregional": "moves from one region to another",
    "all_internal": "all moves within the country, those inside a region included",
    "external": "moves across the border of the country",
    "total": "internal and external moves together",
}


class MixedMovesError(ValueError):
    """Two figures that do not count the same moves were combined."""


@dataclass(frozen=True, eq=False)
class Moves:
    """Numbers of moves that know what they count.

    Adding, subtracting and dividing work only between equal kinds and equal
    periods. Multiplying or dividing by a plain number keeps the label.

    Parameters
    ----------
    values : float or ndarray
        Moves, or net migration, in persons.
    kind : {"interregional", "all_internal", "external", "total"}
        Which moves are counted.
    period : str, optional
        When they were counted, for example ``"2022"`` or ``"2022 jan-sep"``.

    Raises
    ------
    ValueError
        If the kind is unknown.
    MixedMovesError
        In arithmetic between different kinds or periods.

    Examples
    --------
    >>> arrived = Moves(130, "all_internal", "2022")
    >>> left = Moves(95, "all_internal", "2022")
    >>> (arrived - left).values
    35
    >>> (arrived - left) / Moves(264, "interregional", "2022")
    Traceback (most recent call last):
        ...
    migrationlab.indicators.MixedMovesError: ...
    """

    values: Any
    kind: str
    period: str = ""

    # Without this, `array * moves` would ask NumPy to multiply element by element.
    __array_ufunc__ = None

    def __post_init__(self):
        """Refuse kinds that nobody has defined."""
        if self.kind not in KINDS:
            known = ", ".join(KINDS)
            raise ValueError(f"Unknown kind of moves “{self.kind}”. Use one of: {known}.")

    def __str__(self):
        """Show the label, as error messages do."""
        return f"{self.kind}, {self.period}" if self.period else self.kind

    def _like(self, values):
        return Moves(values, self.kind, self.period)

    def __add__(self, other):
        """Add figures of one kind and period."""
        mine, others = _values(self, other)
        return self._like(mine + others)

    def __sub__(self, other):
        """Subtract a figure of the same kind and period."""
        mine, others = _values(self, other)
        return self._like(mine - others)

    def __mul__(self, factor):
        """Scale by a plain number."""
        if isinstance(factor, Moves):
            return NotImplemented
        return self._like(self.values * factor)

    __rmul__ = __mul__

    def __truediv__(self, other):
        """Divide by a plain number, or by moves: then the result is a plain ratio."""
        if isinstance(other, Moves):
            mine, others = _values(self, other)
            return mine / others
        return self._like(self.values / other)

    def __abs__(self):
        """Drop the sign."""
        return self._like(abs(self.values))

    def sum(self):
        """Sum over regions, with the same label."""
        return self._like(np.sum(self.values))


def _values(*figures):
    """Strip the labels, after making sure that they agree."""
    labeled = [figure for figure in figures if isinstance(figure, Moves)]
    if not labeled:
        return figures
    first = labeled[0]
    if len(labeled) < len(figures):
        raise MixedMovesError(
            f"One figure is labeled ({first}), the other is not, so nobody can tell whether they "
            "count the same moves. Label both with Moves(values, kind, period)."
        )
    for other in labeled[1:]:
        if other.kind != first.kind:
            raise MixedMovesError(_mixed_kinds(first, other))
        if other.period != first.period:
            raise MixedMovesError(
                f"Cannot combine moves of two periods: “{first}” and “{other}”. Take figures "
                "of the same months, or extrapolate one of them yourself and label it anew."
            )
    return tuple(figure.values for figure in figures)


def _mixed_kinds(one, other):
    kinds = {one.kind, other.kind}
    meaning = "; ".join(f"{kind}: {KINDS[kind]}" for kind in (one.kind, other.kind))
    if kinds == {"interregional", "all_internal"}:
        why = (
            "A move inside a region changes no region's net, but it does add to the number of "
            "moves, so a net divided by all moves comes out too small."
        )
    else:
        why = "They count different moves, so neither their sum nor their ratio means anything."
    return (
        f"Cannot combine “{one}” with “{other}” ({meaning}). {why} "
        "Use figures of one kind; net_between_regions() finds the net between regions from all "
        "internal moves."
    )


def net(arrivals, departures):
    """Subtract departures from arrivals: net migration, the balance.

    .. math:: N = D - O

    Parameters
    ----------
    arrivals, departures : float, ndarray or Moves
        Persons, equal shapes.

    Returns
    -------
    float, ndarray or Moves
        Persons; positive where more arrive than leave.

    Raises
    ------
    MixedMovesError
        If the two are labeled differently.
    """
    return arrivals - departures


def net_between_regions(arrivals, departures):
    """Find the net migration between regions from all internal moves.

    A move inside a region is one arrival and one departure of that region: it
    cancels. The net of all internal moves therefore *is* the net between
    regions, and may be divided by moves between regions.

    Parameters
    ----------
    arrivals, departures : float, ndarray or Moves
        Persons; if labeled, ``all_internal`` or ``interregional``.

    Returns
    -------
    float, ndarray or Moves
        Persons, labeled ``interregional`` if the arguments were labeled.

    Raises
    ------
    MixedMovesError
        If the labels differ, or count moves across the border.
    """
    balance = arrivals - departures
    if not isinstance(balance, Moves):
        return balance
    if balance.kind not in ("all_internal", "interregional"):
        raise MixedMovesError(
            f"“{balance}” counts moves across the border, which do not cancel between regions. "
            "Use internal arrivals and departures."
        )
    return Moves(balance.values, "interregional", balance.period)


def gross(arrivals, departures):
    """Add arrivals and departures: gross migration, the turnover.

    .. math:: G = D + O

    Parameters
    ----------
    arrivals, departures : float, ndarray or Moves
        Persons, equal shapes.

    Returns
    -------
    float, ndarray or Moves
        Persons.

    Raises
    ------
    MixedMovesError
        If the two are labeled differently.
    """
    return arrivals + departures


def rate(moves, population, per=1000):
    r"""Relate moves, or net migration, to 1,000 inhabitants.

    .. math:: r = 1000\,\frac{M}{P}

    Parameters
    ----------
    moves : float, ndarray or Moves
        Persons in a year, net or gross.
    population : float or ndarray
        The population at risk, persons. Say which: on 1 January or at
        mid-year.
    per : float, optional
        Persons to refer to, 1,000 unless told.

    Returns
    -------
    float or ndarray
        Moves per `per` inhabitants and year.
    """
    (moves,) = _values(moves)
    return per * moves / population


def effectiveness(arrivals, departures):
    r"""Measure how one-sided a region's migration, or a stream, is.

    .. math:: E_i = 100\,\frac{D_i - O_i}{D_i + O_i}, \qquad
              E_{ij} = 100\,\frac{T_{ij} - T_{ji}}{T_{ij} + T_{ji}}

    Parameters
    ----------
    arrivals, departures : float, ndarray or Moves
        Persons, equal shapes; for a pair of places, stream and counterstream.

    Returns
    -------
    float or ndarray
        Between -100 (all leave) and 100 (all arrive), 0 where nobody moves.
        Swapping the arguments changes the sign.

    Raises
    ------
    MixedMovesError
        If the two are labeled differently.
    """
    arrivals, departures = _values(arrivals, departures)
    turnover = arrivals + departures
    return 100 * ratio(arrivals - departures, turnover)


def counterstream_ratio(stream, counterstream):
    """Express the counterstream as a share of the stream.

    .. math:: c = T_{ji} / T_{ij}

    Parameters
    ----------
    stream, counterstream : float, ndarray or Moves
        Persons.

    Returns
    -------
    float or ndarray
        0 for a one-way stream or an empty one, 1 for an even exchange.

    Raises
    ------
    MixedMovesError
        If the two are labeled differently.
    """
    stream, counterstream = _values(stream, counterstream)
    return ratio(counterstream, stream)


def effectiveness_from_counterstream(counterstream):
    r"""Turn a counterstream ratio into the effectiveness of the stream.

    .. math:: E = 100\,\frac{1 - c}{1 + c}

    Parameters
    ----------
    counterstream : float or ndarray
        Counterstream ratio, 0 or more.

    Returns
    -------
    float or ndarray
        Between -100 and 100: 100 for a one-way stream, 0 for equal streams, negative if the
        counterstream is the larger one.
    """
    return 100 * (1 - counterstream) / (1 + counterstream)


def migration_effectiveness_index(arrivals, departures):
    r"""Measure how one-sided migration is in a whole system of regions (MEI).

    .. math:: \mathrm{MEI} = 100\,\frac{\sum_i |D_i - O_i|}{\sum_i (D_i + O_i)}

    Parameters
    ----------
    arrivals, departures : ndarray or Moves, shape (n,)
        Persons, one entry per region.

    Returns
    -------
    float
        0 (every exchange is even) to 100 (every stream is one-way), and 0
        where nobody moves. Over all internal moves it is lower than over moves
        between regions, and not comparable with it.

    Raises
    ------
    MixedMovesError
        If the two are labeled differently.

    References
    ----------
    Bell et al. (2002) [1]_.
    """
    arrivals, departures = _values(arrivals, departures)
    turnover = np.sum(arrivals + departures)
    return 100 * np.sum(np.abs(arrivals - departures)) / np.where(turnover > 0, turnover, 1)


def effectiveness_index_from_net(net, moves):
    r"""Find the migration effectiveness index from nets and a volume.

    What some regions gain, others lose. The gains are therefore half the sum
    of the absolute nets, and a list of the gaining regions is enough.

    .. math:: \mathrm{MEI} = 100\,\frac{\sum_i \max(N_i, 0)}{M}

    Parameters
    ----------
    net : ndarray or Moves, shape (n,)
        Net migration of the regions, or of those that gain, persons.
    moves : float or Moves
        All moves between the regions, persons.

    Returns
    -------
    float
        0 to 100. Too low if a gaining region is missing.

    Raises
    ------
    MixedMovesError
        If the two are labeled differently, for example a net between regions
        and moves of all kinds.
    """
    net, moves = _values(net, moves)
    return 100 * np.sum(np.maximum(net, 0)) / moves


def crude_migration_intensity(moves, population):
    r"""Relate moves to 100 inhabitants (crude migration intensity, CMI).

    .. math:: \mathrm{CMI} = 100\,M / P

    Parameters
    ----------
    moves : float or Moves
        All moves in the system in a year, persons.
    population : float
        Inhabitants of the system at mid-year.

    Returns
    -------
    float
        Percent a year; above 100 only if people move more than once.

    References
    ----------
    Bell et al. (2002) [1]_.
    """
    return rate(moves, population, per=100)


def aggregate_net_migration_rate(arrivals, departures, population):
    r"""Relate the people redistributed to 100 inhabitants (ANMR).

    .. math:: \mathrm{ANMR} = 100\,\frac{\tfrac12 \sum_i |D_i - O_i|}{P}
              = \frac{\mathrm{CMI} \times \mathrm{MEI}}{100}

    Moves inside a region cancel, so all internal moves and moves between
    regions give the same value.

    Parameters
    ----------
    arrivals, departures : ndarray or Moves, shape (n,)
        Persons, one entry per region.
    population : float
        Inhabitants of the system at mid-year.

    Returns
    -------
    float
        Percent a year.

    Raises
    ------
    MixedMovesError
        If the two are labeled differently.

    References
    ----------
    Bell et al. (2002) [1]_.
    """
    arrivals, departures = _values(arrivals, departures)
    return 100 * 0.5 * np.sum(np.abs(arrivals - departures)) / population


def courgeau_k(intensity, regions):
    r"""Free the intensity of migration from the number of regions.

    .. math:: k = \mathrm{CMI} / \ln(n^2)

    Parameters
    ----------
    intensity : float
        Crude intensity of moves *between* the regions, percent a year.
    regions : int
        Number of regions, 2 or more.

    Returns
    -------
    float
        Courgeau's k, 0 or more.

    References
    ----------
    Courgeau (1973) [2]_.
    """
    return intensity / np.log(regions * regions)


def population_end(start, natural_increase, net_migration, other=0):
    """Close the demographic balance: the population a year later.

    .. math:: P_{t+1} = P_t + (B - M) + (D - O) + X

    Parameters
    ----------
    start : float or ndarray
        Population on 1 January, persons.
    natural_increase : float or ndarray
        Births minus deaths in the year.
    net_migration : float or ndarray
        Arrivals minus departures, internal and external.
    other : float or ndarray, optional
        Transfers by boundary changes and re-basing on a census.

    Returns
    -------
    float or ndarray
        Population on 1 January of the next year, persons.
    """
    return start + natural_increase + net_migration + other


def from_matrix(flows):
    """Sum a table of flows to arrivals and departures of each region.

    The diagonal holds moves inside a region. It is left out, so the result
    counts moves between regions.

    Parameters
    ----------
    flows : array_like, shape (n, n)
        Persons who moved from the region of the row to that of the column.

    Returns
    -------
    arrivals, departures : ndarray, shape (n,)
        Column sums and row sums without the diagonal, persons.

    Raises
    ------
    ValueError
        If the table is not square.
    """
    flows = np.asarray(flows, dtype=float)
    if flows.ndim != 2 or flows.shape[0] != flows.shape[1]:
        raise ValueError(f"A table of flows has as many rows as columns, not {flows.shape}.")
    between = flows - np.diag(np.diag(flows))
    return between.sum(axis=0), between.sum(axis=1)
