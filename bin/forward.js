// Opens ports of 127.0.0.1 at the other addresses of this machine: for a container alone, whose published ports and neighbours come in there,
// while Parallax itself listens on 127.0.0.1. Octets in, same octets out: the guards see the Host that the client sent.
import { connect, createServer } from "node:net";
import { networkInterfaces } from "node:os";

/** The container's own IPv4 addresses but loopback's. */
export function outerAddresses() {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.filter(({ family, internal }) => family === "IPv4" && !internal).map(({ address }) => address);
}

/** Listens on `address`:`port` and joins each connection with one to 127.0.0.1:`inner`. Resolves to the server once it listens. */
export function forward(address, port, inner = port) {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (outside) => {
    const inside = connect({ host: "127.0.0.1", port: inner, allowHalfOpen: true, noDelay: true });
    outside.pipe(inside).pipe(outside);
    outside.on("error", () => inside.destroy());
    inside.on("error", () => outside.destroy());
    outside.on("close", () => inside.destroy());
    inside.on("close", () => outside.destroySoon());
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, () => resolve(server));
  });
}
