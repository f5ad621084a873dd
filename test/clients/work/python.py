"""A day of the official Python client, its helpers, its DSL and its asynchronous form: python.py URL PREFIX."""

import asyncio
import json
import sys
import time

from elasticsearch import ApiError, AsyncElasticsearch, Elasticsearch, dsl, helpers

COUNT = 5000
url, prefix = sys.argv[1:3]
index, other = f"{prefix}-events", f"{prefix}-async"
es = Elasticsearch(url, http_compress=True, request_timeout=60)
told = {}
SETTINGS = {"number_of_shards": 1, "number_of_replicas": 0}
MAPPINGS = {
    "properties": {
        "host": {"type": "keyword"},
        "text": {"type": "text"},
        "at": {"type": "date"},
    }
}


def document(n):
    return {
        "n": n,
        "host": f"host-{n % 7}",
        "text": f"the {n} quick füchse",
        "price": n / 8,
        "at": 1714521600000 + n * 60000,
    }


def refused(call):
    try:
        call()
    except ApiError as error:
        return [error.status_code, str(error.error)]
    return "not refused"


def synchronous():
    told["product"] = es.info()["tagline"]
    told["missing"] = [
        refused(lambda: es.search(index=f"{prefix}-none")),
        refused(lambda: es.get(index=f"{prefix}-none", id="1")),
        bool(es.indices.exists(index=index)),
    ]
    es.indices.create(index=index, settings=SETTINGS, mappings=MAPPINGS)
    actions = (
        {"_index": index, "_id": str(n), **document(n)} for n in range(COUNT)
    )
    told["bulk"] = helpers.bulk(es, actions, chunk_size=500, refresh=True)
    streamed = helpers.streaming_bulk(
        es,
        (
            {
                "_op_type": "update",
                "_index": index,
                "_id": str(n),
                "doc": {"host": "changed"},
            }
            for n in range(4990, 5010)
        ),
        raise_on_error=False,
        refresh=True,
    )
    told["streamed"] = [
        [ok, answer["update"]["status"]] for ok, answer in streamed
    ]
    told["index"] = es.index(
        index=index, id="one/ü", document={"n": 5000}, refresh=True
    )["result"]
    told["update"] = es.update(
        index=index, id="7", doc={"host": "other"}, refresh=True
    )["result"]
    told["conflict"] = refused(
        lambda: es.create(index=index, id="7", document={})
    )
    told["get"] = es.get(index=index, id="one/ü")["_source"]
    told["exists"] = [
        bool(es.exists(index=index, id=one)) for one in ("8", "none")
    ]
    told["delete"] = es.delete(index=index, id="9", refresh=True)["result"]
    told["count"] = es.count(index=index, query={"match": {"text": "quick"}})[
        "count"
    ]
    found = es.search(
        index=index,
        size=20,
        sort=["n"],
        query={"range": {"n": {"gte": 10}}},
        aggs={
            "h": {
                "terms": {"field": "host", "size": 20},
                "aggs": {"p": {"stats": {"field": "price"}}},
            }
        },
    )
    told["search"] = [
        [hit["_id"] for hit in found["hits"]["hits"]],
        found["aggregations"],
    ]
    told["many"] = [
        one["hits"]["total"]
        for one in es.msearch(
            index=index,
            searches=[
                {},
                {"size": 0},
                {},
                {"query": {"term": {"host": "host-1"}}},
            ],
        )["responses"]
    ]
    told["scan"] = sorted(
        hit["_id"] for hit in helpers.scan(es, index=index, size=1000)
    )
    told["ordered"] = [
        hit["_source"]["n"]
        for hit in helpers.scan(
            es,
            index=index,
            size=400,
            preserve_order=True,
            query={"query": {"term": {"host": "host-3"}}, "sort": ["n"]},
        )
    ]
    pit = es.open_point_in_time(index=index, keep_alive="1m")["id"]
    page = es.search(
        pit={"id": pit, "keep_alive": "1m"}, size=3, sort=[{"n": "desc"}]
    )
    told["pit"] = [hit["_source"] for hit in page["hits"]["hits"]]
    told["closed"] = es.close_point_in_time(id=page["pit_id"])["num_freed"]
    told["bad"] = refused(lambda: es.search(index=index, query={"nothing": {}}))
    told["caps"] = es.field_caps(index=index, fields="*")["fields"]
    told["cat"] = es.cat.count(index=index, format="json")[0]["count"]


def template_and_aliases():
    name = f"{prefix}-template"
    es.indices.put_index_template(
        name=name,
        index_patterns=[f"{prefix}-made*"],
        template={"settings": SETTINGS, "mappings": MAPPINGS},
    )
    es.bulk(
        index=f"{prefix}-made",
        operations=[{"create": {}}, document(1), {"create": {}}, document(2)],
        refresh=True,
    )
    es.indices.put_alias(index=f"{prefix}-made", name=f"{prefix}-alias")
    told["alias"] = es.count(index=f"{prefix}-alias")["count"]
    told["aliases"] = list(es.indices.get_alias(index=f"{prefix}-made").values())
    copied = es.reindex(
        source={"index": f"{prefix}-made"},
        dest={"index": f"{prefix}-copied"},
        refresh=True,
    )
    told["copied"] = [
        copied["created"],
        es.count(index=f"{prefix}-copied")["count"],
    ]
    es.indices.delete_index_template(name=name)
    told["gone"] = es.indices.delete(index=f"{prefix}-made")["acknowledged"]


class Event(dsl.Document):
    n = dsl.Long()
    host = dsl.Keyword()
    text = dsl.Text()
    at = dsl.Date()


def written_in_the_dsl():
    search = (
        dsl.Search(using=es, index=index)
        .filter("range", n={"gte": 100, "lt": 4000})
        .query("match", text="quick")
        .exclude("term", host="host-1")
        .sort("-n")[5:15]
    )
    search.aggs.bucket("hosts", "terms", field="host").metric(
        "most", "max", field="price"
    )
    answer = search.execute()
    told["dsl"] = [
        answer.hits.total.value,
        [hit.n for hit in answer],
        answer.aggregations.to_dict(),
    ]
    told["dsl count"] = search.count()
    name = f"{prefix}-dsl"
    Event.init(index=name, using=es)
    event = Event(n=1, host="a", text="b", at="2024-05-01T00:00:00Z")
    event.meta.id = "e1"
    told["saved"] = event.save(index=name, using=es, refresh=True)
    event.update(index=name, using=es, host="c", refresh=True)
    told["read"] = Event.get("e1", index=name, using=es).to_dict()["host"]
    found = Event.search(using=es, index=name).query("term", host="c").execute()
    told["found"] = [hit.meta.id for hit in found]


async def asynchronous():
    async with AsyncElasticsearch(url, request_timeout=60) as client:
        actions = (
            {"_index": other, "_id": str(n), **document(n)} for n in range(2000)
        )
        told["async bulk"] = await helpers.async_bulk(
            client, actions, chunk_size=250, refresh=True
        )
        answers = await asyncio.gather(
            *(
                client.count(
                    index=other, query={"term": {"host.keyword": f"host-{n}"}}
                )
                for n in range(7)
            )
        )
        told["async counts"] = [answer["count"] for answer in answers]
        told["async scan"] = len(
            [hit async for hit in helpers.async_scan(client, index=other)]
        )


begun = time.perf_counter()
synchronous()
template_and_aliases()
written_in_the_dsl()
asyncio.run(asynchronous())
told["by query"] = es.delete_by_query(
    index=index, query={"term": {"host": "host-2"}}, refresh=True
)["deleted"]
ms = (time.perf_counter() - begun) * 1000
print(json.dumps({"ms": ms, "told": told}, sort_keys=True))
