"""Measurements that anyone can repeat, one kind a module; `fastsum bench` runs them.

`targets`     what this machine makes of fastsum's promises
`attention`   time and memory of every attention mechanism by length: `mechanisms` are measured, `attention_memory`
              says how much memory they take, `attention_results` shows it all
`decoding`    cost of a written token by the number of those before it
`summarize`   whole documents a second, beside other extractive summarizers
`ablations`   what each part of the Fastformer layer adds to the summaries

`timing` says how it is measured, `plots` draws.
"""
