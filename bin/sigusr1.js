// Listens from the first moment on: to Node itself SIGUSR1 means to open a debugger's port.
let listener;
let early = 0;

process.on("SIGUSR1", () => {
  if (listener === undefined) early += 1;
  else listener();
});

/** Calls `told` for each signal, those that came before included. */
export function onStackTraceSignal(told) {
  listener = told;
  for (; early > 0; early -= 1) told();
}
