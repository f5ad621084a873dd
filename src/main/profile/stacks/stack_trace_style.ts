// The look of a stack trace's file: the window's colours and type, light and dark, without anything from outside.

export const STACK_TRACE_STYLE = `
:root { color-scheme: light dark; --bg: #ffffff; --bg-1: #f7f6f3; --line: #e3e0d9; --fg: #1b1a17; --fg-3: #666259; --es: #2a67cf; --ch: #a97400; --bad: #b3221b; }
@media (prefers-color-scheme: dark) { :root { --bg: #141412; --bg-1: #1b1b18; --line: #2d2c28; --fg: #ebe9e3; --fg-3: #a5a197; --es: #5c98f7; --ch: #efbf2f; --bad: #ff958a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1200px; padding: 24px; background: var(--bg); color: var(--fg); font: 13px/20px system-ui, -apple-system, "Segoe UI", Cantarell, "Noto Sans", sans-serif; }
h1 { font-size: 20px; line-height: 28px; margin: 0; }
h2 { font-size: 15px; line-height: 22px; margin: 32px 0 12px; padding-top: 8px; border-top: 2px solid var(--fg); }
.clickhouse h2 { border-color: var(--ch); }
.elasticsearch h2 { border-color: var(--es); }
h3 { font-size: 13px; margin: 0; }
h3 small { font-weight: 400; color: var(--fg-3); }
h4 { font-size: 11px; font-weight: 500; color: var(--fg-3); margin: 8px 0 0; }
p { margin: 4px 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 16px; margin: 12px 0; }
dt { color: var(--fg-3); }
dd { margin: 0; overflow-wrap: anywhere; }
nav a { color: inherit; margin-right: 12px; }
article, details { background: var(--bg-1); border: 1px solid var(--line); border-radius: 4px; padding: 8px 12px; margin: 8px 0; }
.state { float: right; font-weight: 500; }
.dim { color: var(--fg-3); }
.missing { color: var(--bad); }
ol, pre, td { font: 12px/18px ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; }
ol { margin: 4px 0; padding-left: 32px; }
li { overflow-wrap: anywhere; }
li.foreign, li.waits { color: var(--fg-3); }
pre { margin: 4px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
summary { cursor: pointer; }
table { border-collapse: collapse; }
th, td { text-align: left; padding: 0 16px 0 0; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
th { font-size: 11px; font-weight: 500; color: var(--fg-3); }
`;
