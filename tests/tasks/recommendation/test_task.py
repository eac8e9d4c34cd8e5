"""Negative sampling, the batches and the ranking."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch

from fastsum.tasks.recommendation import models
from fastsum.tasks.recommendation.mind import Mind, read_mind
from fastsum.tasks.recommendation.recommender import NOTHING
from fastsum.tasks.recommendation.settings import RecommendationConfig
from fastsum.tasks.recommendation.task import Recommendation, draw
from fastsum.tasks.recommendation.titles import word_titles
from fastsum.text.tokenizer import Tokenizer
from tests.tasks.recommendation.cases import SETTINGS
from tests.tasks.recommendation.synthetic import write_mind

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def mind(tmp_path_factory: pytest.TempPathFactory) -> Mind:
    return read_mind(write_mind(tmp_path_factory.mktemp("mind"), impressions=150, news=60, shown=4))


def task_of(mind: Mind, name: str = "nrms", settings: RecommendationConfig = SETTINGS) -> Recommendation:
    tokenizer = Tokenizer.train(mind.titles, settings.vocabulary_size)
    torch.manual_seed(0)
    model = models.build(name, settings, len(tokenizer)).eval()
    config = settings.config("transformer", len(tokenizer), len(mind.train), seed=0)
    titles_NT = word_titles(mind.titles, tokenizer, settings.title_tokens)
    return Recommendation(config, settings, model, tokenizer, mind, titles_NT)


def test_negatives_are_of_the_same_impression_and_none_comes_twice() -> None:
    others_BX = torch.tensor([[3, 4, 5, 6, 7], [8, 9, 10, 11, NOTHING]])
    for _ in range(20):
        for drawn, known in zip(draw(others_BX, 4).tolist(), ({3, 4, 5, 6, 7}, {8, 9, 10, 11}), strict=True):
            assert len(set(drawn)) == 4
            assert set(drawn) <= known


def test_with_too_few_negatives_each_comes_as_often() -> None:
    drawn = draw(torch.tensor([[3, 4, NOTHING]]), 4)
    assert Counter(drawn[0].tolist()) == {3: 2, 4: 2}


def test_every_negative_is_drawn_as_often() -> None:
    torch.manual_seed(0)
    counts = Counter(draw(torch.tensor([[1, 2, 3, 4, 5]] * 4_000), 2).flatten().tolist())
    assert all(abs(count - 1_600) < 120 for count in counts.values())


def test_a_batch_is_the_clicks_with_what_their_users_knew_and_saw(mind: Mind) -> None:
    task = task_of(mind, settings=replace(SETTINGS, history=3))
    batch = task.collate([2, 7], CPU)
    for row, index in enumerate((2, 7)):
        impression, place = task.clicks[index]
        others = [n for n in batch.others_BX[row].tolist() if n != NOTHING]
        assert batch.history_BK[row].tolist() == impression.history_K[-3:].tolist()
        assert batch.clicked_B1[row].tolist() == [impression.candidates_C[place]]
        assert impression.clicked_C[place]
        assert others == impression.candidates_C[~impression.clicked_C].tolist()
    assert task.count([batch, batch]) == (4, 4)


def test_every_click_is_an_example(mind: Mind) -> None:
    several = [one._replace(clicked_C=np.arange(len(one.clicked_C)) < 2) for one in mind.train[:5]]
    task = task_of(mind._replace(train=several))
    assert len(task.clicks) == len(task.sizes) == 10


def test_the_loss_is_the_negative_log_likelihood_of_the_click(mind: Mind) -> None:
    task = task_of(mind)
    batch = task.collate([0, 1, 2], CPU)
    seen = []

    def forward(*arguments: torch.Tensor) -> torch.Tensor:
        seen.append(task.model(*arguments))
        return seen[-1]

    loss, total = task.loss(forward, batch, (6.0,))
    exponentials_BC = seen[0].double().exp()
    assert exponentials_BC.shape == (3, 1 + SETTINGS.negatives)
    expected = -(exponentials_BC[:, 0] / exponentials_BC.sum(1)).log().sum()
    assert total.item() == pytest.approx(expected.item(), rel=1e-5)
    assert loss.item() == pytest.approx(expected.item() / 6, rel=1e-5)


@pytest.mark.parametrize("name", ["nrms", "fim", "fastformer"])
def test_ranking_gives_each_impressions_own_scores(mind: Mind, name: str) -> None:
    task = task_of(mind, name)
    found = list(task.rank(mind.train, CPU, torch.float32))
    assert len(found) == len(mind.train) > 2 * 64
    for number in (0, 63, 64, len(mind.train) - 1):
        impression = mind.train[number]
        history_BK = torch.from_numpy(impression.history_K.astype(np.int64))[None]
        candidates_BC = torch.from_numpy(impression.candidates_C.astype(np.int64))[None]
        with torch.no_grad():
            expected_BC = task.model(task.titles_NT, history_BK, candidates_BC)
        scores_C, clicked_C = found[number]
        np.testing.assert_allclose(scores_C, expected_BC[0].numpy(), rtol=1e-4, atol=1e-6)
        assert clicked_C is impression.clicked_C


def test_untrained_models_rank_by_chance(mind: Mind) -> None:
    values = task_of(mind, "fastformer").validate(CPU, torch.float32, lambda: None)
    assert 0.3 < values["auc"] < 0.7
    assert values["score"] == values["auc"]
