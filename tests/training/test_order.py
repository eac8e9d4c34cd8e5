"""Every example comes once an epoch, in an order that a resumed run repeats."""

from __future__ import annotations

import numpy as np
import pytest

from fastsum.config import TrainingConfig
from fastsum.training.order import BatchOrder, Position, batch_indices


class TestBatchIndices:
    SIZES = np.random.default_rng(0).integers(5, 200, 500)

    @pytest.mark.parametrize("epoch", [0, 1])
    def test_an_epoch_holds_every_example_once_within_the_budget(self, epoch: int) -> None:
        batches = batch_indices(self.SIZES, 1000, 7, epoch)
        assert sorted(np.concatenate(batches).tolist()) == list(range(500))
        assert all(len(batch) * self.SIZES[batch].max() <= 1000 for batch in batches)

    def test_order_follows_from_seed_and_epoch(self) -> None:
        def order(seed: int, epoch: int) -> list[int]:
            return np.concatenate(batch_indices(self.SIZES, 1000, seed, epoch)).tolist()

        assert order(7, 0) == order(7, 0)
        assert order(7, 0) != order(7, 1) != order(8, 1)

    def test_little_is_padding(self) -> None:
        batches = batch_indices(self.SIZES, 1000, 7, 0)
        padded = sum(len(batch) * self.SIZES[batch].max() for batch in batches)
        assert self.SIZES.sum() / padded > 0.9


class TestBatchOrder:
    SIZES = np.full(10, 100)

    def order(self) -> BatchOrder:
        return BatchOrder(self.SIZES, TrainingConfig(batch_tokens=200, seed=3))  # five batches an epoch

    def test_updates_go_through_one_epoch_after_the_other(self) -> None:
        expected = [batch.tolist() for epoch in (0, 1) for batch in batch_indices(self.SIZES, 200, 3, epoch)]
        order, position = self.order(), Position()
        taken: list[list[int]] = []
        for _ in range(5):
            batches, position = order.next_update(position, 2)
            taken += [batch.tolist() for batch in batches]
        assert taken == expected
        assert position == Position(update=5, epoch=2, batch=0)

    def test_an_update_takes_batches_of_several_epochs_where_one_has_too_few(self) -> None:
        batches, position = self.order().next_update(Position(update=7, epoch=1, batch=4, micro=3), 7)
        assert len(batches) == 7
        assert position == Position(update=8, epoch=3, batch=1)

    def test_the_batches_after_a_position_do_not_depend_on_what_came_before(self) -> None:
        used = self.order()
        _, position = used.next_update(Position(epoch=2), 3)
        ours, theirs = (order.next_update(position, 4)[0] for order in (used, self.order()))
        assert [batch.tolist() for batch in ours] == [batch.tolist() for batch in theirs]

    def test_epochs_are_counted_with_their_fraction(self) -> None:
        assert self.order().epochs(Position(epoch=3, batch=2)) == pytest.approx(3.4)
