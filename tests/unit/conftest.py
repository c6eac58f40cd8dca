"""What tests of several modules read."""

from pathlib import Path

import pandas as pd
import pytest

AUSTRIA = Path(__file__).parents[2] / "data" / "austria_flows.csv"


@pytest.fixture(scope="session")
def austria():
    return pd.read_csv(AUSTRIA)
