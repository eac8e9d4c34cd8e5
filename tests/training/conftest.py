"""What the tests of training share."""

from __future__ import annotations

import pytest

from fastsum.training.dataset import Dataset
from tests.training.trainers import make_data


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return make_data(tmp_path_factory.mktemp("cache"))
