"""Measurements that anyone can repeat, one kind a module; `fastsum bench` runs them.

`timing`             how time is measured
`samples`            documents of any length
`plots`              figures of the measurements
`mechanisms`         the attention mechanisms to measure
`attention_memory`   how much memory they take
`attention`          time and memory of every attention mechanism by length
`attention_results`  tables of the measurements
`decoding`           cost of a written token by the number of those before it
`summarize`          whole documents a second, beside other extractive summarizers
`ablations`          what each part of the Fastformer layer adds to the summaries
"""
