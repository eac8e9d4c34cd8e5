"""Recommenders with a pretrained language model: a tiny one with random weights, made here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from fastsum.errors import FastsumError
from fastsum.tasks.recommendation import attentive, models, nrms, plm
from fastsum.tasks.recommendation.mind import read_mind
from fastsum.tasks.recommendation.recommender import NOTHING
from fastsum.tasks.recommendation.runs import run
from fastsum.tasks.recommendation.titles import piece_titles
from tests.tasks.recommendation.cases import CANDIDATES, HISTORY, SETTINGS
from tests.tasks.recommendation.synthetic import SMALL, write_mind
from tests.tasks.recommendation.test_nrms import additive_attention

transformers = pytest.importorskip("transformers")
TITLES = ["Rain in the north", "A late goal", "Goal", "Rain and a goal in the north", "The late train"]


def save_model(folder: Path, titles: list[str]) -> Path:
    """A language model of two layers and its tokenizer of whole words, as transformers saves them."""
    words = sorted({word for title in titles for word in title.lower().split()})
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]) + "\n", "utf-8")
    transformers.BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=len(words) + 5, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    torch.manual_seed(0)
    transformers.BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], tuple[Any, Any]]:
    folder = save_model(tmp_path_factory.mktemp("plm") / "tiny", TITLES)
    return lambda: plm.load(str(folder))


def test_titles_are_the_language_models_tokens(loaded: Callable[[], tuple[Any, Any]]) -> None:
    pieces, _ = loaded()
    found = piece_titles(TITLES, pieces, 6)
    assert pieces.convert_ids_to_tokens(found[0].tolist()) == ["[CLS]", "rain", "in", "the", "north", "[SEP]"]
    assert pieces.convert_ids_to_tokens(found[3].tolist()) == ["[CLS]", "rain", "and", "a", "goal", "[SEP]"]
    assert (found[2] == NOTHING).tolist() == [False] * 3 + [True] * 3


@pytest.mark.parametrize("name", models.WITH_LANGUAGE_MODEL)
def test_scores_are_those_of_the_equations(loaded: Callable[[], tuple[Any, Any]], name: str) -> None:
    pieces, language_model = loaded()
    model = models.build(name, SETTINGS, 0, language_model).double().eval()
    titles_NT = torch.from_numpy(piece_titles(TITLES, pieces, 8))

    def news_vector(number: int) -> torch.Tensor:
        tokens = titles_NT[number][titles_NT[number] != NOTHING]
        states = language_model(input_ids=tokens[None]).last_hidden_state[0]
        pooled = additive_attention(model.news.pooling, states)
        return model.news.projection.weight @ pooled + model.news.projection.bias

    scores_BC = model(titles_NT, HISTORY, CANDIDATES)
    clicked_KD = torch.stack([news_vector(int(n)) for n in HISTORY[0]])
    user_D = model.user(clicked_KD[None], torch.ones(1, 3, dtype=torch.bool))[0]
    expected = [(user_D @ news_vector(int(n))).item() for n in CANDIDATES[0]]
    assert scores_BC[0].tolist() == pytest.approx(expected, rel=1e-4)


def test_the_user_encoder_is_nrmss_or_fastformers(loaded: Callable[[], tuple[Any, Any]]) -> None:
    kinds = [type(models.build(name, SETTINGS, 0, loaded()[1]).user) for name in models.WITH_LANGUAGE_MODEL]
    assert kinds == [nrms.UserEncoder, attentive.PooledAttention]


def test_building_leaves_the_pretrained_weights(loaded: Callable[[], tuple[Any, Any]]) -> None:
    before = {name: weight.clone() for name, weight in loaded()[1].state_dict().items()}
    after = models.build("plm-nr", SETTINGS, 0, loaded()[1]).news.model.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)


@pytest.mark.parametrize(("last", "layers"), [(0, set()), (1, {"1"}), (2, {"0", "1"})])
def test_only_the_last_layers_are_trained(loaded: Callable[[], tuple[Any, Any]], last: int, layers: set[str]) -> None:
    _, model = loaded()
    plm.freeze_all_but(model, last)
    trained = {name for name, weight in model.named_parameters() if weight.requires_grad}
    assert {name.split(".")[2] for name in trained if name.startswith("encoder.layer.")} == layers
    assert any(name.startswith("embeddings.") for name in trained) == (last == 2)


def test_a_name_without_a_model_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(FastsumError, match="no language model can be loaded from there"):
        plm.load(str(tmp_path))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", models.WITH_LANGUAGE_MODEL)
def test_the_planted_preference_is_learned(tmp_path: Path, name: str) -> None:
    mind = read_mind(write_mind(tmp_path / "mind"))
    folder = save_model(tmp_path / "tiny", mind.titles)
    *_, runs = run(
        mind, SMALL, tmp_path, names=[name], seeds=1, language_model=str(folder), device="cpu", precision="fp32"
    )
    assert runs[0].values["auc"] > 90
