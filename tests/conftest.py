"""What holds for every test: nothing of the developer's own settings reaches it."""

import os

from hypothesis import settings

from tests.one_compiler import share_statements

for name in [name for name in os.environ if name.startswith("TASK_BRIDGE_")]:
    del os.environ[name]

# On a small, busy machine an example may take long by chance; that says nothing about the code.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")

share_statements()
