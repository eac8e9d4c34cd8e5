"""Data sets of the Hugging Face hub that have a name here. The help of the command line needs it, so it is light."""

from __future__ import annotations

HUB = {"cnn_dailymail": ("abisee/cnn_dailymail", "3.0.0"), "pubmed": ("ccdv/pubmed-summarization", "section")}
"""Name -> repository and configuration on the hub."""
