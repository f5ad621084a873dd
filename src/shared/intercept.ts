// The intercept proxy as it is told of, and how its certificate is made known to what is to trust it.

/** What a user is told of our certificate authority. */
export interface AuthorityFacts {
  /** PEM of its certificate. */
  readonly pem: string;
  /** SHA-256 of the certificate, `AB:CD:…`. */
  readonly fingerprint: string;
  /** Its common name. */
  readonly name: string;
  /** ISO 8601. */
  readonly until: string;
  /** Where the certificate lies. */
  readonly file: string;
}

export interface InterceptStatus {
  /** It listens. */
  readonly on: boolean;
  readonly url: string;
  readonly port: number;
}

export interface InterceptInfo extends InterceptStatus {
  /** Hosts whose requests go through the Elasticsearch endpoint, `host:port`. */
  readonly elasticsearchHosts: readonly string[];
  /** Hosts whose TLS is not opened. */
  readonly passThrough: readonly string[];
  readonly authority: AuthorityFacts;
}

/** One way to make a platform or a program use the proxy or trust its certificate. */
export interface Steps {
  readonly platform: string;
  /** Sentences, in order. */
  readonly steps: readonly string[];
  /** Lines for a terminal; "" where there is none. */
  readonly commands: string;
  /** Lines that take the trust away again; "" where the steps say it. */
  readonly undo: string;
}

/** How each platform is told to trust the certificate in `file`, and clients are told to use the proxy at `url`. */
export function trustSteps(file: string, url: string, name: string): readonly Steps[] {
  const quoted = `"${file}"`;
  const proxied = `HTTPS_PROXY=${url} HTTP_PROXY=${url}`;
  return [
    {
      platform: "curl",
      steps: ["Give it the proxy and the certificate."],
      commands: `curl --proxy ${url} --cacert ${quoted} https://example.com/`,
      undo: "",
    },
    {
      platform: "Node.js",
      steps: [
        "NODE_EXTRA_CA_CERTS is read when the process starts. Node 24 takes the proxy from the environment with NODE_USE_ENV_PROXY=1; for older ones give the client a proxy agent.",
      ],
      commands: `NODE_EXTRA_CA_CERTS=${quoted} NODE_USE_ENV_PROXY=1 ${proxied} node app.js`,
      undo: "",
    },
    {
      platform: "Python (requests, httpx)",
      steps: [
        "Both read the proxy and the certificates from the environment: requests REQUESTS_CA_BUNDLE, httpx and others SSL_CERT_FILE. Either takes the place of the certificates that are there.",
      ],
      commands: `REQUESTS_CA_BUNDLE=${quoted} SSL_CERT_FILE=${quoted} ${proxied} python app.py`,
      undo: "",
    },
    {
      platform: "Java",
      steps: ["Make a key store with the certificate, and name it and the proxy when the program starts."],
      commands: [
        `keytool -importcert -noprompt -alias parallax -file ${quoted} -keystore parallax.jks -storepass changeit`,
        `java -Djavax.net.ssl.trustStore=parallax.jks -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=${new URL(url).port} -Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=${new URL(url).port} -jar app.jar`,
      ].join("\n"),
      undo: "",
    },
    {
      platform: "macOS",
      steps: ["Add the certificate to the keychain, trusted for TLS. Programs ask for it at their next start."],
      commands: `security add-trusted-cert -r trustRoot -p ssl -k ~/Library/Keychains/login.keychain-db ${quoted}`,
      undo: `security delete-certificate -c "${name}" -t ~/Library/Keychains/login.keychain-db`,
    },
    {
      platform: "Windows",
      steps: ["Add the certificate to the root authorities of your user."],
      commands: `certutil -user -addstore Root ${quoted}`,
      undo: `certutil -user -delstore Root "${name}"`,
    },
    {
      platform: "Linux",
      steps: [
        "Debian and Ubuntu: copy it among the local certificates. Fedora and Red Hat: sudo trust anchor FILE (and trust anchor --remove FILE). Chrome has a store of its own: certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n parallax -i FILE.",
      ],
      commands: `sudo cp ${quoted} /usr/local/share/ca-certificates/parallax.crt && sudo update-ca-certificates`,
      undo: "sudo rm /usr/local/share/ca-certificates/parallax.crt && sudo update-ca-certificates --fresh",
    },
    {
      platform: "Firefox",
      steps: [
        "Settings, Privacy & Security, View Certificates, Authorities, Import: choose the file and trust it for websites.",
        `Settings, Network Settings: manual proxy 127.0.0.1, port ${new URL(url).port}, also for HTTPS.`,
        "To undo it, delete it in the same list.",
      ],
      commands: "",
      undo: "",
    },
  ];
}
