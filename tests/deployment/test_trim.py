"""What is left out of the libraries, and what is made smaller."""

from __future__ import annotations

import gzip
import json

from deployment.trim import trimmed

DESCRIPTION = {
    "metadata": {"apiVersion": "2012-08-10"},
    "operations": {
        "Query": {"input": {"shape": "Asked"}, "errors": [{"shape": "Refused"}], "documentation": "How to ask."},
        "DescribeEndpoints": {"endpointoperation": True, "output": {"shape": "Text"}},
        "CreateTable": {"input": {"shape": "Unused"}},
    },
    "shapes": {
        "Asked": {"members": {"documentation": {"shape": "Text"}, "again": {"shape": "Asked"}}},
        "Refused": {"exception": True, "documentation": "When."},
        "Text": {"type": "string"},
        "Unused": {"type": "string"},
    },
}


def test_of_a_service_only_what_is_called_is_kept_of_the_newest_description_without_what_people_read() -> None:
    data = "botocore/data"
    kept, changed = trimmed(
        {
            f"{data}/endpoints.json": b'{"partitions": [{"dnsSuffix": "x", "services": {"dynamodb": {}, "ec2": {}}}]}',
            f"{data}/_retry.json": b"{ }",
            f"{data}/dynamodb/2011-12-05/service-2.json": b"{}",
            f"{data}/dynamodb/2012-08-10/service-2.json.gz": gzip.compress(json.dumps(DESCRIPTION).encode()),
            f"{data}/dynamodb/2012-08-10/examples-1.json": b"{}",
            f"{data}/ec2/2016-11-15/service-2.json": b"{}",
            "botocore/examples/s3.rst": b"",
            "botocore/session.py": b"",
            "botocore/py.typed": b"",
            "thing/tests/test_thing.py": b"",
        }
    )
    described = kept[f"{data}/dynamodb/2012-08-10/service-2.json"]
    assert kept == {
        f"{data}/endpoints.json": b'{"partitions":[{"dnsSuffix":"x","services":{"dynamodb":{}}}]}',
        f"{data}/_retry.json": b"{ }",
        f"{data}/dynamodb/2012-08-10/service-2.json": described,
        "botocore/session.py": b"",
    }
    assert json.loads(described) == {
        "metadata": {"apiVersion": "2012-08-10"},
        "operations": {
            "Query": {"input": {"shape": "Asked"}, "errors": [{"shape": "Refused"}]},
            "DescribeEndpoints": {"endpointoperation": True, "output": {"shape": "Text"}},
        },
        "shapes": {
            "Asked": {"members": {"documentation": {"shape": "Text"}, "again": {"shape": "Asked"}}},
            "Refused": {"exception": True},
            "Text": {"type": "string"},
        },
    }
    assert changed == [f"{data}/dynamodb/2012-08-10/service-2.json", f"{data}/endpoints.json"]
