"""What every face shares: the JSON of each verb, and of an error. The command line prints it; other faces serve it."""
