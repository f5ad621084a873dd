import { parseJson } from "../../../../src/shared/json.ts";
import { testClause } from "../../../support/clause_bench.ts";

testClause("clause_simple_query_string", [
  [
    "a plus is AND",
    parseJson('{"simple_query_string":{"query":"quick + brown","fields":["t"]}}'),
    "has(`t#tok`, <quick:String>) AND has(`t#tok`, <brown:String>)",
    [0, 1, 6],
  ],
  [
    "minus without AND is one alternative",
    parseJson('{"simple_query_string":{"query":"timeout -fox","fields":["t"]}}'),
    "has(`t#tok`, <timeout:String>) OR 1 AND NOT has(`t#tok`, <fox:String>)",
    [2, 3, 4, 5, 7, 9, 11],
  ],
  [
    "bad syntax is text",
    parseJson('{"simple_query_string":{"query":"quick (\\"fox","fields":["t"]}}'),
    "has(`t#tok`, <quick:String>) OR has(`t#tok`, <fox:String>)",
    [0, 1, 6, 8, 10],
  ],
]);
