// As much of Electron as the shell uses, as interfaces: the real one is given in by index.ts, a fake one by the tests. Nothing here imports
// Electron, so that all of the shell's logic runs where its binary is not.

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Preventable {
  preventDefault(): void;
}

type AppEvent = "activate" | "window-all-closed" | "will-quit";

export interface ElectronApp {
  readonly isPackaged: boolean;
  requestSingleInstanceLock(told: { [name: string]: unknown }): boolean;
  whenReady(): Promise<void>;
  quit(): void;
  exit(code: number): void;
  setAsDefaultProtocolClient(scheme: string, program?: string, args?: string[]): boolean;
  setLoginItemSettings(settings: { openAtLogin: boolean; args: string[] }): void;
  on(event: "second-instance", listener: (event: unknown, argv: string[], folder: string, told: unknown) => void): unknown;
  on(event: "open-file" | "open-url", listener: (event: Preventable, text: string) => void): unknown;
  on(event: "before-quit", listener: (event: Preventable) => void): unknown;
  on(event: "web-contents-created", listener: (event: unknown, contents: ElectronContents) => void): unknown;
  on(event: AppEvent, listener: () => void): unknown;
}

interface Navigation extends Preventable {
  readonly url: string;
}

export interface ElectronContents {
  send(channel: string, ...args: unknown[]): void;
  reload(): void;
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { action: "deny" }): void;
  on(event: "will-navigate" | "will-frame-navigate" | "will-redirect", listener: (event: Navigation) => void): unknown;
  on(event: "will-attach-webview", listener: (event: Preventable) => void): unknown;
  on(event: "render-process-gone", listener: () => void): unknown;
}

export interface WindowOptions {
  x?: number;
  y?: number;
  width: number;
  height: number;
  minWidth: number;
  minHeight: number;
  show: boolean;
  title: string;
  backgroundColor: string;
  webPreferences: { [name: string]: unknown; preload: string };
}

export interface ElectronWindow {
  readonly webContents: ElectronContents;
  loadURL(url: string): Promise<void>;
  show(): void;
  focus(): void;
  restore(): void;
  maximize(): void;
  isMinimized(): boolean;
  isMaximized(): boolean;
  isDestroyed(): boolean;
  getNormalBounds(): Rectangle;
  once(event: "ready-to-show", listener: () => void): unknown;
  on(event: "resize" | "move" | "close" | "closed", listener: () => void): unknown;
  on(event: "query-session-end", listener: (event: Preventable) => void): unknown;
}

/** An item of a menu; `role`: Electron's own, which brings its words and keys. */
export interface MenuItem {
  label?: string;
  role?: MenuRole;
  type?: "normal" | "separator" | "submenu" | "checkbox" | "radio";
  accelerator?: string;
  checked?: boolean;
  enabled?: boolean;
  submenu?: MenuItem[];
  click?: () => void;
}

export type MenuRole =
  | "about"
  | "hide"
  | "hideOthers"
  | "unhide"
  | "undo"
  | "redo"
  | "cut"
  | "copy"
  | "paste"
  | "selectAll"
  | "reload"
  | "toggleDevTools"
  | "resetZoom"
  | "zoomIn"
  | "zoomOut"
  | "togglefullscreen"
  | "minimize"
  | "close"
  | "front";

export interface ElectronImage {
  addRepresentation(options: { scaleFactor: number; buffer: Buffer; width: number; height: number }): void;
  setTemplateImage(on: boolean): void;
}

export interface ElectronTray<Menu, Image> {
  setToolTip(text: string): void;
  setContextMenu(menu: Menu): void;
  setImage(image: Image): void;
  setTitle(text: string): void;
  on(event: "click", listener: () => void): unknown;
}

export interface ElectronSession {
  readonly protocol: {
    handle(scheme: string, handler: (request: { readonly url: string; readonly method: string }) => Promise<Response>): void;
  };
  readonly webRequest: {
    onBeforeRequest(
      filter: { urls: string[] },
      listener: (details: unknown, callback: (answer: { cancel: boolean }) => void) => void,
    ): void;
  };
  setPermissionRequestHandler(handler: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void): void;
  setPermissionCheckHandler(handler: (contents: unknown, permission: string) => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
}

export interface ElectronNotification {
  on(event: "click", listener: () => void): unknown;
  show(): void;
}

interface IpcFrame {
  readonly url: string;
  readonly parent: unknown;
}

/** The parts of the module `electron`. */
export interface Electron<Menu = unknown, Image extends ElectronImage = ElectronImage> {
  readonly app: ElectronApp;
  readonly BrowserWindow: new (options: WindowOptions) => ElectronWindow;
  readonly Menu: { buildFromTemplate(items: MenuItem[]): Menu; setApplicationMenu(menu: Menu): void };
  readonly nativeImage: { createEmpty(): Image };
  readonly Tray: new (image: Image) => ElectronTray<Menu, Image>;
  readonly Notification: { new (options: { title: string; body: string; silent: boolean }): ElectronNotification; isSupported(): boolean };
  readonly dialog: {
    showMessageBoxSync(options: {
      type: "warning";
      message: string;
      detail: string;
      buttons: string[];
      defaultId: number;
      cancelId: number;
    }): number;
    showErrorBox(title: string, content: string): void;
    showOpenDialog(options: {
      title: string;
      properties: "openFile"[];
      filters: { name: string; extensions: string[] }[];
    }): Promise<{ canceled: boolean; filePaths: string[] }>;
  };
  readonly ipcMain: {
    handle(channel: string, listener: (event: { readonly senderFrame: IpcFrame | null }, ...args: unknown[]) => Promise<unknown>): void;
  };
  readonly powerMonitor: { on(event: "shutdown", listener: (event?: Preventable) => void): unknown };
  readonly protocol: {
    registerSchemesAsPrivileged(
      schemes: { scheme: string; privileges: { standard: boolean; secure: boolean; supportFetchAPI: boolean; codeCache: boolean } }[],
    ): void;
  };
  readonly safeStorage: SafeStorage;
  readonly screen: { getAllDisplays(): { readonly workArea: Rectangle }[] };
  readonly session: { readonly defaultSession: ElectronSession };
  readonly shell: { openExternal(url: string): Promise<void> };
}

export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
  /** Of Linux alone. */
  getSelectedStorageBackend?(): string;
}
