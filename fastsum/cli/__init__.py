"""The command line. A command is imported when it is called for, and slow modules when it needs them.

`results`    a folder of results, which the next run completes
`inputs`     the files that names, folders, patterns and lists stand for
`pipeline`   many documents read ahead, each through the model that fits it
`info`       `fastsum info`: models, versions, extras, files, device
`sinks`      where a summary goes: standard output, a folder of results, an HTML page
`summarize_table`      one `fastsum summarize` of a table
`summarize_documents`  one `fastsum summarize` of documents
`conversion` values that need no pydantic
`defaults`   defaults of the options, from a file and the environment
`options`    options that several commands share, folders, tables on stdout
`show`       `fastsum config` and `fastsum info`
`measuring`  what the commands of `fastsum bench` share
`bench_summarize`      `fastsum bench summarize`: its options
`bench_classification` `fastsum bench classification`
`bench_recommendation` `fastsum bench recommendation`: its options
`bench`      `fastsum bench`
`summarize`  `fastsum summarize`: its options
`mcp`        `fastsum mcp`
`train`      `fastsum train`
`evaluate`   `fastsum evaluate`
`app`        all commands, errors and exit statuses
"""
