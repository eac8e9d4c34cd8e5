"""Tables of documents: a column summarized on every core or GPU, in finished parts that outlast a kill.

`chunks`    the rows of a table, cut into what one worker takes at a time
`parts`     the output: a file for each chunk, joined at the end
`worker`    the function that summarizes a chunk and writes its part, wherever it runs
`local`     an engine: the processes of this machine
`on_ray`    an engine: a Ray cluster
`table`     one run put together from these
"""

from fastsum.bulk.table import Engine, Report, summarize_table

__all__ = ["Engine", "Report", "summarize_table"]
