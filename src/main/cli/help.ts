// What `parallax help` prints.

export const HELP = `parallax VERB [flags]

  serve       the proxy, the engine and the debugging interface, without a window
    --elasticsearch URL     where Elasticsearch is (several nodes: URL,URL); none given: localhost:9200, else the sample
    --elasticsearch-ca FILE certificate authority (PEM) of an https Elasticsearch, like its own http_ca.crt
    --elasticsearch-insecure  take any certificate
    --sample                open the sample session
    --clickhouse URL        a ClickHouse of yours, instead of the embedded one
    --clickhouse-cluster NAME  the cluster of it that tables are made on; its servers: --clickhouse URL,URL
    --clickhouse-port N     port of the embedded ClickHouse (8123)
    --mode MODE             tap: capture only; compare: mirror, translate, match (the default);
                            clickhouse: ClickHouse answers clients what it can answer exactly
    --route PATTERN=MODE    the mode of some indices; may be given again, the first that fits wins
    --shadow                ask Elasticsearch, too, what ClickHouse has answered, and compare
    --port N                the Elasticsearch endpoint for clients (9280)
    --tls own|pass          serve clients that speak TLS, too: with a certificate of our own authority, or unread (tap mode)
    --tls-cert FILE, --tls-key FILE  with this certificate and key (PEM)
    --rules FILE            rewrite rules, a JSON list; --script FILE: a module with request(exchange) and response(exchange)
    --verdict-rules FILE    which rules of the comparison are off where, and what is ignored: a JSON list
    --script-limit MS       how long one of its hooks may take (1000)
    --intercept-port N      the intercept proxy for http and https (9281); --no-intercept: none
    --intercept-elasticsearch HOST:PORT
                            a further name by which clients reach Elasticsearch; may be given again
    --intercept-pass-through HOST
                            leave this host's TLS unread; may be given again
    --intercept-ca FILE     authorities (PEM) to trust beside the system's; --intercept-insecure: take any certificate
    --ui-port N             the debugging interface (9999)
    --data DIR              where everything is kept
    --allowed-host NAME     a further host name that clients use for the endpoint; may be given again
    --clickhouse-max-seconds N, --clickhouse-max-memory BYTES
                            most that a statement of a search may take (60, 4 GiB)
    --capture-cap BYTES     most that the session file may take (2 GiB)
    --dump                  write exchanges as text into logs/logs-START-END.txt in the data folder
    --dump-filter FILTER    only these, as in the filter bar; switches it on
    --journal-cap BYTES     most that writes may take that wait for ClickHouse (1 GiB)
    --open | --no-open      open the page in the browser
    --enable-api-profiler   write a profile of every handled call to logs/api_profiler
    --no-autorun            keep back what runs by itself: the mirror, the sample's replay, backfills
    --auth-required         every call needs the token; the page is opened by the address that the start prints
    --health-interval N, --health-timeout N
                            seconds between checks of its own health (5), and for an answer (5)
    --telemetry-interval N  seconds between telemetry reports (3600), written to logs/telemetry.json
    --telemetry-url URL     post them there; without it they are sent nowhere
    --no-token              writing and SQL need no token (only on a machine of your own)

  backfill INDEX…   copies indices that exist already to ClickHouse, in the Parallax that runs
  reconcile INDEX…  compares indices with their tables and repairs what differs
    --rate N                most documents a second that are read from Elasticsearch
    --exact                 reconcile: compare names and versions of all documents, not only their numbers
    --elasticsearch URL     refuse to work where Parallax forwards to another one
  generate KIND     documents that look like the field's, sent through the Parallax that runs: logs, devices, orders, makelogs;
                    queries: what a Kibana user asks of them
    --rate N                documents a second on average (20); 0: as many as are taken
    --documents N           how many in all; until it is interrupted else
    --past N                how many of them are of the past, made at once (10000); --span-hours N: how long that was (24)
    --seed N                the same seed makes the same documents (1)
    --sample                no KIND: 5,000 orders, logs and readings of the last week and what a Kibana user asks of them;
                            with --remove they are removed
    --index NAME            where to, instead of the kind's own; --stream: a data stream, --plain: an index
  schedule [PIPE]   when pipes run by themselves: tells it, or has backfill-INDEX, reconcile-INDEX, generate-KIND or replay-session run
    --every 30m|6h|1d       so often; --at HH:MM: once a day
    --from HH:MM, --to HH:MM
                            only within that time of the day, or without --every from then until then
    --for 10m               so long at most; --profiler: each run is profiled; --rate N, --exact: as above
    --url URL, --filter FILTER, --speed N
                            of replay-session: where to, which requests, how fast
    --remove                it has no schedule any more
  start, stop   clients are served again, or refused
  mode [MODE]   the mode of what no route says otherwise: tells it, or makes it tap, compare or clickhouse
  intercept [on|off]  the intercept proxy: tells whether it listens, starts or stops it
  open [FILE]   shows a session file or a HAR in the window; without one opens the window's page in the browser
    --recent                lists those opened lately; --live: back to the live session; --sample: the sample
  quit          ends Parallax, in order
  status      what the Parallax that runs says of itself
    --json                  machine-readable
    --ui-port N, --token TOKEN
                            of all four: where Parallax is (9999), and its token (else PARALLAX_TOKEN, else the page's)

  mcp         a server of the Model Context Protocol on standard input and output, for the Parallax that runs
    --allow-writes          offer SQL, too; without it nothing can be changed
    --ui-port N, --token TOKEN
                            as above

  profile     a profile of the Parallax that runs, as a file whose name it prints
    --type cpu|heap|allocs  CPU time of all threads (the default); objects that are alive; all allocations
    --seconds N             for how long, 1 to 600 (cpu 30, allocs 10); heap: by how much it grows in so long
    --format FORMAT         of cpu: pprof (for go tool pprof, the default), cpuprofile (Chrome), calltree (KCachegrind), pstats (Python)
    --output FILE           where to; - for standard output
  stacktrace  writes stacktrace.html into the logs folder of the Parallax that runs, stuck or not, as SIGUSR1 does
    --data DIR              its data folder
    --output FILE           this file instead; - for standard output

  export      captured exchanges as one file to hand on, of the Parallax that runs
    --out FILE              where to; standard output else (a HAR)
    --format FORMAT         html (opens with no server), session or har; by the file's name else
    --redact CHOICES        what to take out, like "fields=email,user.name;headers=x-tenant;secrets=email;hosts"
    --filter FILTER         only these, as in the filter bar
    --ids NUMBERS           only these exchanges, like 3,7,20-24
    --session FILE          of a session file instead; needs no running Parallax
    --keep-secrets          leave in what the session has of credentials in URLs and in bodies about users and keys
  import FILE.har   shows a HAR in the Parallax that runs
    --out FILE.parallax     makes a session file of it instead
  replay FILE --to URL   sends the requests of a session file or a HAR to any server
    --speed N | max         1 as they came (the default), 10 ten times as fast, max as fast as can be
    --filter FILTER         only these
    --insecure              take any certificate
    --fail-on-difference    exit with 1 where an answer had another status than the recorded one

  judge [ID…]     compares kept answers again by the rules of now, in the Parallax that runs; all searches without an id
    --filter FILTER         of all that pass, as in the filter bar
  compare FILE…   judges the searches of sessions, HARs and case files anew, and lists the changed verdicts
    --elasticsearch URL     by an engine of its own in front of this one; the Parallax that runs else
    --clickhouse URL        and with this ClickHouse, instead of an embedded one
    --verdict-rules FILE    and by what this JSON list says of the rules of the comparison
    --filter FILTER         only these exchanges, as in the filter bar
    --junit FILE, --markdown FILE
                            reports; - for standard output
    --json                  machine-readable
    --fail-on-difference    exit with 1 where a search differs or fails, or was better before

  translate   prints the SQL of a search
    --mapping FILE          the index's mapping: {"properties": …}, or what GET INDEX/_mapping gives
    --index NAME            name of the index (index)
    --shards N              its number of shards (1)
    --json                  machine-readable
    REQUEST                 a file with the search body, or - for standard input (the default)

Exit codes: 0 done, 1 differences found where asked, 2 bad usage or input, 3 backend unreachable.
`;
