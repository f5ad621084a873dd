// ip: a set in the order of the 16 bytes, IPv4 as ::ffff:a.b.c.d. Doc values are the text that Elasticsearch prints.
import type { JsonValue } from "../../../shared/json.ts";
import type { Field } from "../mapping.ts";
import { type DocValue, type FieldType, MalformedValue, type TermValue } from "./field_type.ts";
import { type Address, cidrRange, parseAddress, printAddress } from "./ip_address.ts";
import { readEach, withNullValue } from "./null_value.ts";

function read(value: JsonValue): Address {
  const address = typeof value === "string" ? parseAddress(value) : null;
  if (address === null) throw new MalformedValue(`no IP address: ${String(value)}`);
  return address;
}

export const ip: FieldType = Object.freeze({
  type: "ip",
  family: "ip",
  element: "IPv6",
  columns: (field: Field) => [{ name: field.column, type: "Array(IPv6)" }],
  docValues(field: Field, values: readonly JsonValue[]) {
    const addresses = readEach(field, withNullValue(field, values), read);
    const distinct = new Set(addresses);
    return [[...distinct].sort((a, b) => (a < b ? -1 : 1)).map(printAddress)];
  },
  term(_field: Field, value: JsonValue): TermValue {
    const text = String(value);
    if (text.includes("/")) {
      const range = cidrRange(text);
      if (typeof range === "string") return { kind: "invalid", errorType: "illegal_argument_exception", reason: range };
      return { kind: "range", from: printAddress(range.from), to: printAddress(range.to) };
    }
    const address = parseAddress(text);
    if (address !== null) return { kind: "value", value: printAddress(address) };
    return { kind: "invalid", errorType: "illegal_argument_exception", reason: `'${text}' is not an IP string literal.` };
  },
  // ClickHouse prints a mapped address as ::ffff:10.0.0.7; Elasticsearch as 10.0.0.7.
  format(_field: Field, value: DocValue) {
    const address = parseAddress(String(value));
    return address === null ? String(value) : printAddress(address);
  },
  fetch(field: Field, value: JsonValue) {
    const [present] = withNullValue(field, [value]);
    return present === undefined ? undefined : printAddress(read(present));
  },
});
