"""An index in a folder of this machine: its generations, how one is built, and how one is read."""
