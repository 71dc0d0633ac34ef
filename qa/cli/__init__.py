"""The command line: a module for the commands of one purpose, and how answers look there.

Arguments come in; text on standard output and an exit status go out. ``main`` lists the commands.
"""
