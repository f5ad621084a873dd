// The request at the left, its SQL at the right, and between them a band that joins the clause at hand to its SQL.
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { type ReactElement, type ReactNode, useEffect, useRef } from "react";
import { editorTheme } from "../../code/editor_theme.ts";
import { language } from "../../code/languages.ts";
import { strings } from "../../strings.ts";
import { type Clause, clauseAtDsl, clauseAtSql } from "./clauses.ts";
import type { Range } from "./layout_json.ts";
import { activate, linked, type Trouble } from "./linked_editor.ts";

interface LinkedPanesProps {
  readonly dsl: string;
  readonly sql: string;
  readonly clauses: readonly Clause[];
  readonly troubles: readonly Trouble[];
  /** The clause that is pointed at, or was chosen. */
  readonly onClause: (clause: Clause | null) => void;
  readonly dslHead: ReactNode;
  readonly sqlHead: ReactNode;
  readonly sqlFoot: ReactNode;
  /** Instead of the SQL: the editor, or why there is none. */
  readonly instead: ReactNode | null;
}

export function LinkedPanes(props: LinkedPanesProps): ReactElement {
  const left = useRef<HTMLDivElement>(null);
  const right = useRef<HTMLDivElement>(null);
  const band = useRef<SVGSVGElement>(null);
  const tell = useRef(props.onClause);
  useEffect(() => {
    tell.current = props.onClause;
  });
  const { dsl, sql, clauses, troubles } = props;
  const sqlShown = props.instead === null;
  useEffect(() => {
    if (left.current === null) return undefined;
    const pair = new LinkedPair(left.current, sqlShown ? right.current : null, band.current, { dsl, sql, clauses, troubles }, (clause) =>
      tell.current(clause),
    );
    return () => pair.destroy();
  }, [dsl, sql, clauses, troubles, sqlShown]);
  return (
    <div className="linked">
      <section className="column" aria-label={strings.translation.dsl}>
        {props.dslHead}
        <div ref={left} className="code-view fill" />
      </section>
      <div className="gutter-band">
        <svg ref={band} aria-hidden="true" />
      </div>
      <section className="column" aria-label={strings.translation.sql}>
        {props.sqlHead}
        {sqlShown ? <div ref={right} className="code-view fill" /> : props.instead}
        {props.sqlFoot}
      </section>
    </div>
  );
}

interface PairContent {
  readonly dsl: string;
  readonly sql: string;
  readonly clauses: readonly Clause[];
  readonly troubles: readonly Trouble[];
}

/** Both editors and what joins them: the clause under the mouse, else the one that was clicked. */
class LinkedPair {
  readonly #dsl: EditorView;
  readonly #sql: EditorView | null;
  readonly #band: SVGSVGElement | null;
  readonly #tell: (clause: Clause | null) => void;
  readonly #resize = new ResizeObserver(() => this.#draw());
  #chosen: Clause | null = null;
  #active: Clause | null = null;

  constructor(
    left: HTMLElement,
    right: HTMLElement | null,
    band: SVGSVGElement | null,
    content: PairContent,
    tell: (clause: Clause | null) => void,
  ) {
    const { clauses } = content;
    this.#band = band;
    this.#tell = tell;
    const marks = (ranges: (clause: Clause) => readonly Range[]) =>
      clauses.map((clause) => ({ pointer: clause.pointer, letter: clause.letter, ranges: ranges(clause) }));
    const dslClause = (offset: number) => clauseAtDsl(clauses, offset);
    const sqlClause = (offset: number) => clauseAtSql(clauses, offset);
    this.#dsl = createView(left, content.dsl, "json", strings.translation.dsl, [
      linked({
        marks: marks((clause) => [clause.dsl]),
        troubles: content.troubles,
        onPoint: (at, chosen) => this.#point(at === null ? null : dslClause(at), chosen, "dsl"),
      }),
    ]);
    this.#sql =
      right === null
        ? null
        : createView(right, content.sql, "sql", strings.translation.sql, [
            linked({
              marks: marks((clause) => clause.sql),
              troubles: [],
              onPoint: (at, chosen) => this.#point(at === null ? null : sqlClause(at), chosen, "sql"),
            }),
          ]);
    for (const view of this.#views()) {
      view.scrollDOM.addEventListener("scroll", () => this.#draw(), { passive: true });
      this.#resize.observe(view.dom);
    }
  }

  destroy(): void {
    this.#resize.disconnect();
    for (const view of this.#views()) view.destroy();
    this.#tell(null);
  }

  #views(): readonly EditorView[] {
    return this.#sql === null ? [this.#dsl] : [this.#dsl, this.#sql];
  }

  #point(clause: Clause | null, chosen: boolean, from: "dsl" | "sql"): void {
    if (chosen) {
      this.#chosen = clause;
      this.#reveal(clause, from);
    }
    const active = clause ?? this.#chosen;
    if (active === this.#active) return;
    this.#active = active;
    for (const view of this.#views()) activate(view, active?.pointer ?? null);
    this.#tell(active);
    this.#draw();
  }

  /** Brings the other side's piece into view. */
  #reveal(clause: Clause | null, from: "dsl" | "sql"): void {
    const other = from === "dsl" ? this.#sql : this.#dsl;
    const range = from === "dsl" ? clause?.sql[0] : clause?.dsl;
    if (other !== null && range !== undefined)
      other.dispatch({ effects: EditorView.scrollIntoView(range.from, { y: "nearest", yMargin: 40 }) });
  }

  #draw(): void {
    if (this.#band === null) return;
    const clause = this.#active;
    const sql = this.#sql;
    const box = this.#band.getBoundingClientRect();
    const paths =
      clause === null || sql === null
        ? []
        : clause.sql.map((range) => bandPath(edges(this.#dsl, clause.dsl, box.top), edges(sql, range, box.top), box.width));
    this.#band.replaceChildren(...paths.flat());
  }
}

function createView(
  parent: HTMLElement,
  doc: string,
  name: "json" | "sql",
  label: string,
  extensions: readonly ReturnType<typeof linked>[],
): EditorView {
  return new EditorView({
    parent,
    state: EditorState.create({
      doc,
      extensions: [
        lineNumbers(),
        ...extensions,
        language(name),
        editorTheme,
        EditorView.lineWrapping,
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      ],
    }),
  });
}

/** Upper and lower edge of a range's lines, from the band's top; kept inside the editor. */
function edges(view: EditorView, range: Range, top: number): readonly [number, number] {
  const pane = view.scrollDOM.getBoundingClientRect();
  const within = (y: number) => Math.min(Math.max(y, pane.top), pane.bottom) - top;
  const lower = view.lineBlockAt(Math.max(range.from, range.to - 1));
  const upper = view.lineBlockAt(range.from);
  const lowerEdge = lower.top + (Array.isArray(lower.type) ? (lower.type[0]?.height ?? lower.height) : lower.height);
  return [within(upper.top + view.documentTop), within(lowerEdge + view.documentTop)];
}

const SVG = "http://www.w3.org/2000/svg";

function bandPath([a, b]: readonly [number, number], [c, d]: readonly [number, number], width: number): readonly SVGPathElement[] {
  const middle = width / 2;
  const right = width + 1;
  const upper = `M-1 ${a}C${middle} ${a} ${middle} ${c} ${right} ${c}`;
  const ground = document.createElementNS(SVG, "path");
  ground.setAttribute("d", `${upper}V${d}C${middle} ${d} ${middle} ${b} -1 ${b}Z`);
  ground.setAttribute("class", "band-ground");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", `${upper}M-1 ${b}C${middle} ${b} ${middle} ${d} ${right} ${d}`);
  line.setAttribute("class", "band-line");
  return [ground, line];
}
