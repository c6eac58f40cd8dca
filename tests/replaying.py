"""A recorded model, replayed with NumPy: what the page's script does."""

import numpy as np
from explorers.tracing import argument_names, group_sum, pick, record
from scipy import special


def replay(tape, values):
    """Compute a tape with NumPy: what the page's script does."""
    results = []
    for kind, *operands in tape.entries:
        if kind in ("param", "column", "text"):
            results.append(values[operands[0]])
        elif kind == "const":
            results.append(operands[0])
        elif kind == "text_equal":
            results.append(results[operands[0]] == operands[1])
        elif kind == "group_sum":
            total, *keys = (results[k] for k in operands)
            results.append(group_sum(total, tuple(keys)))
        elif kind == "pick":
            index, *options = (results[k] for k in operands)
            results.append(pick(index, options))
        elif kind == "like":
            results.append(np.full_like(*(results[k] for k in operands)))
        else:
            compute = getattr(np, kind, None) or getattr(special, kind)
            results.append(compute(*(results[k] for k in operands)))
    return {name: results[position] for name, position in tape.outputs.items()}


def assert_recorded_equals_computed(function, rows, controls):
    """Check that a model, recorded and replayed, gives the numbers it computes."""
    names = argument_names(function)
    tape = record(function, rows, controls)
    values = {name: rows[name] for name in names if name in rows} | controls
    computed, replayed = function(**values), replay(tape, values)
    assert computed.keys() == replayed.keys()
    for name in computed:
        np.testing.assert_allclose(replayed[name], computed[name], rtol=1e-12, atol=1e-12)
