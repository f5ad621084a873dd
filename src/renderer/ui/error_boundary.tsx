// What a bug in one region shows instead of that region; the rest of the window goes on.
import { Component, type ReactNode } from "react";
import { messageOf } from "../../shared/thrown.ts";
import { strings } from "../strings.ts";
import { State } from "./state.tsx";

interface ErrorBoundaryProps {
  /** Another value tries again, e.g. the place where the window is. */
  readonly at: string;
  readonly children: ReactNode;
}

interface Caught {
  readonly message: string | null;
  readonly at: string;
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, Caught> {
  override state: Caught = { message: null, at: this.props.at };

  static getDerivedStateFromError(error: unknown): Partial<Caught> {
    return { message: messageOf(error) };
  }

  static getDerivedStateFromProps(props: ErrorBoundaryProps, state: Caught): Caught | null {
    return props.at === state.at ? null : { message: null, at: props.at };
  }

  override render(): ReactNode {
    if (this.state.message === null) return this.props.children;
    return (
      <State title={strings.bug} action={{ label: strings.again, run: () => this.setState({ message: null }) }}>
        {this.state.message}
      </State>
    );
  }
}
