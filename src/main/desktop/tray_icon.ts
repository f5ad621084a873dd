// The tray's picture, drawn here: two bars, Elasticsearch above ClickHouse. The state is told by shape and by colour: outlined when stopped,
// a dot for a mismatch, the lower bar broken when a backend is lost. Where the system colours it (macOS) only the shape counts.
import { crc32, deflateSync } from "node:zlib";
import type { TrayState } from "./tray_state.ts";

/** Points of the picture at scale 1. */
export const ICON_SIZE = 16;

type Colour = readonly [red: number, green: number, blue: number];
const BLACK: Colour = [0, 0, 0];
const ES: Colour = [0x5c, 0x98, 0xf7];
const CH: Colour = [0xef, 0xbf, 0x2f];
const GREY: Colour = [0x8b, 0x86, 0x7b];
const RED: Colour = [0xe0, 0x4f, 0x3f];

interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: Colour;
  readonly hollow?: boolean;
}

/** What is drawn, in points. */
export function barsOf(state: TrayState): readonly Bar[] {
  const bar = (y: number, colour: Colour, part: Partial<Bar> = {}): Bar => ({ x: 1, y, width: 14, height: 5, colour, ...part });
  switch (state) {
    case "stopped":
      return [bar(2, GREY, { hollow: true }), bar(9, GREY, { hollow: true })];
    case "running":
      return [bar(2, ES), bar(9, CH)];
    case "mismatch":
      return [bar(2, ES), bar(9, CH, { width: 8 }), bar(9, RED, { x: 11, width: 4 })];
    case "lost":
      return [bar(2, ES, { hollow: true }), bar(9, RED, { width: 4 }), bar(9, RED, { x: 7, width: 2 }), bar(9, RED, { x: 11, width: 4 })];
  }
}

/** A PNG of `ICON_SIZE * scale` pixels a side. `template`: black, for systems that colour it themselves. */
export function trayIcon(state: TrayState, scale: number, template: boolean): Buffer {
  const side = ICON_SIZE * scale;
  const rows = Buffer.alloc(side * (1 + side * 4));
  for (const { x, y, width, height, colour, hollow = false } of barsOf(state)) {
    const [red, green, blue] = template ? BLACK : colour;
    for (let row = y * scale; row < (y + height) * scale; row += 1) {
      for (let column = x * scale; column < (x + width) * scale; column += 1) {
        const inside =
          row >= (y + 1) * scale && row < (y + height - 1) * scale && column >= (x + 1) * scale && column < (x + width - 1) * scale;
        if (hollow && inside) continue;
        rows.set([red, green, blue, 255], row * (1 + side * 4) + 1 + column * 4);
      }
    }
  }
  return png(side, rows);
}

/** `rows`: each a filter's octet (0) and the pixels, red, green, blue and alpha. */
function png(side: number, rows: Buffer): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
