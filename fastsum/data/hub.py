"""Named data sets, on the Hugging Face hub or not. The help of the command line needs the names, so this is light."""

from __future__ import annotations

HUB = {"cnn_dailymail": ("abisee/cnn_dailymail", "3.0.0"), "pubmed": ("ccdv/pubmed-summarization", "section")}
"""Documents with summaries: name -> repository and configuration on the hub."""

LABELLED = {"imdb": ("stanfordnlp/imdb", "plain_text")}
"""Texts with labels: name -> repository and configuration on the hub."""
LABELLED_LOCAL = {
    "amazon-electronics": "reviews_Electronics_5.json.gz of the Amazon review data (He and McAuley 2016)",
    "mind-topic": "news.tsv of MIND (Wu et al. 2020)",
}
"""Texts with labels that the hub does not have in a form that can be loaded: name -> what to get."""
