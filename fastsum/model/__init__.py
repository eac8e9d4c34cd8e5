"""The network: a Fastformer encoder-decoder, and its checkpoints.

`packing`            documents of like length into batches
`batching`           what a batch holds, padded
`layers`             encoder and decoder layers, positions
`word_counts`        how often a summary should have each of its document's words
`network`            the whole: encoders, salience, decoder, copying
`streaming`          documents of any length through the encoders, a part at a time
`checkpoint_folder`  a checkpoint's folder: replaced all at once, read as it is at one moment
`checkpoint`         a trained model: written, read and checked
"""
