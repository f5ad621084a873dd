// `adjacency_matrix`: a bucket for each query and for each pair of them that have documents, in the order of their names.
import { childPointer, isObject } from "../../../../shared/json.ts";
import { and } from "../../../clickhouse/sql/ast.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { count } from "../cells.ts";
import { compileOwnQuery } from "../own_query.ts";
import { Parameters } from "../parameters.ts";
import type { AggregationNode, Buckets, MultiBucketDefinition, Surroundings } from "../types.ts";
import { matchingPositions, rowsByPosition } from "./filters.ts";

export const adjacencyMatrix: MultiBucketDefinition = { kind: "multi", compile: compileMatrix };

function compileMatrix(node: AggregationNode, context: Context, { nested }: Surroundings): Buckets {
  const parameters = new Parameters(node);
  const value = parameters.value("filters");
  const separator = parameters.text("separator") ?? "&";
  parameters.done();
  if (nested && node.children.length > 0) {
    throw new UnsupportedClause(node.pointer, "Elasticsearch hands sub-aggregations to the wrong buckets where it stands inside another");
  }
  const entries = isObject(value) ? Object.entries(value) : [];
  if (entries.length === 0) throw new RejectedRequest("illegal_state_exception", `[${node.name}] is missing : filters parameter`, 500);
  const filters = entries
    .toSorted(([a], [b]) => compareNames(a, b))
    .map(([name, query]) => ({ name, where: compileOwnQuery(query, childPointer(parameters.pointer("filters"), name), context).where }));
  const pairs = filters.flatMap((a, i) =>
    filters.slice(i + 1).map((b) => ({ name: `${a.name}${separator}${b.name}`, where: and([a.where, b.where]) })),
  );
  const all = [...filters, ...pairs];
  if (new Set(all.map(({ name }) => name)).size < all.length) {
    throw new UnsupportedClause(parameters.pointer("filters"), "a filter is named as a pair of others is");
  }
  const order = all.map(({ name }, position) => ({ name, position })).toSorted((a, b) => compareNames(a.name, b.name));
  return {
    keys: matchingPositions(all.map(({ where }) => where)),
    minDocCount: 1,
    drafts({ rows, cells }) {
      const byPosition = rowsByPosition(rows, cells.key);
      return order.flatMap(({ name, position }) => {
        const row = byPosition.get(position);
        if (row === undefined) return [];
        const docCount = count(row, cells.count);
        return [
          {
            row,
            cell: position,
            docCount,
            name,
            position: Number.NaN,
            members: [
              ["key", name],
              ["doc_count", docCount],
            ],
          },
        ];
      });
    },
  };
}

// As Java compares strings, by UTF-16 code units.
const compareNames = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
