// The watchdog: a process that does nothing but take SIGUSR1 for an engine that no launcher has started, and pass it on as an octet on its
// standard output. Its main thread is never stuck. It ends when its standard input does, that is with the engine.
//   watchdog.ts DATA   (the data folder, so that one can tell which it belongs to)

process.on("SIGUSR1", () => process.stdout.write("1"));
// Ctrl-C in a terminal reaches all processes: the engine decides.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
process.stdout.on("error", () => process.exit(0));
process.stdin.on("end", () => process.exit(0)).resume();
// It listens.
process.stdout.write("0");
