// Faults of our own that nobody handled: told and gone on from. The wire is on a thread of its own and needs nothing of
// ours, so that a fault at one exchange must not end it for all clients.

/** From now on the process ends by none. `told` gets each. */
export function goOnAfterFaults(told: (error: unknown) => void): void {
  // Whoever read our output may have gone.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, told);
}
