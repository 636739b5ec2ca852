"""The command line: one module for each command, and what they share.

`main.py` knows the names of all commands and imports a command's module only when it is run.
"""
