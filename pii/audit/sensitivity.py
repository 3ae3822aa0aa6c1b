"""Which choice moves the ranks: Sobol' indices."""

from dataclasses import dataclass

from pii.matrix import Array


@dataclass(frozen=True, slots=True)
class Indices:
    """Sobol' indices of one target; NaN where the target never varies.

    first : (choices,), share of the variance that a choice explains alone
    total : (choices,), share in which it takes part, alone or together with others
    first_interval, total_interval : (choices, 2), bootstrap, 5 % and 95 %
    """

    first: Array
    total: Array
    first_interval: Array
    total_interval: Array


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Sobol' indices of every uncertain choice; arrays are read-only.

    choices : names, in the order of the spread
    n, draws, seed : base sample, methods evaluated in all (n × (choices + 2)), seed
    bootstraps : resamples behind every interval
    mean_shift : for the mean absolute rank shift from the published ranks
    provinces : codes; per_province: for the rank of each, in the same order
    widest : the widest interval of `mean_shift`; width : how narrow it was to become
    converged : whether it did before n reached its cap
    """

    choices: tuple[str, ...]
    n: int
    draws: int
    seed: int
    bootstraps: int
    mean_shift: Indices
    provinces: tuple[str, ...]
    per_province: tuple[Indices, ...]
    widest: float
    width: float
    converged: bool
