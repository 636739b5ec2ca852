"""The proof: the promises, tried at every point where they could break."""
