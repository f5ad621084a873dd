// Every English sentence of the window, by page.
import { chart } from "./strings/chart.ts";
import { commands } from "./strings/commands.ts";
import { compare } from "./strings/compare.ts";
import { exchange } from "./strings/exchange.ts";
import { flame } from "./strings/flame.ts";
import { frame } from "./strings/frame.ts";
import { indices } from "./strings/indices.ts";
import { intercept } from "./strings/intercept.ts";
import { judgeAgain } from "./strings/judge_again.ts";
import { kibana } from "./strings/kibana.ts";
import { memory } from "./strings/memory.ts";
import { noise } from "./strings/noise.ts";
import { pipes } from "./strings/pipes.ts";
import { profile } from "./strings/profile.ts";
import { profiles } from "./strings/profiles.ts";
import { rules } from "./strings/rules.ts";
import { sampleData } from "./strings/sample_data.ts";
import { schedules } from "./strings/schedules.ts";
import { settings } from "./strings/settings.ts";
import { share } from "./strings/share.ts";
import { shrink } from "./strings/shrink.ts";
import { start } from "./strings/start.ts";
import { statistics } from "./strings/statistics.ts";
import { status } from "./strings/status.ts";
import { telemetry } from "./strings/telemetry.ts";
import { ticked } from "./strings/ticked.ts";
import { traffic } from "./strings/traffic.ts";
import { translation } from "./strings/translation.ts";
import { verdictRules } from "./strings/verdict_rules.ts";

export const strings = {
  ...frame,
  ...commands,
  ...share,
  ...traffic,
  ...ticked,
  ...exchange,
  ...flame,
  ...profile,
  ...translation,
  ...compare,
  ...chart,
  ...indices,
  ...intercept,
  ...kibana,
  ...sampleData,
  ...status,
  ...memory,
  ...telemetry,
  ...start,
  ...statistics,
  ...rules,
  ...settings,
  ...profiles,
  ...pipes,
  ...schedules,
  ...shrink,
  ...noise,
  ...judgeAgain,
  ...verdictRules,
} as const;
