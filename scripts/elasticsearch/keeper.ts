// Runs a command until it ends or until this process's standard input closes, whichever is first: whoever started the
// keeper may die in any way, `kill -9` too, and the command does not outlive it.
//   node keeper.ts UID COMMAND ARGUMENT …      (UID "-": as the caller)
import { spawn } from "node:child_process";

const GRACE_MS = 20_000;
const [user = "-", command = "", ...args] = process.argv.slice(2);
const identity = user === "-" ? {} : { uid: Number(user), gid: Number(user) };
const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], ...identity });
process.stdout.write(`${child.pid ?? 0}\n`);

function end(): void {
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), GRACE_MS).unref();
}
process.stdin.on("end", end).on("error", end).resume();
process.on("SIGTERM", end).on("SIGINT", end);
child.on("error", () => process.exit(1));
child.on("exit", (code) => process.exit(code ?? 1));
