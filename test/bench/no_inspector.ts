// Loaded before Parallax: V8's inspector can't be had, so that nothing is sampled.
import { Session } from "node:inspector";

Session.prototype.connect = Session.prototype.connectToMainThread = () => {
  throw new Error("no inspector in this run");
};
