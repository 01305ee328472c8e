/**
 * The state of a fleet as text.
 * @module
 */
import type { FleetStatus, HostStatus } from "../../bot/mod.ts";
import { fitColumns, textWidth } from "../terminal/text_width.ts";
import { visibleText } from "../terminal/terminal_text.ts";
import { countAccounts, isPresent, lagOf } from "./fleet_totals.ts";

/** So many accounts that nobody answers for are listed: `roomz sessions --fleet` has all. */
const MAX_LISTED = 10;
/** The columns of a name, which others choose. */
const NAME_COLUMNS = 24;
const ID_LENGTH = 6;

/** Also what a mistyped name looks like. */
const NOTHING_THERE =
  "No host runs, and there are no accounts. Check the name and the database: a fleet " +
  "has the name of its bot, unless --fleet=NAME gave it another.";

type Row = readonly string[];

const HEADINGS: Row = [
  "HOST",
  "STATE",
  "RENEWED",
  "ACCOUNTS",
  "CONNECTED",
  "CLAIMED",
  "UNKNOWN",
  "GAPS",
  "RECONNECTS",
  "TAKEOVERS",
  "STORE ERRORS",
  "LAG",
];

/** The whole state, a line each; control characters in names are made visible. */
export function statusLines(fleet: string, status: FleetStatus): string[] {
  const { accounts, hosts } = status;
  const left = accounts.filter(({ state }) => state === "unheld" || state === "set aside");
  return [
    visibleText(statusLine(fleet, status)),
    ...hosts.length === 0
      ? [accounts.length === 0 ? NOTHING_THERE : "No host runs."]
      : table([HEADINGS, ...hosts.map(hostRow)]),
    ...left.slice(0, MAX_LISTED).map(({ state, server, email, setAside }) => {
      const why = setAside === null ? "" : `: ${setAside.reason.replaceAll(/\s+/g, " ")}`;
      return visibleText(`${state}\t${server}\t${email}${why}`);
    }),
    ...left.length > MAX_LISTED ? [`and ${left.length - MAX_LISTED} more`] : [],
  ];
}

/** The state in one line. */
export function statusLine(fleet: string, status: FleetStatus): string {
  const totals = countAccounts(status);
  const hosts = status.hosts.filter(isPresent).length;
  return `${fleet}: ${
    count(status.accounts.length, "account")
  }: ${totals.held} held (${totals.connecting} ` +
    `connecting), ${totals["handing over"]} handing over, ${totals.unheld} unheld, ` +
    `${totals["set aside"]} set aside; ${count(hosts, "host")}; lag ${seconds(lagOf(status))}`;
}

function hostRow(host: HostStatus): Row {
  const { accounts, counts } = host;
  const { answering, standingBy, draining } = accounts;
  const name = fitColumns(visibleText(host.name), NAME_COLUMNS);
  return [
    `${name} ${host.id.slice(0, ID_LENGTH)}`,
    // The others have not given it up yet, or there are none.
    host.state !== "dead" && host.renews === false ? "silent" : host.state,
    host.renews === null ? "?" : `${seconds(host.renewedFor)} ago`,
    `${host.holds}/${host.capacity}`,
    String(answering + standingBy + draining),
    String(counts.claimed),
    String(counts.unknown),
    String(counts.gaps),
    String(counts.reconnects),
    String(counts.takeovers),
    String(counts.storeErrors),
    seconds(host.waiting),
  ];
}

function table(rows: readonly Row[]): string[] {
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((row) => textWidth(row[column] ?? "")))
  );
  return rows.map((row) =>
    row.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - textWidth(cell)))
      .join("  ").trimEnd()
  );
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
