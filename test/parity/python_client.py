"""A day of the official Python client: python_client.py URL INDEX. Prints one line of JSON with what it was answered."""
import json
import sys

from elasticsearch import ApiError, Elasticsearch, helpers

url, index = sys.argv[1:3]
es = Elasticsearch(url, http_compress=True, request_timeout=60)
es.options(ignore_status=404).indices.delete(index=index)
told = {}
told["product"] = es.info()["tagline"]
es.indices.create(index=index, settings={"number_of_shards": 1}, mappings={"properties": {"host": {"type": "keyword"}, "text": {"type": "text"}}})
documents = ({"_index": index, "_id": str(n), "n": n, "host": f"host-{n % 7}", "text": f"the {n} quick füchse"} for n in range(2000))
told["bulk"] = helpers.bulk(es, documents, chunk_size=300, refresh="wait_for")
told["index"] = es.index(index=index, id="one/ü", document={"n": 5000}, refresh=True)["result"]
told["update"] = es.update(index=index, id="7", doc={"host": "other"}, refresh=True)["result"]
told["get"] = es.get(index=index, id="one/ü")["_source"]
told["exists"] = [bool(es.exists(index=index, id="8")), bool(es.exists(index=index, id="none"))]
told["delete"] = es.delete(index=index, id="9", refresh=True)["result"]
told["count"] = es.count(index=index, query={"match": {"text": "quick"}})["count"]
found = es.search(index=index, size=20, sort=["n"], query={"range": {"n": {"gte": 10}}}, aggs={"h": {"terms": {"field": "host", "size": 20}}})
told["search"] = [[hit["_id"] for hit in found["hits"]["hits"]], found["aggregations"]["h"]["buckets"]]
told["many"] = [one["hits"]["total"] for one in es.msearch(index=index, searches=[{}, {"size": 0}, {}, {"query": {"term": {"host": "host-1"}}}])["responses"]]
told["scan"] = sorted(hit["_id"] for hit in helpers.scan(es, index=index, size=500))
pit = es.open_point_in_time(index=index, keep_alive="1m")["id"]
page = es.search(pit={"id": pit, "keep_alive": "1m"}, size=3, sort=[{"n": "desc"}])
told["pit"] = [hit["_source"] for hit in page["hits"]["hits"]]
told["closed"] = es.close_point_in_time(id=page["pit_id"])["num_freed"]
try:
    es.search(index=index, query={"nothing": {}})
except ApiError as error:
    told["error"] = [error.status_code, error.error]
told["by query"] = es.delete_by_query(index=index, query={"term": {"host": "host-2"}}, refresh=True)["deleted"]
told["cat"] = es.cat.count(index=index, format="json")[0]["count"]
told["gone"] = es.indices.delete(index=index)["acknowledged"]
print(json.dumps(told, sort_keys=True))
