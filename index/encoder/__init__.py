"""How texts become vectors without torch: the exported encoder, run by ONNX Runtime.

Texts come in; pooled vectors and token vectors go out (``protocol.Encoding``). ``folder`` says
what lies in the folder of an encoder.
"""
