// Electron without its binary: remembers what it was told, and does what a test says the person or the system does.
import { EventEmitter } from "node:events";
import type {
  Electron,
  ElectronContents,
  ElectronImage,
  ElectronSession,
  ElectronTray,
  ElectronWindow,
  MenuItem,
  Preventable,
  WindowOptions,
} from "../../src/main/desktop/electron.ts";

export class FakeEvent implements Preventable {
  readonly url: string;
  prevented = false;

  constructor(url = "") {
    this.url = url;
  }

  preventDefault(): void {
    this.prevented = true;
  }
}

export class FakeContents extends EventEmitter implements ElectronContents {
  readonly sent: (readonly unknown[])[] = [];
  reloads = 0;
  opened: (details: { readonly url: string }) => { action: "deny" | "allow" } = () => ({ action: "allow" });

  send(...args: unknown[]): void {
    this.sent.push(args);
  }

  reload(): void {
    this.reloads += 1;
  }

  setWindowOpenHandler(handler: (details: { readonly url: string }) => { action: "deny" }): void {
    this.opened = handler;
  }
}

export class FakeWindow extends EventEmitter implements ElectronWindow {
  readonly webContents = new FakeContents();
  readonly options: WindowOptions;
  readonly urls: string[] = [];
  shown = 0;
  destroyed = false;
  maximized = false;
  bounds = { x: 10, y: 20, width: 1000, height: 700 };

  constructor(options: WindowOptions) {
    super();
    this.options = options;
  }

  async loadURL(url: string): Promise<void> {
    this.urls.push(url);
  }

  show(): void {
    this.shown += 1;
  }

  focus(): void {}

  restore(): void {}

  maximize(): void {
    this.maximized = true;
  }

  isMinimized(): boolean {
    return false;
  }

  isMaximized(): boolean {
    return this.maximized;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  getNormalBounds() {
    return this.bounds;
  }

  /** As the person does. */
  close(): void {
    this.emit("close");
    this.destroyed = true;
  }
}

export class FakeTray extends EventEmitter implements ElectronTray<MenuItem[], ElectronImage> {
  tip = "";
  title = "";
  menu: MenuItem[] = [];
  images = 1;

  setToolTip(text: string): void {
    this.tip = text;
  }

  setContextMenu(menu: MenuItem[]): void {
    this.menu = menu;
  }

  setImage(): void {
    this.images += 1;
  }

  setTitle(text: string): void {
    this.title = text;
  }
}

type IpcListener = (
  event: { readonly senderFrame: { readonly url: string; readonly parent: unknown } | null },
  ...args: unknown[]
) => Promise<unknown>;

export class FakeElectron {
  readonly app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    first: true,
    quits: 0,
    exits: [] as number[],
    schemes: [] as string[],
    loginItems: [] as { openAtLogin: boolean; args: string[] }[],
    told: {} as unknown,
    requestSingleInstanceLock: (told: unknown): boolean => {
      this.app.told = told;
      return this.app.first;
    },
    whenReady: async (): Promise<void> => {},
    quit: (): void => {
      this.app.quits += 1;
    },
    exit: (code: number): void => {
      this.app.exits.push(code);
    },
    setAsDefaultProtocolClient: (scheme: string): boolean => this.app.schemes.push(scheme) > 0,
    setLoginItemSettings: (settings: { openAtLogin: boolean; args: string[] }): void => {
      this.app.loginItems.push(settings);
    },
  });
  readonly windows: FakeWindow[] = [];
  readonly trays: FakeTray[] = [];
  readonly notifications: (EventEmitter & { readonly title: string; readonly body: string; readonly silent: boolean })[] = [];
  readonly errors: string[] = [];
  readonly external: string[] = [];
  readonly ipc = new Map<string, IpcListener>();
  readonly privileged: unknown[] = [];
  readonly protocols = new Map<string, (request: { readonly url: string; readonly method: string }) => Promise<Response>>();
  readonly blocked: string[] = [];
  readonly powerMonitor = new EventEmitter();
  appMenu: MenuItem[] = [];
  safeModeAnswer = 0;
  filePaths: string[] = [];
  displays = [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }];
  permission: (permission: string) => boolean = () => true;
  checked: (permission: string) => boolean = () => true;
  device: () => boolean = () => true;
  encrypts = true;
  backend = "gnome_libsecret";

  readonly session: ElectronSession = {
    protocol: { handle: (scheme, handler) => void this.protocols.set(scheme, handler) },
    webRequest: {
      onBeforeRequest: (filter, listener) => {
        for (const url of filter.urls) listener({ url }, ({ cancel }) => cancel && this.blocked.push(url));
      },
    },
    setPermissionRequestHandler: (handler) => {
      this.permission = (permission) => {
        let granted = true;
        handler({}, permission, (answer) => {
          granted = answer;
        });
        return granted;
      };
    },
    setPermissionCheckHandler: (handler) => {
      this.checked = (permission) => handler({}, permission);
    },
    setDevicePermissionHandler: (handler) => {
      this.device = handler;
    },
  };

  /** What the shell is given in place of the module. */
  get module(): Electron<MenuItem[], ElectronImage> {
    const fake = this;
    return {
      app: this.app,
      BrowserWindow: class extends FakeWindow {
        constructor(options: WindowOptions) {
          super(options);
          fake.windows.push(this);
          fake.app.emit("web-contents-created", {}, this.webContents);
        }
      },
      Menu: {
        buildFromTemplate: (items) => items,
        setApplicationMenu: (menu) => {
          this.appMenu = menu;
        },
      },
      nativeImage: { createEmpty: () => ({ addRepresentation: () => {}, setTemplateImage: () => {} }) },
      Tray: class extends FakeTray {
        constructor() {
          super();
          fake.trays.push(this);
        }
      },
      Notification: Object.assign(
        class extends EventEmitter {
          readonly title: string;
          readonly body: string;
          readonly silent: boolean;

          constructor({ title, body, silent }: { title: string; body: string; silent: boolean }) {
            super();
            this.title = title;
            this.body = body;
            this.silent = silent;
          }

          show(): void {
            fake.notifications.push(this);
          }
        },
        { isSupported: () => true },
      ),
      dialog: {
        showMessageBoxSync: () => this.safeModeAnswer,
        showErrorBox: (_title, content) => void this.errors.push(content),
        showOpenDialog: async () => ({ canceled: this.filePaths.length === 0, filePaths: this.filePaths }),
      },
      ipcMain: { handle: (channel, listener) => void this.ipc.set(channel, listener) },
      powerMonitor: this.powerMonitor,
      protocol: { registerSchemesAsPrivileged: (schemes) => void this.privileged.push(...schemes) },
      safeStorage: {
        isEncryptionAvailable: () => this.encrypts,
        encryptString: (text) => Buffer.from([...Buffer.from(text)].map((octet) => octet ^ 0x5a)),
        decryptString: (encrypted) => Buffer.from([...encrypted].map((octet) => octet ^ 0x5a)).toString(),
        getSelectedStorageBackend: () => this.backend,
      },
      screen: { getAllDisplays: () => this.displays },
      session: { defaultSession: this.session },
      shell: { openExternal: async (url) => void this.external.push(url) },
    };
  }

  get window(): FakeWindow {
    const window = this.windows.at(-1);
    if (window === undefined) throw new Error("no window was opened");
    return window;
  }

  get tray(): FakeTray {
    const [tray] = this.trays;
    if (tray === undefined) throw new Error("no tray was made");
    return tray;
  }
}

/** The item of this label, wherever it is in the menu. */
export function itemOf(menu: readonly MenuItem[], label: string): MenuItem {
  const all = (items: readonly MenuItem[]): readonly MenuItem[] => items.flatMap((item) => [item, ...all(item.submenu ?? [])]);
  const found = all(menu).find((item) => item.label === label);
  if (found === undefined) throw new Error(`the menu has no ${label}`);
  return found;
}
