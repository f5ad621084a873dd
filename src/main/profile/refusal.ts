/** `busy`: another recording runs. `unable`: the threads can't be recorded. */
export class ProfilerRefusal extends Error {
  override readonly name = "ProfilerRefusal";
  readonly why: "busy" | "unable";

  constructor(why: ProfilerRefusal["why"], message: string) {
    super(message);
    this.why = why;
  }
}

/** A profile that was made could not be written: what the file system says. */
export class ProfileNotKept extends Error {
  override readonly name = "ProfileNotKept";
}
