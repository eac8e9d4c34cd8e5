"""Extractive summaries' saliences and word counts on a CPU, in numpy: what `fastsum summarize` runs.

`threads`       work divided over threads, with BLAS at one
`kernels`       layer normalization, GELU and convolution
`encoder`       Fastformer layers over a sequence of any length
`word_counts`   how often a summary uses each word
`network`       a document's arrays in, saliences and counts out

The wing `model` has the same equations in torch, for training and for the decoder; the tests hold both to the same
values, layer by layer and whole.
"""
