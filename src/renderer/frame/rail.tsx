// The pages, at the left.
import { Fragment, type ReactElement } from "react";
import { type PageName, printRoute, useRoute } from "../route.ts";
import { strings } from "../strings.ts";
import { Icon, type IconName, Logo } from "../ui/icon.tsx";

const ENTRIES: readonly { readonly page: PageName; readonly icon: IconName; readonly rule?: boolean }[] = [
  { page: "traffic", icon: "traffic" },
  { page: "compare", icon: "compare" },
  { page: "indices", icon: "indices", rule: true },
  { page: "pipes", icon: "pipes" },
  { page: "sql", icon: "sql" },
  { page: "profiles", icon: "profiles", rule: true },
  { page: "statistics", icon: "statistics" },
  { page: "status", icon: "status" },
  { page: "rules", icon: "rules", rule: true },
  { page: "kibana", icon: "kibana" },
  { page: "intercept", icon: "intercept" },
  { page: "settings", icon: "settings" },
];

export function Rail(): ReactElement {
  const { page } = useRoute();
  return (
    <nav className="rail" aria-label={strings.pages.label}>
      <a className="logo" href={printRoute({ page: "start" })} title={strings.pages.start} style={{ padding: 0 }}>
        <Logo />
      </a>
      {ENTRIES.map((entry) => (
        <Fragment key={entry.page}>
          {entry.rule === true ? <hr /> : null}
          <a
            href={printRoute({ page: entry.page })}
            aria-current={entry.page === page || (entry.page === "traffic" && page === "exchange") ? "page" : undefined}
            title={strings.pages[entry.page]}
          >
            <Icon name={entry.icon} size={18} />
            {strings.pages[entry.page]}
          </a>
        </Fragment>
      ))}
    </nav>
  );
}
