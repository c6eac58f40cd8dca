"""A recorded model, replayed with NumPy, against the model itself."""

import numpy as np
from explorers.tracing import argument_names, record


def assert_recorded_equals_computed(function, rows, controls):
    """Check that a model, recorded and replayed, gives the numbers it computes."""
    names = argument_names(function)
    tape = record(function, rows, controls)
    values = {name: rows[name] for name in names if name in rows} | controls
    computed, replayed = function(**values), tape.replay(values)
    assert computed.keys() == replayed.keys()
    for name in computed:
        np.testing.assert_allclose(replayed[name], computed[name], rtol=1e-12, atol=1e-12)
