"""Measurements that anyone can repeat, one kind per module; `fastsum bench` runs them.

`timing`             how time is measured
`samples`            documents of any length
`ours`               fastsum as its benchmark calls it
`plots`              figures of the measurements
`mechanisms`         the attention mechanisms to measure
`attention_memory`   their peak memory
`attention`          time and memory of every attention mechanism by length
`attention_results`  tables of the measurements
`decoding`           cost of a decoding step by the number of tokens written before
`startup`            a program from its start to the summary of a short document, beside other summarizers
`summarize`          whole documents per second, compared with other extractive summarizers
`ablations`          effect of each part of the Fastformer layer on the summaries
"""
