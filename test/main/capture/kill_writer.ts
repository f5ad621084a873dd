// Writes exchanges until it is killed; after each committed batch it says how far it got.
import { openSession } from "../../../src/main/capture/index.ts";
import { bytes, exchange, part } from "./records.ts";

const s = openSession(process.argv[2] ?? "");
function batch(): void {
  let id = 0;
  for (let count = 0; count < 25; count += 1) {
    id = s.nextId();
    s.put(exchange(id, { verdict: "equal", searches: [part(0, "equal")] }), {
      request: bytes("q"),
      elasticsearch: bytes("answer ".repeat(800)),
    });
  }
  s.flush();
  process.stdout.write(`${id}\n`);
  setImmediate(batch);
}
batch();
