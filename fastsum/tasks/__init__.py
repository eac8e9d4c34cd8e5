"""The other tasks of the Fastformer paper, as measurements of any attention: texts classified, news recommended.

They use the attention, the tokenizer and the trainer of summarization; nothing of them is loaded for a summary.

`training`         a task with one loss: its checkpoints, and training that goes on where it stopped
`text_encoder`     tokens to one vector: embedding, encoder layers, additive-attention pooling
"""
