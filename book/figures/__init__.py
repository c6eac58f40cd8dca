"""The figures of the chapters: one module for each chapter, one function for each figure.

A function returns an `explorers.Explorer`; a chapter shows it with one line:

>>> from figures import lee as figures
>>> figures.who_goes().title
'Who goes?'

What a class may want to change is an argument whose default is the book's own: a function, which is
called as the book's is, or rows with the book's columns; see `explorers.stand_in`.
"""
