"""Laws that hold in every run of a bench, whatever its test is about.

A `Witness` hears, reads and keeps what goes through the ports of a run; each law looks at one kind
of it and says what is not as promised. A breach fails the test, at the end of the run or of it.
"""
