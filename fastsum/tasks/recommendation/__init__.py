"""News recommendation on MIND: NRMS, FIM, any attention in NRMS's places, and pretrained language models.

A model is read in its own file; `recommender` has the interface.

`settings`     sizes and training: the paper's, and small ones
`metrics`      AUC, MRR and nDCG by MIND's definitions
`mind`         MIND's files, and what in them cannot be used
`recommender`  the interface: news encoded, and scored for users
`titles`       titles as arrays of tokens
`nrms`         multi-head self-attention over words, and over clicked news
`attentive`    any of fastsum's attentions in its places
`fim`          words and phrases of clicked titles compared with those of a candidate
`plm`          a pretrained language model reads the titles
`models`       the recommenders by name
`task`         negative sampling, losses and the ranking, for the training loop
`runs`         every recommender with every seed
"""
