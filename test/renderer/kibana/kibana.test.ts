import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hintsOf, takes } from "../../../src/renderer/kibana/hints.ts";
import { settingsOf } from "../../../src/renderer/kibana/settings_of.ts";
import { KIBANA_SIGNS, type KibanaState } from "../../../src/shared/kibana.ts";

const PLAIN = { port: 9290, tls: "off", authorityFile: null, version: "9.4.3" } as const;
const OWN = { ...PLAIN, tls: "own", authorityFile: "/data/intercept/ca.pem" } as const;

describe("what Kibana is given", () => {
  test("is one line of kibana.yml", () => {
    assert.equal(settingsOf("yml", PLAIN), 'elasticsearch.hosts: ["http://localhost:9290"]');
  });

  test("names https and the authority where the endpoint takes TLS", () => {
    assert.equal(
      settingsOf("yml", OWN),
      'elasticsearch.hosts: ["https://localhost:9290"]\nelasticsearch.ssl.certificateAuthorities: ["/data/intercept/ca.pem"]',
    );
    assert.match(settingsOf("yml", { ...OWN, tls: "given", authorityFile: null }), /certificateAuthorities: \["\/path\/to\/its-ca.pem"\]/);
  });

  test("is the environment of a container of Elasticsearch's version, with the authority mounted", () => {
    const run = settingsOf("docker", PLAIN);
    assert.match(run, /-e ELASTICSEARCH_HOSTS='\["http:\/\/localhost:9290"\]' \\\n/);
    assert.match(run, /kibana:9\.4\.3$/);
    assert.ok(!run.includes("AUTHORITIES"));
    assert.match(settingsOf("docker", OWN), /-v "\/data\/intercept\/ca\.pem:\/usr\/share\/kibana\/config\/parallax-ca\.pem:ro"/);
    assert.match(settingsOf("compose", { ...OWN, version: null }), /kibana:VERSION\n[\s\S]*volumes:\n {6}- "\/data\/intercept\/ca\.pem:/);
  });
});

const STATUS = {
  running: true,
  session: { name: "", file: "", sample: false, readOnly: false, replay: null },
  elasticsearch: { url: "", status: "ok", version: "9.4.3", message: "" },
} as const;

function seen(part: Partial<KibanaState>, count = 1): KibanaState {
  const signs = KIBANA_SIGNS.map((sign) => ({ sign, count, refused: 0, first: null, last: null, example: "" }));
  return { version: "9.4.3", signs, unauthorized: 0, forbidden: 0, unanswered: 0, tls: "off", authorityFile: null, ...part };
}

describe("hints about Kibana", () => {
  test("are none where all is well", () => {
    assert.deepEqual(hintsOf(seen({}), STATUS), []);
  });

  test("name what was refused, an Elasticsearch that it does not take, and a proxy that is stopped", () => {
    const hints = hintsOf(seen({ version: "9.5.0", unauthorized: 3, forbidden: 1, unanswered: 2 }), { ...STATUS, running: false });
    assert.deepEqual(
      hints.map(({ bad }) => bad),
      [true, true, true, true, false],
    );
    assert.ok(hints[1]?.text.startsWith("Kibana 9.5.0 refuses Elasticsearch 9.4.3"));
    assert.match(hints[2]?.text ?? "", /401 to 3 requests:/);
    assert.match(hints[3]?.text ?? "", /403 to 1 request:/);
  });

  test("ask after the settings where nothing came", () => {
    assert.equal(hintsOf(seen({ version: null }, 0), STATUS).length, 1);
    assert.equal(hintsOf(seen({ version: null, tls: "pass" }, 0), STATUS).length, 0);
  });

  test("know that Kibana takes its own minor and newer ones of its major", () => {
    assert.deepEqual(
      [takes("9.4.3", "9.4.0"), takes("9.4.3", "9.10.1"), takes("9.4.3", "9.3.9"), takes("9.0.0", "8.19.0")],
      [true, true, false, false],
    );
  });
});
