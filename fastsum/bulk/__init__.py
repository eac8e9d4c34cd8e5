"""Tables of documents: a column summarized on every core or GPU, resumable after a kill.

`chunks`    the rows of a table, in chunks for the workers
`formats`   the output's format: JSON Lines, CSV, TSV
`parquet`   the output as Parquet, which alone needs pyarrow
`parts`     the output: a file for each chunk, joined at the end
`worker`    the function that summarizes a chunk and writes its part, wherever it runs
`local`     an engine: the processes of this machine
`on_ray`    an engine: a Ray cluster
`table`     one run put together from these

A cluster needs `on_ray`, one machine only `local`. Each worker loads a model of its own, so a few documents are
better given to `Summarizer.summarize_many`, in one process.
"""

from fastsum.bulk.table import EngineName, TableReport, summarize_table

__all__ = ["EngineName", "TableReport", "summarize_table"]
