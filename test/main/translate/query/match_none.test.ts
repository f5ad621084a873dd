import { parseJson } from "../../../../src/shared/json.ts";
import { testClause } from "../../../support/clause_bench.ts";

testClause("clause_match_none", [["match_none finds none", parseJson('{"match_none":{}}'), "0", []]]);
