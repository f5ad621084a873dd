// How copies cross from the proxy's thread to the engine's: one ArrayBuffer a batch, holding records one after another.
// A record is 32 octets of head (u32 kind, u32 payload length, f64 exchange id, f64 number, f64 total), then its payload, padded
// to 8 so that both sides read numbers through aligned arrays. Native byte order: both threads are on one machine.

export const RECORD_HEAD = 32;

export const RECORD = {
  /** number: epoch ms. total: the client's port, 0 where it is not known. payload: the head as the client sent it. */
  requestHead: 1,
  /** payload: data of the body without transfer coding. */
  requestBody: 2,
  /** number: ms since the request's time. total: octets of the body, copied or not. */
  requestEnd: 3,
  /** number: ms since the request's time. payload: the head as the upstream sent it. */
  responseHead: 4,
  responseBody: 5,
  responseEnd: 6,
  /** The exchange ended without being complete. payload: why, UTF-8. */
  broken: 7,
  /** The rest of the exchange is not copied: the queue was full. */
  dropped: 8,
  /** number: exchanges that passed without any record. */
  missed: 9,
} as const;

/** Next offset that is a multiple of 8. */
export function padded(length: number): number {
  return (length + 7) & ~7;
}

/** Places in ThreadStart's counters: octets of batches that the engine has taken, modulo 2^32, … */
export const TAKEN = 0;
/** … client connections, … */
export const CONNECTIONS = 1;
/** … octets of batches that lay in files and were taken, modulo 2^32, … */
export const SPOOLED_TAKEN = 2;
/** … and how much of its time the wire's thread works though others have the processor, in thousandths. */
export const PRESSED = 3;
export const COUNTERS = 4;
