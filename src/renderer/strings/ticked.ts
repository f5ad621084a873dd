// Rows of Traffic that are ticked.
export const ticked = {
  ticked: {
    label: "Selected exchanges",
    chosen: (n: number, shown: string) => (n === 1 ? "1 selected" : `${shown} selected`),
    row: (id: number) => `Select exchange ${id}`,
    clear: "Clear",
    export: "Export…",
    pin: "Pin",
    pinHint: "Pin them: they outlast Clear and the session’s cap",
    working: "Selecting…",
    hint: "Shift-click or X selects up to a row, Ctrl-click or x one",
    tooMany: (most: string) => `At most ${most} are selected by hand. Narrow the filter, and share the list.`,
  },
} as const;
