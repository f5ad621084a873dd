// What the health checker found, for the window, the tray and the API.

export type HealthState = "ok" | "degraded" | "starting" | "stopped" | "failed";

export interface HealthCheck {
  /** ISO 8601; when it was asked. */
  readonly time: string;
  readonly state: HealthState;
  readonly ms: number;
  /** "" or what is wrong, in words. */
  readonly message: string;
}
