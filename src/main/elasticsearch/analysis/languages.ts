// The analyzers of languages, defined as an index would define them.
import { type JsonObject, type JsonValue, jsonObject } from "../../../shared/json.ts";

interface Language {
  readonly name: string;
  /** Token filters before the words are lowered, and between the stop words and the stemmer. */
  readonly first?: string;
  readonly normalization?: string;
}

const ITALIAN_ARTICLES = "c l all dall dell nell sull coll pell gl agl dagl degl negl sugl un m t s v d".split(" ");

const ALL: readonly Language[] = [
  { name: "german", normalization: "german_normalization" },
  { name: "french", first: "elision" },
  { name: "spanish" },
  { name: "italian", first: "italian_elision" },
];

/** As the value of `settings.analysis`. */
export const LANGUAGES: JsonObject = jsonObject([
  ["analyzer", jsonObject(ALL.map((language) => [language.name, analyzerOf(language)]))],
  [
    "filter",
    jsonObject([
      [
        "italian_elision",
        jsonObject([
          ["type", "elision"],
          ["articles", ITALIAN_ARTICLES],
          ["articles_case", "true"],
        ]),
      ],
      ...ALL.flatMap(({ name }): readonly (readonly [string, JsonValue])[] => [
        [
          `${name}_stop`,
          jsonObject([
            ["type", "stop"],
            ["stopwords", `_${name}_`],
          ]),
        ],
        [
          `${name}_stemmer`,
          jsonObject([
            ["type", "stemmer"],
            ["language", `light_${name}`],
          ]),
        ],
      ]),
    ]),
  ],
]);

function analyzerOf({ name, first, normalization }: Language): JsonObject {
  const filter = [first, "lowercase", `${name}_stop`, normalization, `${name}_stemmer`].filter((each) => each !== undefined);
  return jsonObject([
    ["type", "custom"],
    ["tokenizer", "standard"],
    ["filter", filter],
  ]);
}
