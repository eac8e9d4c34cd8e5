"""Classification of texts: the ratings and topics of the Fastformer paper, or any table with a text and a label.

`metrics`     accuracy and macro-F
`texts`       rows to the ids of words and classes
`classifier`  the network: encoder, additive-attention pooling, linear classes
`task`        what the trainer trains: its batches, its loss and its validation
`runs`        every attention with every seed
"""
