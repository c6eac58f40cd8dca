"""Tables of pairs of places, as models of flows between places take them."""

import numpy as np
from hypothesis import strategies as st

# What makes a table random, and the same again.
seeds = st.integers(0, 10_000)


def all_pairs(names):
    """Return origins and destinations of all pairs of different places."""
    pairs = [(a, b) for a in names for b in names if a != b]
    return np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])


def random_system(seed, places=6, total_people=1000.0):
    """Return a pair table of places scattered on a square, without ties."""
    rng = np.random.default_rng(seed)
    people = rng.uniform(1, 10, places)
    people *= total_people / people.sum()
    x, y = rng.uniform(0, 1000, (2, places))
    origin, destination = all_pairs(np.arange(places))
    distance = np.hypot(x[origin] - x[destination], y[origin] - y[destination])
    return {
        "origin": origin,
        "destination": destination,
        "distance": distance,
        "origin_mass": people[origin],
        "destination_mass": people[destination],
    }
