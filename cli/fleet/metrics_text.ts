/**
 * Figures in the text formats of OpenMetrics and Prometheus.
 *
 * They differ in how counters are declared: OpenMetrics leaves `_total` out there. A parser of the one
 * format finds samples without a declaration in the other, so the request decides.
 * @module
 */
import type { Answer } from "../http/endpoint.ts";
import type { Figure } from "./host_figures.ts";

const OPEN_METRICS = "application/openmetrics-text";

/** The answer to a scrape, in the format that its `Accept` header asks for. */
export function metricsAnswer(figures: readonly Figure[], { headers }: Request): Answer {
  const open = headers.get("accept")?.includes(OPEN_METRICS) ?? false;
  return {
    status: 200,
    text: metricsText(figures, open),
    headers: {
      "content-type": open
        ? `${OPEN_METRICS}; version=1.0.0; charset=utf-8`
        : "text/plain; version=0.0.4; charset=utf-8",
      vary: "accept",
    },
  };
}

/** The figures as text: in OpenMetrics 1.0 if `open`, otherwise in Prometheus's format 0.0.4. */
export function metricsText(figures: readonly Figure[], open: boolean): string {
  const lines = figures.flatMap(({ name, kind, help, samples }) => {
    const sample = kind === "counter" ? `${name}_total` : name;
    const declared = open ? name : sample;
    return [
      `# HELP ${declared} ${help}`,
      `# TYPE ${declared} ${kind}`,
      ...samples.map(({ state, value }) =>
        `${sample}${state === undefined ? "" : `{state="${state}"}`} ${value}`
      ),
    ];
  });
  return `${[...lines, ...open ? ["# EOF"] : []].join("\n")}\n`;
}
