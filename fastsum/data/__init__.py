"""Data sets: documents with their summaries, read from files, folders and the Hugging Face hub.

`tables`  JSON Lines, CSV and Parquet files as streams of records
`rows`    a split's documents and summaries
"""
