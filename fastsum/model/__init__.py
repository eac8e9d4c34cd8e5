"""The network: a Fastformer encoder-decoder, and its checkpoints.

`packing`            documents of like length into batches
`shared`             what the networks in torch and in numpy share
`unpadded`           one document as arrays
`batching`           what a batch holds, padded
`dropout`            dropout, drawn fast on a CPU
`sublayers`          parts of a layer as one function each, as a CPU trains them
`layers`             encoder and decoder layers
`word_counts`        prediction of how often a summary uses each of its document's words
`word_scores`        what the loss of writing needs of the scores of all words
`network`            the whole model: encoders, salience, decoder, copying
`streaming`          documents of any length, encoded a part at a time
`weights`            the tensors of a checkpoint's file
`genre`              the models that ship, and which of them fits a document
`checkpoint_folder`  the directory of a checkpoint: atomic replacement, consistent reads
`digests`            the digests of its files
`checkpoint`         a trained model: saved, loaded, verified
"""
