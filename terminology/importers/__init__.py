"""Reading the files of code systems and of Medicare's tables as their publishers deliver them.

One module or folder for each format, each with two verbs: `recognise` tells whether a source is of
that format, `read` gives a `Delivery`, all of it lazy. `registry` lists them. Nothing here writes.
"""
