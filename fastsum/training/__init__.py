"""Training: rows to examples, examples to updates, updates to checkpoints.

`examples`      rows tokenized and labelled on every core, into an Arrow file
`corpus`        the memory-mapped examples, and padded batches of them
`order`         the batches of each epoch, and the position of a run in them
`metrics`       mean losses, speed and scores
`monitor`       the live view and the log
`dataset`       tokenizer, examples and validation rows of a run, cached
`embeddings`    word vectors from a file or trained on the examples
`card`          the model card
`distributed`   gradients summed over processes
`signals`       Ctrl-C and SIGTERM ask for a stop
`optimization`  AdamW, its learning rate, and which part of the model is trained
`state`         what changes from update to update, stored in a checkpoint and restored
`task`          what is trained: a model, its examples, losses and validation
`gradients`     forward and backward, accumulated over batches, split when memory runs out
`validation`    losses of the validation examples, ROUGE of the validation rows
`summarization` the task of summarizing
`trainer`       the loop: updates, validations, saving, resuming
`experiment`    one training run, put together
"""
