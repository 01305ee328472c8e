/**
 * A page with the figures of a host, for people: without a script, and without anything from elsewhere.
 * @module
 */
import type { FleetHealthReport } from "../../bot/mod.ts";
import type { Answer } from "../http/endpoint.ts";
import { hostFigures } from "./host_figures.ts";

/** The page loads itself again, seconds. */
const REFRESH = 5;

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 1rem auto; max-width: 40rem; padding: 0 1rem; }
h1 { font-size: 1.25rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8886; padding: .375rem 0; text-align: left; vertical-align: top; }
th { font-weight: normal; padding-right: 1rem; }
td { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
li { overflow-wrap: anywhere; }
`;

/** What the page is about. */
export interface HostName {
  /** The name of the fleet. */
  readonly fleet: string;
  /** What the host is called. */
  readonly host: string;
}

/** The page. */
export function pageAnswer(name: HostName, report: FleetHealthReport): Answer {
  return {
    status: 200,
    text: page(name, report),
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; " +
        "frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    },
  };
}

function page({ fleet, host }: HostName, report: FleetHealthReport): string {
  const title = escaped(`${fleet} on ${host}`);
  const rows = hostFigures(report).flatMap(({ help, samples }) =>
    samples.map(({ state, value }) => {
      const label = state === undefined ? help : `Accounts ${state.replaceAll("_", " ")}.`;
      return `<tr><th scope="row">${escaped(label.replace(/\.$/, ""))}</th><td>${value}</td></tr>`;
    })
  );
  const servers = report.unreachable.map((server) => `<li>${escaped(server)}</li>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${REFRESH}">
<title>${title}</title>
<style>${STYLE}</style>
<h1>${title}</h1>
<p>${report.healthy ? "Healthy" : "Not healthy"}: ${escaped(report.text)}.</p>
<table>
${rows.join("\n")}
</table>
${servers.length === 0 ? "" : `<h2>Cannot be reached</h2>\n<ul>${servers.join("")}</ul>\n`}</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
