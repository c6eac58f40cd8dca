"""The theories of the book as plain NumPy functions, one module per theory.

Every function runs on arrays and can be recorded for the page; nothing here draws or reads files.
"""
