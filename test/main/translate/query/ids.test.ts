import { parseJson } from "../../../../src/shared/json.ts";
import { testClause } from "../../../support/clause_bench.ts";

testClause("clause_ids", [
  ["documents by _id", parseJson('{"ids":{"values":["3","77",5]}}'), "in(_id, <['3','77','5']:Array(String)>)", [3, 5]],
]);
