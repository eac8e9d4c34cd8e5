"""Training: rows to examples, examples to updates, updates to checkpoints.

`examples`      rows tokenized and labelled on every core, into an Arrow file
`corpus`        the memory-mapped examples, their order in an epoch, and their batches
`embeddings`    word vectors to start from
`optimization`  AdamW and its learning rate
`report`        figures of some updates or of a validation
`monitor`       the live view and the log
`card`          the model card
`distributed`   gradients summed over processes
`validation`    losses over the validation examples, ROUGE of the validation rows
`state`         what changes from update to update, kept by a checkpoint and restored
`trainer`       the loop: updates, when to validate, to save and to stop, resuming
`experiment`    one training run put together from these
"""
