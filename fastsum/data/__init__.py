"""Data sets: documents with their summaries or labels, read from files, folders and the Hugging Face hub.

`hub`      names of data sets of the Hugging Face hub
`treebank` tokenised text (Penn Treebank, PubMed of Cohan et al.) as natural text
`parquet`  Parquet files, which alone need pyarrow
`tables`   JSON Lines, CSV and Parquet files as streams of records
`forms`    what rows are pairs of, and where such data is found
`rows`     a split's pairs
"""
