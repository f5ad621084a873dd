// What the system hands over: files that are opened with the app, links that are followed, what a second start was given. It comes before the
// engine is there, too, and waits for it then.
import type { Electron } from "./electron.ts";
import { type Launch, launchOf } from "./launch.ts";

export class HandedOver {
  #waiting: ((desktop: Taking) => void)[] | null = [];
  #desktop: Taking | null = null;

  constructor({ app }: Pick<Electron, "app">) {
    const take = (work: (desktop: Taking) => void): void => {
      if (this.#desktop !== null) work(this.#desktop);
      else this.#waiting?.push(work);
    };
    app.on("open-file", (event, file) => {
      event.preventDefault();
      take((desktop) => void desktop.openFile(file));
    });
    app.on("open-url", (event, link) => {
      event.preventDefault();
      take((desktop) => desktop.follow(link));
    });
    app.on("second-instance", (_event, _argv, _folder, told) => {
      take((desktop) => void desktop.take(launchOf(told)));
    });
  }

  handTo(desktop: Taking): void {
    this.#desktop = desktop;
    for (const work of this.#waiting ?? []) work(desktop);
    this.#waiting = null;
  }
}

/** Who takes it. */
export interface Taking {
  openFile(file: string): Promise<void>;
  follow(link: string): void;
  take(launch: Launch | null): Promise<void>;
}
