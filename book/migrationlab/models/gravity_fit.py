"""Fitting gravity: Poisson regression on a table of flows, with standard errors that hold."""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from explorers.tracing import group_sum

from migrationlab.models.domain import check_number
from migrationlab.models.gravity import CONSTRAINTS, DECAYS, mean_distance, mean_log_distance


@dataclass(frozen=True, eq=False)
class GravityFit:
    """A fitted gravity model.

    Attributes
    ----------
    constraint, decay : str
        As given to `fit_gravity`.
    coefficients : mapping of str to float
        ``gamma`` or ``lambda_``, positive if flows fall with distance;
        ``alpha``, ``beta`` and ``kappa`` where the constraint leaves them free.
    standard_errors : mapping of str to float
    deviance : float
        Twice the log-likelihood that is missing to a model that reproduces every flow.
    fitted : ndarray, shape (n,)
        Modeled flow of every row.
    observed_mean_distance, fitted_mean_distance : float
        Kilometers. Equal for the exponential decay.
    observed_mean_log_distance, fitted_mean_log_distance : float
        Equal for the power decay.
    """

    constraint: str
    decay: str
    coefficients: MappingProxyType
    standard_errors: MappingProxyType
    deviance: float
    fitted: np.ndarray
    observed_mean_distance: float
    fitted_mean_distance: float
    observed_mean_log_distance: float
    fitted_mean_log_distance: float


def fit_gravity(table, constraint="doubly", decay="power", robust=True):
    r"""Estimate a gravity model by Poisson regression.

    .. math:: T_{ij}\sim\mathrm{Poisson}(\mu_{ij}),\qquad
              \ln\mu_{ij} = \ln\kappa + \alpha\ln P_i + \beta\ln P_j - \gamma\ln d_{ij}

    The production constraint replaces :math:`\alpha\ln P_i` by one constant per origin,
    the double constraint also :math:`\beta\ln P_j` by one per destination;
    the exponential decay has :math:`-\lambda d_{ij}` instead of :math:`-\gamma\ln d_{ij}`.

    Parameters
    ----------
    table : pandas.DataFrame or mapping of str to array_like
        One row per pair of different places. Columns: ``origin``, ``destination``, ``flow``,
        ``distance_km``; ``origin_mass`` and ``destination_mass`` where they are needed.
    constraint : {"doubly", "production", "none"}
        Which margins are kept: departures and arrivals, departures, or only the total.
    decay : {"power", "exponential"}
    robust : bool
        Standard errors that do not rely on the variance being equal to the mean
        (see `robust_standard_errors`), or, if False, those of the Poisson distribution.

    Returns
    -------
    GravityFit

    Raises
    ------
    ValueError
        If a column is missing, a flow is negative, a distance or a mass is not positive,
        an origin or a destination has no flow at all, a column can be told from the others by no
        row (a mass that is the same everywhere), or a name is unknown.

    Notes
    -----
    Zero flows stay in; a regression of logarithms would have to drop them and is biased
    if the errors' variance depends on the size of the flow.

    References
    ----------
    Santos Silva, J. M. C. & Tenreyro, S. (2006). The log of gravity.
    *Review of Economics and Statistics* 88(4), 641-658.

    Dennett, A. (2012). *Estimating flows between geographical locations: "get me started in"
    spatial interaction modelling*. CASA Working Paper 181, University College London.
    """
    # Only fitting needs statsmodels, which takes a second to load.
    import statsmodels.api as sm

    if constraint not in CONSTRAINTS:
        raise ValueError(f"constraint is {constraint!r}; expected one of {', '.join(CONSTRAINTS)}.")
    if decay not in DECAYS:
        raise ValueError(f"decay is {decay!r}; expected one of {', '.join(DECAYS)}.")
    flow = _fit_column(table, "flow", positive=False)
    distance = _fit_column(table, "distance_km")
    origin, destination = (_fit_places(table, name, flow) for name in ("origin", "destination"))

    terms = {"gamma": -np.log(distance)} if decay == "power" else {"lambda_": -distance}
    if constraint == "none":
        terms["alpha"] = np.log(_fit_column(table, "origin_mass"))
    if constraint in ("none", "production"):
        terms["beta"] = np.log(_fit_column(table, "destination_mass"))
    effects = [np.ones(len(flow))]
    if constraint in ("production", "doubly"):
        effects += _dummies(origin)
    if constraint == "doubly":
        effects += _dummies(destination)

    design = np.column_stack([*terms.values(), *effects])
    _check_rank(design, terms)
    options = {"cov_type": "HC0"} if robust else {}
    fit = sm.GLM(flow, design, family=sm.families.Poisson()).fit(tol=1e-12, **options)
    spread = robust_standard_errors(fit) if robust else fit.bse
    coefficients = dict(zip(terms, map(float, fit.params), strict=False))
    errors = dict(zip(terms, map(float, spread), strict=False))
    if constraint == "none":
        coefficients["kappa"] = float(np.exp(fit.params[len(terms)]))
        errors["kappa"] = coefficients["kappa"] * float(spread[len(terms)])
    return GravityFit(
        constraint=constraint,
        decay=decay,
        coefficients=MappingProxyType(coefficients),
        standard_errors=MappingProxyType(errors),
        deviance=float(fit.deviance),
        fitted=np.asarray(fit.fittedvalues),
        observed_mean_distance=float(mean_distance(flow, distance)),
        fitted_mean_distance=float(mean_distance(fit.fittedvalues, distance)),
        observed_mean_log_distance=float(mean_log_distance(flow, distance)),
        fitted_mean_log_distance=float(mean_log_distance(fit.fittedvalues, distance)),
    )


def robust_standard_errors(fit):
    r"""Return standard errors that do not rely on the variance being equal to the mean (HC1).

    .. math:: V = \frac{n}{n-k}\,B^{-1} \Big(\sum_r x_r x_r^\top (y_r-\mu_r)^2\Big) B^{-1},
              \qquad B = \sum_r \mu_r\, x_r x_r^\top

    with n rows and k coefficients. Of this statsmodels' generalized linear models compute the
    sandwich (HC0) only, whatever is asked for; with few rows it is too small.

    Parameters
    ----------
    fit : statsmodels GLMResults
        Fitted with ``cov_type="HC0"``.

    Returns
    -------
    ndarray or Series, shape (k,)

    Raises
    ------
    ValueError
        If the fit has no robust covariance.

    References
    ----------
    MacKinnon, J. G. & White, H. (1985). Some heteroskedasticity-consistent covariance matrix
    estimators with improved finite sample properties. *Journal of Econometrics* 29(3), 305-325.
    """
    if fit.cov_type not in ("HC0", "HC1"):
        raise ValueError(f'The covariance is {fit.cov_type}; fit with cov_type="HC0".')
    return fit.bse * np.sqrt(fit.nobs / fit.df_resid)


# Which column of the table a coefficient belongs to.
_COLUMN_OF = {
    "gamma": "distance_km",
    "lambda_": "distance_km",
    "alpha": "origin_mass",
    "beta": "destination_mass",
}


def _check_rank(design, terms):
    """Refuse a table in which no row can tell one column from the others, and name the column."""
    # Of one length, so that large numbers do not hide small ones.
    design = design / np.linalg.norm(design, axis=0)
    rank = np.linalg.matrix_rank(design)
    rows, columns = design.shape
    if rank == columns < rows:
        return
    if rank == columns:
        raise ValueError(
            f"{rows} rows for {columns} coefficients: nothing is left over to tell how far the "
            "flows scatter. Take more rows, or another constraint."
        )
    for position, name in enumerate(terms):
        if np.linalg.matrix_rank(np.delete(design, position, axis=1)) == rank:
            raise ValueError(
                f"{_COLUMN_OF[name]} says nothing that the other columns and constants do not say, "
                "for instance because it is the same in every row. Leave it out by another "
                "constraint, or give values that differ."
            )
    raise ValueError(
        "The places fall into groups without a flow between them, so their constants cannot be "
        "compared. Fit each group alone."
    )


def simulated_flows(expected, seed=0):
    """Draw one table of Poisson flows around expected ones.

    Parameters
    ----------
    expected : array_like, shape (n,)
        Expected flows, 0 or more.
    seed : int
        Same seed, same table.

    Returns
    -------
    ndarray of int, shape (n,)
    """
    expected = check_number("expected", expected)
    return np.random.default_rng(seed).poisson(expected)


def _raw_column(table, name):
    try:
        return np.asarray(table[name])
    except KeyError:
        raise ValueError(
            f"The table has no column '{name}'; it has: {', '.join(map(str, table))}."
        ) from None


def _fit_column(table, name, positive=True):
    values = _raw_column(table, name).astype(float)
    wrong = ~(np.isfinite(values) & ((values > 0) if positive else (values >= 0)))
    if np.any(wrong):
        row = int(np.argmax(wrong))
        expected = "more than 0" if positive else "0 or more"
        raise ValueError(
            f"{name} is {values[row]:g} in row {row}; expected a finite number, {expected}."
        )
    return values


def _fit_places(table, name, flow):
    places = _raw_column(table, name)
    empty = group_sum(flow, places) == 0
    if np.any(empty):
        raise ValueError(f"{name} '{places[empty][0]}' has no flow at all; leave its rows out.")
    return places


def _dummies(places):
    """Return one column of 0 and 1 per place but the first, which the constant stands for."""
    return [(places == place).astype(float) for place in np.unique(places)[1:]]
