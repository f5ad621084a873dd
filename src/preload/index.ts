// What the page gets of Electron: two verbs over the one contract, and where a file lies that was dropped on it; nothing generic. CommonJS
// after the build, since a sandboxed preload can't be a module.
import { contextBridge, ipcRenderer, webUtils } from "electron";

const CALL = "parallax:call";
const EVENT = "parallax:event";

contextBridge.exposeInMainWorld("parallax", {
  call: (name: string, request: unknown): Promise<unknown> => ipcRenderer.invoke(CALL, name, request),
  on: (name: string, listener: (data: unknown) => void): (() => void) => {
    const heard = (_event: unknown, own: string, data: unknown): void => {
      if (own === name) listener(data);
    };
    ipcRenderer.on(EVENT, heard);
    return () => ipcRenderer.off(EVENT, heard);
  },
  /** "" for a file that lies nowhere. */
  pathOf: (file: File): string => webUtils.getPathForFile(file),
});
