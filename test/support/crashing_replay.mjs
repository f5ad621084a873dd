// Loaded before Parallax: ends the process hard as soon as its pipe `replay` runs, as a pipe with a fault in it would.
const port = process.argv[process.argv.indexOf("--ui-port") + 1];

async function look() {
  const pipes = await fetch(`http://127.0.0.1:${port}/api/pipes`).then(
    (answer) => answer.json(),
    () => [],
  );
  if (pipes.some(({ id, state }) => id === "replay" && state === "running")) process.kill(process.pid, "SIGKILL");
}

setInterval(() => void look(), 50).unref();
