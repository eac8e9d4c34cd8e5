"""PLM-NR: a pretrained language model reads the titles.

Wu et al., "Empowering News Recommendation with Pre-trained Language Models" (SIGIR 2021), whose text was not at hand:
the model's last hidden states are pooled with additive attention; the user encoder is that of another recommender.
Compared with its authors' code (github.com/wuch15/PLM4NewsRec), which has this pooling, with query vectors of 200
channels, dropout of 0.2 before it and a linear map to the news vector after it. Besides, it reads the eighth layer's
states, puts multi-head self-attention between them and the pooling, and has additive attention alone for users.

Shape suffixes: U news, T tokens, D width, X width of the language model.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from fastsum.errors import FastsumError, require
from fastsum.tasks.pooling import AttentionPooling
from fastsum.tasks.recommendation.recommender import TwoTowers
from fastsum.tasks.recommendation.settings import RecommendationConfig

EXTRA = "plm"


class NewsEncoder(nn.Module):
    """A title as a vector of the recommender's width.

    Args:
        model: a language model of `transformers`, whose last layers are trained.
    """

    def __init__(self, settings: RecommendationConfig, model: Any) -> None:
        super().__init__()
        hidden: int = model.config.hidden_size
        self.model = model
        self.pooling = AttentionPooling(hidden, settings.query_width)
        self.projection = nn.Linear(hidden, settings.width)
        self.dropout = nn.Dropout(settings.dropout)
        freeze_all_but(model, settings.tuned_layers)

    def forward(self, tokens_UT: Tensor, mask_UT: Tensor) -> Tensor:
        """(U, T) -> (U, D)."""
        h_UTX = self.model(input_ids=tokens_UT, attention_mask=mask_UT.long()).last_hidden_state
        return self.projection(self.pooling(self.dropout(h_UTX), mask_UT))


def freeze_all_but(model: nn.Module, last: int) -> None:
    """Leave only the last so many layers of a language model to train, or all of it where it has no more layers."""
    stacks = [part for part in model.modules() if isinstance(part, nn.ModuleList)]
    layers = max(stacks, key=len)  # every such model is one long list of layers, and what is around it
    if last >= len(layers):
        return
    model.requires_grad_(False)
    for layer in list(layers)[len(layers) - last :]:
        layer.requires_grad_(True)


def load(name: str) -> tuple[Any, Any]:
    """Tokenizer and language model of a folder or of a name on the hub. Raises FastsumError where there are none, or
    `transformers` is not installed."""
    require("transformers", "recommenders with a pretrained language model", EXTRA)
    from transformers import AutoModel, AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(name), AutoModel.from_pretrained(name)
    except (OSError, ValueError, KeyError) as error:
        raise FastsumError(
            f"{name}: no language model can be loaded from there ({str(error).strip().splitlines()[0]}); name a folder "
            "that transformers has saved, or a model on the hub"
        ) from error


def build(settings: RecommendationConfig, model: Any, user: nn.Module) -> TwoTowers:
    """PLM-NR of a language model, with this user encoder."""
    return TwoTowers(NewsEncoder(settings, model), user)
