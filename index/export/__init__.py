"""From a sentence-transformers model to an ONNX encoder: needs the ``build`` extra.

An open model comes in; a folder with an ONNX graph in 8 bits, a cut vocabulary and prompts goes
out, which answers without the model.
"""
