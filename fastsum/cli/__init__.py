"""The command line. Nothing slow is imported before it is needed, so that `--help` is instant.

`results`    a folder of results that a rerun completes
`inputs`     the files that names, folders, patterns and lists stand for
`pipeline`   many documents read ahead, each through the model that fits it
`info`       what there is: versions, models, extras, device, files
`delivery`   what becomes of the documents of one command: printed, written, reported
`defaults`   defaults of the options, from a file and the environment
`options`    what the commands share: options, folders, tables on stdout
`bench`      `fastsum bench`
`summarize`  `fastsum summarize`
`train`      `fastsum train`
`evaluate`   `fastsum evaluate`
`app`        the commands together, errors and exit statuses
"""
