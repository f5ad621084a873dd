import { parseJson } from "../../../../src/shared/json.ts";
import { testClause } from "../../../support/clause_bench.ts";

testClause("clause_exists", [
  ["an empty array is missing", parseJson('{"exists":{"field":"kw"}}'), "notEmpty(kw)", [0, 1, 3, 4, 5, 6, 7, 8, 10, 11]],
  ["text without words is there", parseJson('{"exists":{"field":"t"}}'), "`t#count` > 0", [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11]],
  ["an object is any of its fields", parseJson('{"exists":{"field":"o"}}'), "notEmpty(`o/x`) OR notEmpty(`o/y`)", [6, 7]],
  ["an explicit null with null_value is there", parseJson('{"exists":{"field":"low"}}'), "notEmpty(low)", [2, 4]],
  ["nested fields are not seen", parseJson('{"exists":{"field":"n.a"}}'), "0", []],
]);
