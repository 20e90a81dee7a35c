"""The agents' server over HTTP, for the protocol's conformance suite: python over_http.py INDEX PORT."""

import sys

import uvicorn

from nrqa.agents.running import http_app
from nrqa.service.desk import Desk

uvicorn.run(http_app(Desk(sys.argv[1])), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
