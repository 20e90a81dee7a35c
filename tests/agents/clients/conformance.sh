#!/bin/sh
# The scenarios of the protocol's conformance suite that a server with tools of its own can pass: conformance.sh INDEX
# (The others call tools that only the suite's sample server has.)
set -e
"${PYTHON:-python}" tests/agents/clients/over_http.py "$1" 8931 &
server=$!
trap 'kill $server' EXIT
sleep 10
for scenario in server-initialize ping tools-list resources-list completion-complete dns-rebinding-protection; do
    npx --yes @modelcontextprotocol/conformance server --url http://127.0.0.1:8931/mcp --scenario "$scenario"
done
