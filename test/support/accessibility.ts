// What axe finds wrong with a page of the window, in each of its themes. Its code never leaves the tests.
import axe from "axe-core";
import type { Page } from "playwright-core";

export const THEMES = ["light", "dark", "high contrast"] as const;
type Theme = (typeof THEMES)[number];

/** Rules that a theme can break: the document is the same in all three. High contrast promises 7:1. */
const OF_COLOURS: Readonly<Record<Theme, readonly string[] | null>> = {
  light: null,
  dark: ["color-contrast", "link-in-text-block"],
  "high contrast": ["color-contrast-enhanced", "link-in-text-block"],
};

/** Draws the open page in a theme, as the system's preferences would. */
async function inTheme(page: Page, theme: Theme): Promise<void> {
  const [colorScheme, contrast] = [theme === "light" ? "light" : "dark", theme === "high contrast" ? "more" : "no-preference"] as const;
  await page.emulateMedia({ colorScheme, contrast, reducedMotion: "reduce" });
  await page.waitForFunction(
    ([scheme, more]) => {
      const { documentElement: root } = document;
      return root.getAttribute("data-mantine-color-scheme") === scheme && (root.getAttribute("data-contrast") === "more") === more;
    },
    [colorScheme, contrast === "more"] as const,
  );
}

/** What is wrong with the page as it stands, in every theme: theme, rule, element, and what axe says of it. */
export async function violations(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const found: string[] = [];
  for (const theme of THEMES) {
    await inTheme(page, theme);
    const rules = OF_COLOURS[theme];
    const options: axe.RunOptions = {
      resultTypes: ["violations"],
      ...(rules === null ? {} : { runOnly: { type: "rule", values: [...rules] } }),
    };
    const results: axe.AxeResults = await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`);
    for (const { id, nodes } of results.violations) {
      for (const { target, failureSummary = "" } of nodes) {
        found.push(`${theme}: ${id}: ${target.join(" ")}: ${failureSummary.replaceAll(/\s+/g, " ")}`);
      }
    }
  }
  return found;
}
