"""Sends each request on to TARGET. `opentelemetry-instrument` traces Flask and requests."""

import os

import requests
from flask import Flask, Response, request

app = Flask(__name__)


@app.get("/", defaults={"path": ""})
@app.get("/<path:path>")
def relay(path):
    response = requests.get(f"{os.environ['TARGET']}/{path}", params=request.args, timeout=30)
    # The page continues the trace that Server-Timing names.
    headers = {
        name: response.headers[name]
        for name in ("Content-Type", "Server-Timing")
        if name in response.headers
    }
    return Response(response.content, headers=headers)
