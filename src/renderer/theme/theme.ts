// Mantine's side of the theme: its variables point at the tokens, its one colour is ink.
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";
import { strings } from "../strings.ts";

const INK: MantineColorsTuple = [
  "#f7f6f3",
  "#efede8",
  "#e4e1d9",
  "#c9c5ba",
  "#a5a197",
  "#8b867b",
  "#666259",
  "#514e47",
  "#33322d",
  "#1b1a17",
];

export const theme = createTheme({
  primaryColor: "ink",
  colors: { ink: INK },
  autoContrast: true,
  defaultRadius: 4,
  fontFamily: "var(--font-ui)",
  fontFamilyMonospace: "var(--font-mono)",
  fontSizes: { xs: "var(--fs-1)", sm: "var(--fs-2)", md: "var(--fs-3)", lg: "var(--fs-4)", xl: "var(--fs-5)" },
  components: {
    // Beside what opens it: a pop-up at the end of the page would be of no landmark, and its focus placeholder of no menu.
    Menu: { defaultProps: { withinPortal: false, withInitialFocusPlaceholder: false, transitionProps: { duration: 0 }, offset: 6 } },
    MenuDivider: { defaultProps: { role: "separator" } },
    Tooltip: { defaultProps: { openDelay: 300, transitionProps: { duration: 0 } } },
    // A <header> of its own: the window has one banner, which is the bar.
    ModalHeader: { defaultProps: { role: "presentation" } },
    ModalCloseButton: { defaultProps: { "aria-label": strings.close } },
  },
});

const POINTERS = {
  "--mantine-color-body": "var(--bg)",
  "--mantine-color-text": "var(--fg)",
  "--mantine-color-dimmed": "var(--fg-2)",
  "--mantine-color-default-border": "var(--line-2)",
};

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: POINTERS, dark: POINTERS });
