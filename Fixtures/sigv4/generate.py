#!/usr/bin/env python3
"""Writes s3-vectors.json: requests as botocore signs them for S3.

    Scripts/python-tools && .venv/bin/python Fixtures/sigv4/generate.py

The keys and secrets are made up. The signer under test has to reproduce the canonical request, the string to
sign and the authorization header of every vector byte by byte.
"""

import base64
import datetime
import json
import pathlib
import urllib.parse
from unittest import mock

import botocore
import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

GARAGE = ("http://10.0.0.110:3900", "garage")
R2 = ("https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com", "auto")
AWS = ("https://s3.eu-central-1.amazonaws.com", "eu-central-1")
HOUR = "20261120T203000Z"
ACCESS_KEY, SECRET_KEY = "GK5d0f1e2c3b4a59687706f5e4", "5c1e" * 16
TOKEN = "IQoJb3JpZ2luX2VjEJv//////////wEaCXVzLWVhc3QtMSJHMEUCIQ=="

ODD_KEYS = {
    "plain": "server/wals/0000000100000000/000000010000000000000001.gz",
    "space": "a b",
    "two-spaces": "a  b",
    "leading-space": " a",
    "trailing-space": "a ",
    "plus": "a+b",
    "percent": "100%",
    "looks-encoded": "a%20b%2Fc",
    "unreserved": "-._~azAZ09",
    "reserved": "!*'();:@&=+$,/?#[]",
    "quotes": "\"<>\\^`{|}",
    "tab-newline": "a\tb\nc\rd",
    "control": "\x01\x1f\x7f",
    "double-slash": "a//b///c",
    "trailing-slash": "a/b/",
    "leading-slash": "/a",
    "dot-segments": "a/./b/../c",
    "only-dots": "../..",
    "latin": "bücher/größe",
    "decomposed": "bu\u0308cher",
    "cjk": "備份/データ",
    "emoji": "backup-🐘-\U0001f1e9\U0001f1ea",
    "no-break-space": "a\u00a0b\u2028c",
    "long": "k" * 1000,
}

QUERIES = {
    "list": [["list-type", "2"], ["max-keys", "1000"], ["encoding-type", "url"], ["prefix", "a/b/"]],
    "empty-prefix": [["list-type", "2"], ["prefix", ""]],
    "delimiter": [["prefix", "base/"], ["delimiter", "/"], ["list-type", "2"]],
    "start-after": [["list-type", "2"], ["start-after", "wals/0000000100000000/0000000100000000000000FF.gz"]],
    "token-base64": [["list-type", "2"], ["continuation-token", "]d2Fscy8wMA+/=="]],
    "token-raw-key": [["list-type", "2"], ["continuation-token", "a b+c%2F/ü"]],
    "upper-before-lower": [["b", "1"], ["B", "2"], ["a", "3"], ["A", "4"]],
    "sorted-by-encoded-name": [["ü", "1"], ["z", "2"], ["~", "3"], ["-", "4"]],
    "same-name-sorted-by-value": [["x", "b"], ["x", "a"], ["x", ""]],
    "prefix-of-a-name": [["ab", "1"], ["a", "2"], ["a-", "3"]],
    "valueless": [["versioning", None]],
    "valueless-among-others": [["prefix", "x"], ["versions", None], ["key-marker", ""]],
    "ampersand-equals": [["prefix", "a=b&c=d;e"]],
    "newline": [["prefix", "a\nb\r\nc"]],
    "unicode": [["prefix", "größe/🐘"]],
}

HEADERS = {
    "range": [["Range", "bytes=0-1023"]],
    "if-match": [["If-Match", "\"d41d8cd98f00b204e9800998ecf8427e\""]],
    "amz-header": [["x-amz-expected-bucket-owner", "111122223333"]],
    "upper-case-name": [["X-AMZ-Request-Payer", "requester"]],
    "sorted-by-lower-case-name": [["X-Amz-B", "1"], ["x-amz-a", "2"], ["Range", "bytes=5-5"]],
}


def sign(name, *, method="GET", where=GARAGE, bucket="backups", key=None, query=(), headers=(), body=b"",
         payload="signed", token=None, time=HOUR, secret=SECRET_KEY):
    endpoint, region = where
    path = f"/{bucket}" if key is None else f"/{bucket}/{key}"
    uri = urllib.parse.quote(path, safe="/-._~")
    text = "&".join(
        urllib.parse.quote(n, safe="-._~") + "=" + urllib.parse.quote(v or "", safe="-._~") for n, v in query
    )
    request = AWSRequest(method=method, url=endpoint + uri + ("?" + text if text else ""), data=body)
    for header, value in headers:
        request.headers[header] = value
    signer = botocore.auth.S3SigV4Auth(Credentials(ACCESS_KEY, secret, token), "s3", region)
    if payload != "signed":
        signer.payload = lambda _: payload
    now = datetime.datetime.strptime(time, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    seen = {}

    def remember(what):
        inner = getattr(signer, what)

        def wrapper(*arguments):
            seen[what] = inner(*arguments)
            return seen[what]

        setattr(signer, what, wrapper)

    for what in ("canonical_request", "string_to_sign"):
        remember(what)
    with mock.patch("botocore.auth.get_current_datetime", return_value=now):
        signer.add_auth(request)
    canonical = seen["canonical_request"].split("\n")
    authorization = request.headers["Authorization"]
    return {
        "id": name,
        "endpoint": endpoint,
        "host_header": endpoint.split("://")[1],
        "method": method,
        "bucket": bucket,
        "key": key,
        "key_utf8_b64": None if key is None else base64.b64encode(key.encode()).decode(),
        "query": [list(item) for item in query],
        "headers_to_sign": [list(header) for header in headers],
        "body_b64": base64.b64encode(body).decode(),
        "payload": payload,
        "region": region,
        "service": "s3",
        "timestamp": time,
        "access_key": ACCESS_KEY,
        "secret_key": secret,
        "session_token": token,
        "expect": {
            "request_target": canonical[1] + ("?" + canonical[2] if canonical[2] else ""),
            "canonical_uri": canonical[1],
            "canonical_query": canonical[2],
            "signed_headers": canonical[-2],
            "x_amz_content_sha256": request.headers["X-Amz-Content-SHA256"],
            "canonical_request": seen["canonical_request"],
            "string_to_sign": seen["string_to_sign"],
            "signature": authorization.split("Signature=")[1],
            "authorization": authorization,
        },
    }


def vectors():
    for name, key in ODD_KEYS.items():
        yield sign(f"key-{name}", key=key)
    for name, query in QUERIES.items():
        yield sign(f"query-{name}", query=query)
    for name, headers in HEADERS.items():
        yield sign(f"header-{name}", key="k", headers=headers)
    yield sign("head-object", method="HEAD", key="base/20261120T203000/backup.info")
    yield sign("head-bucket", method="HEAD")
    yield sign("delete-object", method="DELETE", key="a b")
    yield sign("put-object", method="PUT", key="k", body=b"hello")
    yield sign("put-unsigned-payload", method="PUT", where=AWS, key="k", body=b"hello", payload="UNSIGNED-PAYLOAD")
    yield sign("post-delete-objects", method="POST", query=[["delete", None]], body=b"<Delete/>",
               headers=[["Content-MD5", "Q3uTDbhLgHnIAdGT4VqdZQ=="], ["Content-Type", "application/xml"]])
    yield sign("region-auto", where=R2, query=QUERIES["list"])
    yield sign("virtual-host-like-endpoint", where=("https://b.s3.eu-west-1.amazonaws.com", "eu-west-1"), key="k")
    yield sign("port-443-on-http", where=("http://s3.example:443", "r"), key="k")
    yield sign("port-80-on-https", where=("https://s3.example:80", "r"), key="k")
    yield sign("ipv6", where=("http://[fd00::1]:3900", "garage"), key="k")
    yield sign("session-token", where=AWS, query=QUERIES["list"], token=TOKEN)
    yield sign("session-token-and-range", where=AWS, key="k", headers=HEADERS["range"], token=TOKEN)
    yield sign("session-token-with-a-blank", where=AWS, key="k", token="a b/+=")
    yield sign("first-second-of-a-year", key="k", time="20270101T000000Z")
    yield sign("leap-day", key="k", time="20280229T120000Z")
    yield sign("before-1970", key="k", time="19691231T235959Z")
    yield sign("secret-with-odd-characters", key="k", secret="a b+/=%ü\"\\")
    yield sign("bucket-with-dots", bucket="my.bucket.example", key="k")


def main():
    found = list(vectors())
    target = pathlib.Path(__file__).with_name("s3-vectors.json")
    document = {
        "about": "requests as botocore's S3SigV4Auth signs them, see generate.py",
        "generator": f"botocore {botocore.__version__}",
        "count": len(found),
        "vectors": found,
    }
    target.write_text(json.dumps(document, indent=1, ensure_ascii=True) + "\n")


main()
