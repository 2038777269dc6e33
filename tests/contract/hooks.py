"""Changes generated requests where the API documents can't say in JSON Schema what is valid."""

import datetime
import itertools
import json
import os
import zlib

import schemathesis
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

# Ids of things that exist: generated ones don't, and would be answered 404 only.
KNOWN = json.loads(os.environ["CONTRACT_KNOWN"])
MOVIE = json.loads(os.environ["CONTRACT_MOVIE"])
EVENTS_OF = {"movie", "ticket", "user", "stream", "correlation"}
OPAQUE = ("cursor", "consistency")

run = os.urandom(4).hex()
numbers = itertools.count()
last = {"token": None}


def one_in(count, case):
    """Chance that depends on the request alone, so that a run can be repeated."""
    text = repr([case.path, case.path_parameters, case.query, case.body])
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) % count == 0


def items(body):
    """The body of one command, or the items of a batch."""
    if not isinstance(body, dict):
        return []
    listed = body.get("items")
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else [body]


class AsTold(Retry):
    """Repeats a request that a busy machine refused, as the documents of the API tell clients to."""

    RETRY_AFTER_STATUS_CODES = frozenset([503])


patient = HTTPAdapter(max_retries=AsTold(total=6, allowed_methods=None, raise_on_status=False))


@schemathesis.hook
def before_call(context, case, kwargs):
    if kwargs.get("session"):
        kwargs["session"].mount("http://", patient)
    if case.meta is None or case.meta.generation.mode.is_negative:
        return
    shown(case)
    for name, known in KNOWN.items():
        # A retired movie would take no more commands.
        is_retired = case.method == "DELETE" and case.path.endswith("/movies/{movieId}")
        if name in (case.path_parameters or {}) and not is_retired and not one_in(3, case):
            case.path_parameters[name] = known
    if not one_in(3, case):
        for item in items(case.body):
            if "movieId" in item:
                item["movieId"] = KNOWN["movieId"]
    reachable(case)
    written(case)


def shown(case):
    """Only a service can make a cursor or a token, so one that is made up is refused."""
    query, headers = case.query or {}, case.headers or {}
    for name in OPAQUE:
        query.pop(name, None)
    if "Consistency-Token" in headers:
        if last["token"]:
            headers["Consistency-Token"] = last["token"]
        else:
            del headers["Consistency-Token"]
    # No views were kept: with `asOf`, every read would be answered 404.
    if not one_in(20, case):
        query.pop("asOf", None)


def reachable(case):
    """Most requests should get as far as the rules behind their headers."""
    headers = case.headers or {}
    # A key stands for one request, and a generated one is often the same as before.
    if "Idempotency-Key" in headers:
        key = f"{run} {next(numbers)} {headers['Idempotency-Key']}"
        headers["Idempotency-Key"] = key[:255].rstrip()
    # Neither may be with the other; and most versions are other ones, which is answered 412.
    if "If-Match" in headers and (not one_in(4, case) or "If-None-Match" in headers):
        del headers["If-Match"]
    # Schemathesis takes text such as "0", with its quotes, for a number.
    if headers.get("If-Match", "").isdigit():
        headers["If-Match"] = f'"{headers["If-Match"]}"'
    if "If-None-Match" in headers and case.method != "GET" and not one_in(4, case):
        del headers["If-None-Match"]


def written(case):
    """Rules that compare values with one another, or with the time."""
    query, body = case.query or {}, case.body
    for name in ("year", "rating", "runtime"):
        low, dash, high = str(query.get(name, "")).partition("-")
        if low and high and float(low) > float(high):
            query[name] = f"{high}-{low}"
    # Events are asked for by one id at most.
    if case.path.endswith(("/ops/events", "/ops/moments")):
        for name in sorted(set(query) & EVENTS_OF)[1:]:
            del query[name]
    if case.path.endswith("/ops/stream") and "id" in query and not one_in(3, case):
        query["id"] = f"movies/{KNOWN['movieId']}"
    # Movies are asked for by their ids or by filters.
    if "ids" in query:
        filters = set(query) - {"ids", "sort", "limit"}
        if filters or "genre" in (case.path_parameters or {}):
            del query["ids"]
    # All groups together may name a hundred genres.
    while isinstance(query.get("genre"), list) and ",".join(query["genre"]).count(",") >= 100:
        query["genre"].pop()
    if isinstance(body, str) and case.path.endswith(":import"):
        case.body = "\n".join([json.dumps({**MOVIE, "title": body}), body])
    if not isinstance(body, dict):
        return
    if isinstance(body.get("genres"), list):
        body["genres"] = list({genre.lower(): genre for genre in body["genres"]}.values())
    for item in items(body):
        for name in ("watchedAt", "changedAt"):
            if item.get(name, "")[:4] >= str(datetime.date.today().year):
                item[name] = "1999" + item[name][4:]


@schemathesis.hook
def after_call(context, case, response):
    token = response.headers.get("consistency-token")
    if token:
        last["token"] = token[0] if isinstance(token, list) else token


@schemathesis.serializer("application/x-ndjson")
def ndjson(context, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
