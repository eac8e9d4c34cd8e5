"""The fused pooling against its equations in float64: in Triton's interpreter, and on a GPU where there is one.

Triton decides when it is first imported whether it interprets, so the interpreted kernels run in a process of their
own: this file as a script, which computes every case once and saves the results for the tests to judge.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from torch import Tensor

from fastsum.attention import AdditiveAttention, additive

pytestmark = pytest.mark.skipif(importlib.util.find_spec("triton") is None, reason="needs Triton, here not installed")

Results = dict[str, tuple[Tensor, ...]]
Pool = Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class Case:
    """Random documents of these lengths, noise where there is padding, and random gradients of all that comes out."""

    lengths: tuple[int, ...]
    width: int
    heads: int
    dtype: torch.dtype = torch.float32
    sharpness: float = 1.0  # the standard deviation of the scores
    masked: bool = True
    noise: float = 1.0  # in the padding
    shared: bool = False  # one set of logits for all documents, as the first of a layer's two pools has

    def inputs(self, device: str) -> tuple[Tensor, Tensor, Tensor | None, Tensor, Tensor]:
        """x, logits, mask, and the gradients of the pooled vectors and of x as read on."""
        torch.manual_seed(0)
        batch, length = len(self.lengths), max(self.lengths)
        x_BND = torch.randn(batch, length, self.width)
        logits_BHD = torch.randn(1 if self.shared else batch, self.heads, self.width)
        logits_BHD = logits_BHD * self.sharpness / self.width**0.5
        g_pooled_BHD = torch.randn(batch, self.heads, self.width)
        g_x_BND = torch.randn(batch, length, self.width)
        mask_BN = torch.arange(length) < torch.tensor(self.lengths)[:, None]
        if self.masked:
            x_BND = torch.where(mask_BN[..., None], x_BND, self.noise * x_BND)
        # Rounded once here, so that the reference sees what the kernels multiply.
        operands = torch.bfloat16 if self.dtype == torch.bfloat16 else torch.float32
        logits_BHD, g_pooled_BHD = (t.to(operands).float().to(device) for t in (logits_BHD, g_pooled_BHD))
        x_BND, g_x_BND = (t.to(self.dtype).to(device) for t in (x_BND, g_x_BND))
        return x_BND, logits_BHD, mask_BN.to(device) if self.masked else None, g_pooled_BHD, g_x_BND

    def run(self, device: str = "cpu") -> tuple[Tensor, Tensor, Tensor]:
        """The pooled vectors by the kernels, and the gradients of x and of the logits."""
        from fastsum.attention.fused_pool import available, fused_pool

        x_BND, logits_BHD, mask_BN, *gradients = self.inputs(device)
        x_BND.requires_grad_()
        logits_BHD.requires_grad_()
        logits_all_BHD = logits_BHD.expand(len(x_BND), -1, -1)
        assert available(x_BND, logits_all_BHD)
        outputs = fused_pool(x_BND, logits_all_BHD, mask_BN)
        assert outputs[0].dtype == torch.float32
        assert torch.equal(outputs[1], x_BND)
        found = (outputs[0].detach(), *torch.autograd.grad(outputs, (x_BND, logits_BHD), gradients))
        return tuple(t.cpu() for t in found)

    def expected(self) -> tuple[Tensor, ...]:
        """The same in float64, by the equations: one document, one head at a time, over its real tokens alone."""
        x_BND, logits_BHD, _, g_pooled_BHD, g_x_BND = self.inputs("cpu")
        x_BND, logits_BHD = x_BND.double().requires_grad_(), logits_BHD.double().requires_grad_()
        pooled_BHD = torch.zeros(len(x_BND), self.heads, self.width, dtype=torch.float64)
        for document, length in enumerate(self.lengths):
            x_ND = x_BND[document, : length if self.masked else None]
            for head in range(self.heads if len(x_ND) else 0):
                scores_N = x_ND @ logits_BHD[0 if self.shared else document, head]
                exponentials_N = (scores_N - scores_N.max()).exp()
                pooled_BHD[document, head] = exponentials_N / exponentials_N.sum() @ x_ND
        loss = (pooled_BHD * g_pooled_BHD).sum() + (x_BND * g_x_BND).sum()
        return pooled_BHD.detach(), *torch.autograd.grad(loss, (x_BND, logits_BHD))


# No length divides a block, the longest takes several blocks and runs, and one document has no token.
CASES = {
    "ragged": Case((290, 131, 0, 1), width=24, heads=4),
    "unmasked": Case((150, 150), width=24, heads=1, masked=False),
    "one token": Case((1,), width=64, heads=8),
    "no token": Case((0, 0, 1), width=24, heads=4),
    "wide": Case((21, 5), width=200, heads=8),
    "many heads": Case((75, 130), width=64, heads=16),
    "odd heads": Case((33, 40), width=24, heads=3, shared=True),
    "large logits": Case((290, 131, 0, 1), width=24, heads=4, sharpness=30.0),
    "louder padding": Case((290, 131, 0, 1), width=24, heads=4, noise=1e4),
    "alone": Case((290,), width=24, heads=4),
    "bfloat16": Case((150, 290, 0), width=64, heads=8, dtype=torch.bfloat16),
    "bfloat16, many heads": Case((40, 70), width=64, heads=16, dtype=torch.bfloat16),
    "bfloat16, large logits": Case((150, 70), width=64, heads=4, dtype=torch.bfloat16, sharpness=30.0),
    "float16": Case((150, 70, 0), width=64, heads=8, dtype=torch.float16),
}
# Of float32: sums of some hundred products. Of bfloat16: weights, rounded to 8 bits before they multiply, scores'
# gradients likewise, and gradients of x rounded as they are stored (2 ** -9 at most, each), where a sum held in
# bfloat16 loses whole tokens (see below). Of float16: the same of 11 bits; only its gradient of x is stored in it.
TOLERANCES = {torch.float32: 3e-6, torch.bfloat16: 4e-3, torch.float16: 1e-3}


def relative(found: Tensor, expected: Tensor, least: float = 1e-300) -> float:
    """The error's norm over that of what was expected, or over `least` where less was."""
    return ((found.double() - expected).norm() / expected.norm().clamp_min(least)).item()


def fused(x_BND: Tensor, logits_BHD: Tensor, mask_BN: Tensor, fused: bool = True) -> tuple[Tensor, Tensor]:
    from fastsum.attention.fused_pool import available, fused_pool

    assert available(x_BND, logits_BHD)
    return fused_pool(x_BND, logits_BHD, mask_BN)


def layer_gradients(layer: AdditiveAttention, pool: Pool, compiled: bool = False) -> tuple[Tensor, ...]:
    """A layer's output and all of its gradients when it pools by `pool`."""
    torch.manual_seed(2)
    x_BND = torch.randn(3, 40, layer.width, requires_grad=True)
    mask_BN = torch.arange(40) < torch.tensor([40, 17, 0])[:, None]
    collapsed = layer.collapsed
    if compiled:
        collapsed = torch.compile(collapsed, backend="aot_eager", fullgraph=True, dynamic=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(additive, "additive_pool", pool)
        y_BND = collapsed(x_BND, mask_BN)
    return y_BND.detach(), *torch.autograd.grad(y_BND.square().sum(), (x_BND, *layer.parameters()))


def compute() -> Results:
    """All that the interpreter is asked for."""
    from fastsum.attention.fused_pool import fused_pool

    results: Results = {name: case.run() for name, case in CASES.items()}
    x_BND, logits_BHD = torch.full((1, 700, 16), 1.0078125, dtype=torch.bfloat16), torch.zeros(1, 1, 16)
    results["accumulation"] = (fused_pool(x_BND, logits_BHD)[0],)
    torch.manual_seed(1)
    layer = AdditiveAttention(24, 4)
    results["layer, eager"] = layer_gradients(layer, additive.additive_pool)
    results["layer, fused"] = layer_gradients(layer, fused)
    results["layer, compiled"] = layer_gradients(layer, fused, compiled=True)
    return results


@pytest.fixture(scope="module")
def interpreted(tmp_path_factory: pytest.TempPathFactory) -> Results:
    path = tmp_path_factory.mktemp("kernels") / "results.pt"
    variables = {**os.environ, "TRITON_INTERPRET": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
    ran = subprocess.run([sys.executable, __file__, str(path)], env=variables, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return torch.load(path)


def check(name: str, found: tuple[Tensor, ...]) -> None:
    case = CASES[name]
    # Scores carry errors in proportion to their size, and weights those errors as factors. The logits' gradient is a
    # sum of differences: of one token it is zero, to the rounding of products of vectors of a norm of some units each.
    tolerance = TOLERANCES[case.dtype] * max(1.0, case.sharpness / 5)
    for a, b, least in zip(found, case.expected(), (1e-300, 1e-300, 10.0), strict=True):
        assert a.isfinite().all()
        assert relative(a, b, least) < tolerance


@pytest.mark.parametrize("name", CASES)
def test_kernels_follow_the_equations(interpreted: Results, name: str) -> None:
    check(name, interpreted[name])


def test_padding_has_no_influence(interpreted: Results) -> None:
    for quiet, loud in zip(interpreted["ragged"], interpreted["louder padding"], strict=True):
        assert torch.equal(quiet, loud)
    _, _, mask_BN, _, g_x_BND = CASES["ragged"].inputs("cpu")
    assert torch.equal(interpreted["ragged"][1][~mask_BN], g_x_BND[~mask_BN])


def test_a_document_without_tokens_pools_to_zero_and_passes_no_gradient(interpreted: Results) -> None:
    pooled_BHD, g_x_BND, g_logits_BHD = interpreted["no token"]
    assert (pooled_BHD[:2] == 0).all()
    assert (g_logits_BHD[:2] == 0).all()
    assert torch.equal(g_x_BND[:2], CASES["no token"].inputs("cpu")[-1][:2])


def test_bfloat16_is_summed_in_float32(interpreted: Results) -> None:
    # A sum held in bfloat16 would stop growing at 256 and give less than half of the mean.
    assert (interpreted["accumulation"][0] - 1.0078125).abs().max() < 1e-6


@pytest.mark.parametrize("kind", ["fused", "compiled"])
def test_a_layer_and_its_gradients_are_the_eager_ones(interpreted: Results, kind: str) -> None:
    for a, b in zip(interpreted[f"layer, {kind}"], interpreted["layer, eager"], strict=True):
        assert relative(a, b.double()) < 1e-5


def test_triton_is_imported_for_the_kernels_alone() -> None:
    code = "import sys, torch, fastsum.attention as a; a.AdditiveAttention(8, 2).collapsed(torch.ones(1, 3, 8), "
    code += "torch.ones(1, 3, dtype=torch.bool)); sys.exit('fastsum.attention.kernels' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU")
class TestOnAGpu:
    @pytest.mark.parametrize("name", [name for name, case in CASES.items() if name != "many heads"])
    def test_kernels_follow_the_equations(self, name: str) -> None:
        check(name, CASES[name].run("cuda"))

    @pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
    def test_results_are_the_same_from_run_to_run(self, dtype: torch.dtype) -> None:
        case = Case((3000, 700, 0), width=512, heads=8, dtype=dtype)
        check_again = case.run("cuda")
        for a, b, expected in zip(case.run("cuda"), check_again, case.expected(), strict=True):
            assert torch.equal(a, b)
            assert relative(a, expected) < 8e-3

    def test_the_kernels_are_faster_than_eager(self) -> None:
        from fastsum.attention.fused_pool import fused_pool

        x_BND = torch.randn(4, 16384, 512, device="cuda", dtype=torch.bfloat16, requires_grad=True)
        logits_BHD = (torch.randn(4, 8, 512, device="cuda") / 512**0.5).requires_grad_()
        mask_BN = torch.ones(4, 16384, device="cuda", dtype=torch.bool)

        def milliseconds(pool: Pool, dtype: torch.dtype) -> float:
            times = []
            for _ in range(13):
                start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
                start.record()
                pooled_BHD, y_BND = pool(x_BND, logits_BHD.to(dtype), mask_BN)
                torch.autograd.grad((pooled_BHD, y_BND), (x_BND, logits_BHD), (pooled_BHD, y_BND))
                end.record()
                torch.cuda.synchronize()
                times.append(start.elapsed_time(end))
            return sorted(times[3:])[5]

        eager = additive._AdditivePool.apply
        assert milliseconds(fused_pool, torch.float32) < milliseconds(eager, torch.bfloat16)


if __name__ == "__main__":
    torch.save(compute(), sys.argv[1])
