/**
 * `--metrics`: what a host of a fleet says of itself over HTTP.
 * @module
 */
import type { FleetHealthReport } from "../../bot/mod.ts";
import { endpoint } from "../http/endpoint.ts";
import { HEALTH_PATH, healthAnswer } from "../http/health_endpoint.ts";
import { hostFigures } from "./host_figures.ts";
import { type HostName, pageAnswer } from "./host_page.ts";
import { metricsAnswer } from "./metrics_text.ts";

/** The path, as Prometheus expects it. */
export const METRICS_PATH = "/metrics";

/** Answers scrapes at /metrics, people at /, and health checks at /healthz. */
export function metricsEndpoint(
  name: HostName,
  report: () => FleetHealthReport,
): (request: Request) => Response {
  return endpoint({
    "/": () => pageAnswer(name, report()),
    [METRICS_PATH]: (request) => metricsAnswer(hostFigures(report()), request),
    [HEALTH_PATH]: () => healthAnswer(report()),
  });
}
