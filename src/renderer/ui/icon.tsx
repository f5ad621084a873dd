// The window's icons, at one weight. A name here is what the thing is, not what it looks like.
import {
  IconActivity,
  IconAdjustmentsHorizontal,
  IconAlertTriangle,
  IconArrowBarToRight,
  IconArrowsLeftRight,
  IconBan,
  IconChartLine,
  IconCheck,
  IconChevronDown,
  IconChevronLeft,
  IconChevronRight,
  IconChevronUp,
  IconColumns2,
  IconCopy,
  IconDatabase,
  IconDots,
  IconEqual,
  IconEqualNot,
  IconExternalLink,
  IconFilter,
  IconFlame,
  IconMessage,
  IconMinus,
  IconPencil,
  IconPin,
  IconPinFilled,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlugConnected,
  IconRefresh,
  IconRoute,
  IconSearch,
  IconSettings,
  IconShare2,
  IconShieldLock,
  IconTerminal2,
  IconTilde,
  IconTrash,
  IconX,
} from "@tabler/icons-react";
import type { ReactElement } from "react";

const ICONS = {
  traffic: IconArrowsLeftRight,
  compare: IconColumns2,
  indices: IconDatabase,
  sql: IconTerminal2,
  statistics: IconChartLine,
  rules: IconAdjustmentsHorizontal,
  kibana: IconPlugConnected,
  intercept: IconShieldLock,
  pipes: IconRoute,
  profiles: IconFlame,
  status: IconActivity,
  settings: IconSettings,
  equal: IconEqual,
  equivalent: IconTilde,
  different: IconEqualNot,
  unsupported: IconBan,
  failed: IconAlertTriangle,
  not_compared: IconMinus,
  mirror: IconArrowBarToRight,
  search: IconSearch,
  pause: IconPlayerPause,
  play: IconPlayerPlay,
  stop: IconPlayerStop,
  pin: IconPin,
  pinned: IconPinFilled,
  clear: IconTrash,
  close: IconX,
  copy: IconCopy,
  check: IconCheck,
  share: IconShare2,
  repeat: IconRefresh,
  open: IconExternalLink,
  edit: IconPencil,
  filter: IconFilter,
  comment: IconMessage,
  more: IconDots,
  up: IconChevronUp,
  down: IconChevronDown,
  left: IconChevronLeft,
  right: IconChevronRight,
} as const;

export type IconName = keyof typeof ICONS;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }): ReactElement {
  if (name === "equivalent") return <Approximately size={size} />;
  const Drawing = ICONS[name];
  return <Drawing className="icon" size={size} stroke={1.5} aria-hidden="true" />;
}

/** Two waves: one alone reads as a dash at this size. */
function Approximately({ size }: { readonly size: number }): ReactElement {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden="true">
      <path d="M4 10c3-4 5-4 8-1s5 3 8-1M4 17c3-4 5-4 8-1s5 3 8-1" strokeWidth="1.8" strokeLinecap="round" />
    </svg>
  );
}

export function Logo(): ReactElement {
  return (
    <svg width="26" height="22" viewBox="0 0 26 22" role="img" aria-label="Parallax">
      <rect x="1" y="4" width="17" height="5" rx="2.5" fill="var(--es)" />
      <rect x="8" y="13" width="17" height="5" fill="var(--ch)" />
    </svg>
  );
}
