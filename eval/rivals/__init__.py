"""The simpler systems that Passerelle is compared with, in the same run.

The same passages and questions come in; rankings go out, or the answers of a service as it is
usually written.
"""
