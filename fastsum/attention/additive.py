"""Additive attention: one Fastformer self-attention sublayer in time linear in the length, in two equal forms.

Shape suffixes: B documents, N tokens, D width, H heads, E = D / H channels of a head.
"""

from __future__ import annotations

import importlib.util
import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from fastsum.config import Form
from fastsum.errors import FastsumError

HAS_TRITON = importlib.util.find_spec("triton") is not None


def check_heads(width: int, heads: int) -> None:
    """Raise `FastsumError` unless `width` splits into `heads` equal parts."""
    if width < 1 or heads < 1 or width % heads:
        raise FastsumError(
            f"attention: width {width} does not split into {heads} heads; make width a multiple of heads"
        )


# One thin product over a long document is three times as slow as many over pieces of this length: on a CPU, at
# D = 512 and 16,384 tokens, 9.6 ms whole and 3 ms in pieces of 256 or 512.
PIECE_TOKENS = 256
# With this many documents or more, the batch is divided finely enough without cutting them.
ENOUGH_DOCUMENTS = 8


def thin_scores(vectors_BHD: Tensor, x_BND: Tensor) -> Tensor:
    """Each head's vector times each token: (B, H, N)."""
    if not _cuts(x_BND):
        return torch.bmm(vectors_BHD, x_BND.mT)
    scores = []
    for vectors_HD, x_ND in zip(vectors_BHD, x_BND, strict=True):
        pieces_PCD, rest_RD = _pieces(x_ND)
        scores_PHC = torch.bmm(vectors_HD.expand(len(pieces_PCD), -1, -1), pieces_PCD.mT)
        scores.append(torch.cat((scores_PHC.transpose(0, 1).flatten(1), vectors_HD @ rest_RD.mT), dim=1))
    return torch.stack(scores)


def thin_sums(weights_BHN: Tensor, x_BND: Tensor) -> Tensor:
    """Each head's weighted sum of the tokens: (B, H, D)."""
    if not _cuts(x_BND):
        return torch.bmm(weights_BHN, x_BND)
    sums = []
    for weights_HN, x_ND in zip(weights_BHN, x_BND, strict=True):
        pieces_PCD, rest_RD = _pieces(x_ND)
        cut = len(x_ND) - len(rest_RD)
        weights_PHC = weights_HN[:, :cut].unflatten(1, (len(pieces_PCD), -1)).transpose(0, 1)
        sums.append(torch.bmm(weights_PHC, pieces_PCD).sum(0) + weights_HN[:, cut:] @ rest_RD)
    return torch.stack(sums)


def _cuts(x_BND: Tensor) -> bool:
    documents, tokens, _ = x_BND.shape
    return x_BND.device.type == "cpu" and documents < ENOUGH_DOCUMENTS and tokens >= 2 * PIECE_TOKENS


def _pieces(x_ND: Tensor) -> tuple[Tensor, Tensor]:
    """Views of a document: its pieces of one length, and the tokens after the last of them."""
    pieces = len(x_ND) // PIECE_TOKENS
    cut = pieces * PIECE_TOKENS
    return x_ND[:cut].unflatten(0, (pieces, PIECE_TOKENS)), x_ND[cut:]


class _AdditivePool(torch.autograd.Function):
    """`additive_pool`, whose backward adds both of its gradients of x to the incoming one in a single product.

    Autograd would write two more tensors of the size of x per pool and add them: a tenth of a training step.
    """

    @staticmethod
    def forward(ctx: Any, x_BND: Tensor, logits_BHD: Tensor, mask_BN: Tensor | None) -> tuple[Tensor, Tensor]:
        narrow, wide = x_BND.dtype, logits_BHD.dtype
        weights_BHN = masked_softmax(thin_scores(logits_BHD.to(narrow), x_BND).to(wide), mask_BN)
        ctx.set_materialize_grads(False)  # without a gradient for x, no zeros of its size are made
        ctx.save_for_backward(x_BND, logits_BHD, weights_BHN)
        return thin_sums(weights_BHN.to(narrow), x_BND).to(wide), x_BND.view_as(x_BND)

    @staticmethod
    @once_differentiable
    def backward(
        ctx: Any, g_pooled_BHD: Tensor | None, g_x_BND: Tensor | None
    ) -> tuple[Tensor | None, Tensor | None, None]:
        if g_pooled_BHD is None:
            return g_x_BND, None, None
        x_BND, logits_BHD, weights_BHN = ctx.saved_tensors
        with torch.autocast(x_BND.device.type, enabled=False):  # backward may be called inside an autocast region
            narrow, wide = x_BND.dtype, logits_BHD.dtype
            g_weights_BHN = thin_scores(g_pooled_BHD.to(narrow), x_BND).to(wide)
            # Padding weighs zero, and so its score's gradient is zero.
            g_scores_BHN = weights_BHN * (g_weights_BHN - (weights_BHN * g_weights_BHN).sum(-1, keepdim=True))
            thin_B2HN = torch.cat((weights_BHN, g_scores_BHN), dim=1).to(narrow)
            thin_B2HD = torch.cat((g_pooled_BHD, logits_BHD), dim=1).to(narrow)
            if g_x_BND is None:
                g_x_BND = torch.bmm(thin_B2HN.mT, thin_B2HD)
            else:
                g_x_BND = torch.baddbmm(g_x_BND, thin_B2HN.mT, thin_B2HD)
            return g_x_BND, thin_sums(g_scores_BHN.to(narrow), x_BND).to(wide), None


def masked_softmax(scores_BHN: Tensor, mask_BN: Tensor | None) -> Tensor:
    """Softmax over the real tokens: exact zeros at the others, and all zeros in a document without real tokens."""
    if mask_BN is None:
        return torch.softmax(scores_BHN, dim=-1)
    masked_B1N = ~mask_BN[:, None, :]
    # A finite fill and a second fill after the softmax: -inf would make a fully padded document NaN.
    scores_BHN = scores_BHN.masked_fill(masked_B1N, torch.finfo(scores_BHN.dtype).min)
    return torch.softmax(scores_BHN, dim=-1).masked_fill(masked_B1N, 0.0)


def additive_pool(
    x_BND: Tensor, logits_BHD: Tensor, mask_BN: Tensor | None, fused: bool = True
) -> tuple[Tensor, Tensor]:
    """Pool the tokens of each document once per head (Fastformer, arXiv 2108.09084, equations 2 and 3).

    Each head's weights are a softmax of x . logits over the real tokens. A token whose mask is False has a weight of
    exactly zero, and a document without real tokens pools to zero. Returns (B, H, D), where every head pools all D
    channels, and x itself in the type that it was pooled in: if later steps read this x, the backward pass adds up its
    gradient in a single product. On a CUDA device with Triton one kernel does it all in a single read of x, unless
    `fused` is False; elsewhere x is pooled in the type of the logits.
    """
    if fused and HAS_TRITON and x_BND.is_cuda:
        from fastsum.attention.fused_pool import available, fused_pool  # imports Triton, which is slow

        if available(x_BND, logits_BHD):
            return fused_pool(x_BND, logits_BHD, mask_BN)
    if x_BND.device.type != "cpu":
        x_BND = x_BND.to(logits_BHD.dtype)
    pooled_BHD, x_BND = _AdditivePool.apply(x_BND, logits_BHD, mask_BN)
    return pooled_BHD, x_BND


class RunningPool:
    """`additive_pool` of documents read a part at a time (online softmax): a running maximum, normalizer and sum."""

    def __init__(self, logits_BHD: Tensor) -> None:
        self._logits_BHD = logits_BHD
        self._most_BH1 = logits_BHD.new_full((*logits_BHD.shape[:2], 1), -math.inf)
        self._weight_BH1 = torch.zeros_like(self._most_BH1)
        self._sum_BHD = torch.zeros_like(logits_BHD)

    def add(self, x_BND: Tensor) -> None:
        """Add the next tokens of each document: at least one, and no padding."""
        x_BND = x_BND.to(self._logits_BHD.dtype)
        scores_BHN = thin_scores(self._logits_BHD, x_BND)
        most_BH1 = torch.maximum(self._most_BH1, scores_BHN.amax(-1, keepdim=True))
        weights_BHN = (scores_BHN - most_BH1).exp()
        kept_BH1 = (self._most_BH1 - most_BH1).exp()
        self._most_BH1 = most_BH1
        self._weight_BH1 = self._weight_BH1 * kept_BH1 + weights_BHN.sum(-1, keepdim=True)
        self._sum_BHD = self._sum_BHD * kept_BH1 + thin_sums(weights_BHN, x_BND)

    def result(self) -> Tensor:
        """The pool of all tokens added so far, (B, H, D)."""
        return self._sum_BHD / self._weight_BH1


def apply_map(x_BND: Tensor, m_BDD: Tensor, c_BD: Tensor) -> Tensor:
    """x M^T + c, in the type of x: (B, N, D)."""
    return torch.baddbmm(c_BD.to(x_BND.dtype)[:, None, :], x_BND, m_BDD.to(x_BND.dtype).mT)


class AdditiveAttention(nn.Module):
    """One Fastformer self-attention sublayer (Wu et al., "Fastformer: Additive Attention Can Be All You Need").

        q = W_q x                k = W_k x                v = W_v x
        qbar = sum_i softmax_i(w_a . q_i / sqrt(E)) q_i   one weight vector per head: the global query
        kbar = sum_i softmax_i(w_b . p_i / sqrt(E)) p_i   p_i = qbar * k_i: the global key
        y_i  = W_o (W_u (kbar * v_i) + q_i)

    As in the authors' code, a head's logit reads all D channels, the residual is the query, W_q, W_k, W_v, W_u and W_o
    carry biases, and W_v is W_q unless `share_query_value` is False. The logits carry none: a constant cancels in the
    softmax. Dropout, residual and normalization around the sublayer are the caller's.

    `form`: "plain" evaluates the equations token by token; "collapsed" folds them into one D x D matrix per document,
    since everything is linear in x once the two pooled vectors are known; "auto" uses the faster form for the length.
    `fused`: whether the poolings may run as Triton kernels on a GPU.
    """

    def __init__(
        self, width: int, heads: int, *, share_query_value: bool = True, form: Form = "auto", fused: bool = True
    ) -> None:
        super().__init__()
        check_heads(width, heads)
        if form not in ("auto", "plain", "collapsed"):
            raise FastsumError(f"attention: unknown form {form!r}; choose auto, plain or collapsed")
        self.width = width
        self.heads = heads
        self.form = form
        self.fused = fused
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        # None, not a second name for `query`: a shared tensor must appear once in a state dict.
        self.value = None if share_query_value else nn.Linear(width, width)
        self.query_logits = nn.Linear(width, heads, bias=False)
        self.key_logits = nn.Linear(width, heads, bias=False)
        self.transform = nn.Linear(width, width)
        self.output = nn.Linear(width, width)

    def extra_repr(self) -> str:
        return f"heads={self.heads}, form={self.form}"

    def forward(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        """Attend within each document: x (B, N, D), mask (B, N; bool, True at real tokens; None: all are) -> (B, N, D).

        Values at padded positions, in and out, are finite and do not affect other positions.
        """
        if self.form == "collapsed" or (self.form == "auto" and self.collapses(x_BND.shape[1], x_BND.is_cuda)):
            return self.collapsed(x_BND, mask_BN)
        return self.plain(x_BND, mask_BN)

    def collapses(self, length: int, on_gpu: bool = False) -> bool:
        """Whether the collapsed form is faster for documents of `length` tokens.

        A document costs about N + D products of D x D against plain's 4 N. Measured in float32 on one CPU core, plain's
        time over collapsed's (forward; forward and backward): D = 256, 96 tokens 0.97, 0.88; 128 tokens 1.2, 1.2;
        400 tokens 1.9, 2.4; 4,096 tokens 3.6, 3.0. D = 512, 128 tokens 0.6, 0.6; 200 tokens 1.05, 1.1; 256 tokens 1.1,
        1.3; 512 tokens 2.0, 1.8.
        """
        # A GPU computes the D x D x D product in float32 at about a twelfth of the rate of plain's products in half
        # precision: by that estimate, which is not measured, 3 N must exceed 12 D.
        return length >= 4 * self.width if on_gpu else 2 * length >= self.width

    def plain(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        """The equations token by token: four or five products of N x D x D."""
        q_BND, k_BND = self.query(x_BND), self.key(x_BND)
        scale = math.sqrt(self.width // self.heads)
        wide = torch.promote_types(q_BND.dtype, torch.float32)
        with torch.autocast(x_BND.device.type, enabled=False):
            logits_BHD = (self.query_logits.weight.to(wide) / scale).expand(len(x_BND), -1, -1)
            pooled_BHD, q_pooled_BND = additive_pool(q_BND, logits_BHD, mask_BN, self.fused)
            qbar_BD = self._own_channels(pooled_BHD)
            # w_b . p_i = (w_b * qbar) . k_i, and the pooled p is qbar times the pooled k: p itself is never stored.
            logits_BHD = self.key_logits.weight.to(wide) / scale * qbar_BD[:, None, :]
            kbar_BD = qbar_BD * self._own_channels(additive_pool(k_BND, logits_BHD, mask_BN, self.fused)[0])
        if q_pooled_BND.dtype == q_BND.dtype:
            q_BND = q_pooled_BND
        v_BND = q_BND if self.value is None else self.value(x_BND)
        global_B1D = kbar_BD[:, None, :].to(v_BND.dtype)
        return self.output(self.transform(global_B1D * v_BND) + q_BND)

    def collapsed(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        """The same function of x as one N x D x D product, y = x M^T + c, M and c per document.

            A = W_a W_q / sqrt(E)                 xa = softmax(x A^T)^T x   qbar = W_q[head] xa[head] + b_q
            B = W_b diag(qbar) W_k / sqrt(E)      xb = softmax(x B^T)^T x   kbar = qbar * (W_k[head] xb[head] + b_k)
            M = W_o (W_u diag(kbar) W_v + W_q)    c = W_o (W_u (kbar * b_v) + b_u + b_q) + b_o

        Under autocast the poolings' sums, M and c stay in float32, and M is rounded once.
        """
        kind = x_BND.device.type
        # As autocast does to the plain form's products: half the bytes for both pools and the product.
        if kind in ("cpu", "cuda") and x_BND.dtype == torch.float32 and torch.is_autocast_enabled(kind):
            x_BND = x_BND.to(torch.get_autocast_dtype(kind))
        wide = torch.promote_types(x_BND.dtype, torch.float32)
        with torch.autocast(x_BND.device.type, enabled=False):
            a_BHD = self.query_vectors(wide).expand(len(x_BND), -1, -1)
            xa_BHD, x_pooled_BND = additive_pool(x_BND, a_BHD, mask_BN, self.fused)
            qbar_BD = self.global_query(xa_BHD, None if mask_BN is None else mask_BN.any(1, keepdim=True))
            xb_BHD, x_pooled_BND = additive_pool(x_pooled_BND, self.key_vectors(qbar_BD), mask_BN, self.fused)
            m_BDD, c_BD = self.linear_map(qbar_BD, xb_BHD)
        if x_pooled_BND.dtype == x_BND.dtype:
            x_BND = x_pooled_BND
        return apply_map(x_BND, m_BDD, c_BD)

    # The steps of `collapsed` between one pass over x and the next. All work in the type of their input.

    def query_vectors(self, dtype: torch.dtype) -> Tensor:
        """A, (H, D): the vector whose product with a token is its score in the first pooling, for each head."""
        scale = math.sqrt(self.width // self.heads)
        return self.query_logits.weight.to(dtype) / scale @ self.query.weight.to(dtype)

    def global_query(self, xa_BHD: Tensor, real_B1: Tensor | None = None) -> Tensor:
        """qbar, (B, D), of the first pooling; `real_B1` is False for documents without tokens (None: all have any)."""
        w_q, b_q = (p.to(xa_BHD.dtype) for p in (self.query.weight, self.query.bias))
        # A pool's weights sum to one and so keep the bias; in a document without tokens they sum to zero.
        return self._project_heads(xa_BHD, w_q) + (b_q if real_B1 is None else b_q * real_B1.to(xa_BHD.dtype))

    def key_vectors(self, qbar_BD: Tensor) -> Tensor:
        """B, (B, H, D): the vector whose product with a token is its score in the second pooling, for each head."""
        scale = math.sqrt(self.width // self.heads)
        w_b, w_k = (p.to(qbar_BD.dtype) for p in (self.key_logits.weight, self.key.weight))
        return (w_b / scale * qbar_BD[:, None, :]) @ w_k

    def linear_map(self, qbar_BD: Tensor, xb_BHD: Tensor) -> tuple[Tensor, Tensor]:
        """M, (B, D, D), and c, (B, D), from qbar and the second pooling."""
        wide = qbar_BD.dtype
        w_q, b_q = self.query.weight.to(wide), self.query.bias.to(wide)
        w_k, b_k = self.key.weight.to(wide), self.key.bias.to(wide)
        w_o, b_o = self.output.weight.to(wide), self.output.bias.to(wide)
        kbar_BD = qbar_BD * (self._project_heads(xb_BHD, w_k) + b_k)
        # W_o is multiplied in once for all documents; each document then costs one D x D x D product.
        w_ou = w_o @ self.transform.weight.to(wide)
        if self.value is None:  # M = (W_o W_u diag(kbar) + W_o) W_q
            b_v = b_q
            m_BDD = torch.matmul(torch.addcmul(w_o, w_ou, kbar_BD[:, None, :]), w_q)
        else:
            w_v, b_v = self.value.weight.to(wide), self.value.bias.to(wide)
            m_BDD = torch.matmul(w_ou * kbar_BD[:, None, :], w_v) + w_o @ w_q
        c_BD = (kbar_BD * b_v) @ w_ou.mT + (self.transform.bias.to(wide) + b_q) @ w_o.mT + b_o
        return m_BDD, c_BD

    def _own_channels(self, pooled_BHD: Tensor) -> Tensor:
        """Each head's own E channels of its pool, side by side: (B, H, D) -> (B, D)."""
        pooled_BHHE = pooled_BHD.unflatten(-1, (self.heads, -1))
        return pooled_BHHE.diagonal(dim1=1, dim2=2).mT.flatten(1)

    def _project_heads(self, pooled_BHD: Tensor, weight_DD: Tensor) -> Tensor:
        """Each head's rows of the weight times that head's pool, side by side: (B, H, D) -> (B, D)."""
        weight_HED = weight_DD.unflatten(0, (self.heads, -1))
        return torch.bmm(pooled_BHD.transpose(0, 1), weight_HED.mT).transpose(0, 1).flatten(1)
