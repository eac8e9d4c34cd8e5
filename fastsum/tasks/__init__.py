"""The other tasks of the Fastformer paper, as measurements of any attention: texts classified, news recommended.

They use the attention, the tokenizer and the trainer of summarization; nothing of them is loaded for a summary.

`pooling`          one vector from a sequence of them, by additive attention
`training`         a task with one loss: its checkpoints, and training that goes on where it stopped
`grid`             models trained with several seeds, each kept as it is finished, and their table
`classification/`  the topic or the rating of a text
`recommendation/`  news for users, by the titles that they clicked
"""
