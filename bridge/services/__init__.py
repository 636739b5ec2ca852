"""The two services over HTTP: `kore` and `v2` fulfil the port `Service`; what they share is here.

Nothing of a service's own vocabulary leaves this room but ids, texts and the words it showed.
"""
